"""Checks of `snippets/tiny_gpt/export.py`."""

import json
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.spreadsheet import plain_gpt

SNIPPET = Path(__file__).parents[3] / "snippets" / "tiny_gpt" / "export.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


@pytest.fixture(scope="module")
def file(run: dict[str, Any]) -> Any:
    """Read the download as another program would."""
    return json.loads(run["downloads"]["tiny-gpt.json"].tobytes())


def test_another_program_sorts_with_it(file: Any) -> None:
    """A GPT in plain NumPy, run on the file's weights, writes the trace's logits and the answer."""
    params: dict[str, Any] = {}
    for name, array in file["weights"]["arrays"].items():
        *path, last = name.split(".")
        node = params
        for key in path:
            node = node.setdefault(key, {})
        node[last] = np.reshape(array["values"], array["shape"]) * file["weights"]["step"]
    tokens, steps = plain_gpt.run(params, [2, 1, 0, 1, 1, 2], file["config"]["num_heads"])
    assert "".join(file["vocabulary"][token] for token in tokens) == "CBABBC" + "ABBBCC"
    logits, step = file["trace"]["arrays"]["logits"], file["trace"]["step"]
    traced = np.reshape(logits["values"], logits["shape"]) * step
    np.testing.assert_allclose(traced, steps["logits"], rtol=0, atol=step / 2 + 1e-5)


def test_counts(run: dict[str, Any], file: Any) -> None:
    """As many parameters as the table of the page adds up to, and the size is the file's."""
    assert run["parameters"] == 85_584
    assert run["size_bytes"] == run["downloads"]["tiny-gpt.json"].size
    assert run["step"] == file["weights"]["step"] == 2**-9
