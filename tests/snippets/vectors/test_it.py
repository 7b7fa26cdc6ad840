"""Checks of `snippets/vectors/it.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).parents[3]
SNIPPET = ROOT / "snippets" / "vectors" / "it.py"
# By transformers and PyTorch, see `source` in the file; stored in float16.
STORED = np.load(ROOT / "tests" / "data" / "smollm2_attention.npz")


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


@pytest.fixture(scope="module")
def theirs() -> np.ndarray:
    """Return what each head of transformers' model gives the nine tokens up to "it"."""
    found: np.ndarray = STORED["it"][:, :, :9].astype(np.float32)
    return found


def test_shares_are_transformers_own(run: dict[str, Any], theirs: np.ndarray) -> None:
    """Averages and the heads of the layer shown are those of transformers."""
    np.testing.assert_allclose(run["average"], theirs.mean((0, 1)), atol=1e-3)
    layer = run["widget"]["layer"] - 1
    np.testing.assert_allclose(run["heads"], theirs[layer], atol=1e-3)
    counts = np.bincount(theirs.argmax(-1).ravel(), minlength=9)
    # Float16 may tie where two tokens are level.
    assert np.abs(run["favourites"] - counts).max() <= 1


@pytest.mark.parametrize(("word", "place"), [("animal", 1), ("street", 6)])
def test_the_heads_are_the_ones_that_give_most(
    run: dict[str, Any], theirs: np.ndarray, word: str, place: int
) -> None:
    """The head named for a word gives it more than any other of the 270 does."""
    found = run["best"][word]
    at = (found["layer"] - 1, found["head"] - 1)
    assert at == np.unravel_index(theirs[..., place].argmax(), (30, 9))
    np.testing.assert_allclose(found["shares"], theirs[at], atol=1e-3)


def test_what_comes_later_changes_nothing(run: dict[str, Any]) -> None:
    """The mask is exact: another last word leaves what "it" takes untouched to the last bit."""
    assert run["change"] == 0
    assert run["swapped"]["animal"] > run["swapped"]["street"]


def test_the_widget_is_small_and_whole(run: dict[str, Any], theirs: np.ndarray) -> None:
    """Four layers, nine heads, whole percent that agree with transformers, under 10 kB."""
    widget = run["widget"]
    assert widget["percent"].shape == (4, 9, 12, 12)
    assert widget["percent"].nbytes < 10_000
    shown = [layer - 1 for layer in widget["layers"]]
    of_it = widget["percent"][:, :, widget["query"], :9]
    np.testing.assert_allclose(of_it, 100 * theirs[shown], atol=0.6)
