"""Checks of `snippets/tiny_gpt/one_byte.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

import explainer.gpt

SNIPPET = Path(__file__).parents[3] / "snippets" / "tiny_gpt" / "one_byte.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_nothing_is_lost(run: dict[str, Any]) -> None:
    """The file, read back by its layout alone, gives every stored weight to the last bit."""
    file, start = run["downloads"]["tiny-gpt.bin"].view(np.int8), 0
    stored = load_file(Path(explainer.gpt.__file__).with_name("sort.safetensors"))
    for name, count in run["layout"]:
        values = file[start : start + count] * np.float32(run["step"]) + name.endswith(".gain")
        np.testing.assert_array_equal(values, stored[name].ravel())
        start += count
    assert start == file.size == run["size"] == 85_584
    assert set(stored) == {name for name, _ in run["layout"]}
