"""What the page's scripts compute is what the library computes.

A topic is three files: `golden_line.py` writes golden cases as bit patterns, by the library and by
others; `line.js` checks `compute/line.js` against them, here under Node and in the real page.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from tests.javascript import node

COMPUTE = Path(__file__).parents[2] / "src/explainer/site/theme/assets/compute"
TOPICS = sorted(path.stem for path in COMPUTE.glob("*.js"))


def write(topic: str, folder: Path) -> Path:
    """Write a topic's golden cases below a folder, as JSON."""
    module = import_module(f"tests.javascript.golden_{topic}")
    cases = getattr(module, f"{topic}_cases")()
    file = folder / f"{topic}.json"
    file.write_text(json.dumps(cases, allow_nan=False), encoding="utf-8")
    return file


@pytest.fixture
def golden(tmp_path: Path) -> Iterator[Path]:
    """Return a folder for the cases, outside the project."""
    yield tmp_path


@pytest.mark.skipif(node.find() is None, reason="no Node; the summary says how to get it")
@pytest.mark.parametrize("topic", TOPICS)
def test_scripts_compute_what_the_library_computes(topic: str, golden: Path) -> None:
    """Every case of a topic comes out as it should, under Node."""
    write(topic, golden)
    done = subprocess.run(
        [str(node.find()), "--test", str(node.FOLDER / "compute.test.js")],
        env=os.environ | {"GOLDEN": str(golden)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
    assert "# pass 1" in done.stdout or "ℹ pass 1" in done.stdout, done.stdout
