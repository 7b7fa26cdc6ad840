"""Checks of `snippets/vectors/cat.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import softmax

from explainer.checkpoints import read, read_tensor
from explainer.models import path

ROOT = Path(__file__).parents[3]
SNIPPET = ROOT / "snippets" / "vectors" / "cat.py"
# By transformers and PyTorch, see `source` in the file; stored in float16.
STORED = np.load(ROOT / "tests" / "data" / "smollm2_attention.npz")


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_the_weights_are_transformers_own(run: dict[str, Any]) -> None:
    """The head's attention map is the one that transformers computes from the same file."""
    theirs = STORED["cat"][run["layer"] - 1, run["head"] - 1].astype(np.float32)
    np.testing.assert_allclose(run["weights"], theirs, atol=1e-3)
    all_of_mat = STORED["cat"][run["layer"] - 1, :, -1].astype(np.float32)
    np.testing.assert_allclose(run["of_mat"], all_of_mat, atol=1e-3)
    to_first = STORED["cat"][:, :, 1:, 0].astype(np.float32).mean(-1)
    np.testing.assert_allclose(run["to_first"], to_first, atol=1e-3)
    assert run["mostly_first"] == int((to_first > 0.5).sum())


def test_softmax_and_mixture(run: dict[str, Any]) -> None:
    """Rows are SciPy's softmax of the scores, with and without mask, and mix the values."""
    scores = np.asarray(run["Q"], np.float64) @ run["K"].T / np.sqrt(run["H"])
    np.testing.assert_allclose(run["scores"], scores, atol=1e-4)
    np.testing.assert_allclose(run["both_ways"], softmax(scores, 1), atol=1e-5)
    masked = scores + np.triu(np.full(scores.shape, -np.inf), 1)
    np.testing.assert_allclose(run["weights"], softmax(masked, 1), atol=1e-5)
    np.testing.assert_allclose(run["mixed"], softmax(masked, 1) @ run["V"], atol=1e-3)


def test_values_of_the_first_token_are_small(run: dict[str, Any]) -> None:
    """Their length is taken over query heads that mostly look there, each with its shared head."""
    values = np.asarray(run["_seen"].value, np.float64)  # [layer, shared head, token, number]
    ratios = []
    for layer, head in zip(*np.nonzero(run["to_first"] > 0.5), strict=True):
        lengths = np.sqrt((values[layer, head // 3] ** 2).sum(-1))
        ratios.append(lengths[0] / lengths[1:].mean())
    assert run["first_value"] == pytest.approx(np.median(ratios), rel=1e-4)
    assert len(ratios) == run["mostly_first"]


def test_matrices_are_the_files(run: dict[str, Any]) -> None:
    """The corner shown is that of the head's rows in the file, decoded by gguf."""
    name = f"blk.{run['layer'] - 1}.attn_q.weight"
    first = (run["head"] - 1) * run["H"]
    stored = read_tensor(read(path("smollm2")), name)[first : first + 12, :32]
    np.testing.assert_array_equal(run["W_Q_corner"], stored)
    sizes = {row["name"]: row["numbers"] for row in run["rows"]}
    assert sizes == {
        **dict.fromkeys(("W_Q", "W_K", "W_V"), 64 * 576),
        **dict.fromkeys(("Q", "K", "V"), 6 * 64),
        "A": 36,
    }
