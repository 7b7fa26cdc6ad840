"""Checks of `snippets/vectors/own_weights.py`."""

import runpy
from pathlib import Path

import numpy as np
from scipy.special import softmax

SNIPPET = Path(__file__).parents[3] / "snippets" / "vectors" / "own_weights.py"


def test_both_scores_get_half() -> None:
    """SciPy's softmax gives both scores exactly half, against two zeros and against many."""
    run = runpy.run_path(str(SNIPPET))
    for score, others in ((run["score"], run["num_others"]), (run["many"], run["num_many"])):
        np.testing.assert_allclose(softmax([score, *([0.0] * others)])[0], 0.5)
    assert run["weight"] == 0.5 or abs(run["weight"] - 0.5) < 1e-12
