"""Checks of `snippets/scale/growing.py`."""

import runpy
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import linregress

SNIPPET = Path(__file__).parents[3] / "snippets" / "scale" / "growing.py"


@pytest.mark.slow
def test_excess_falls_along_a_line_and_the_starved_do_worst() -> None:
    """SciPy finds the same exponent, well away from zero; a short text undoes any width."""
    run = runpy.run_path(str(SNIPPET))
    sizes = [24 * w + w + 6 * w + 6 for w in (2, 4, 8, 16, 32, 64)]
    assert [row["parameters"] for row in run["rows"]] == sizes
    means = [row["excess"] for row in run["rows"]]
    assert means == sorted(means, reverse=True)
    theirs = linregress(np.log(sizes), np.log(means))
    assert run["exponent"].value == pytest.approx(-theirs.slope)
    assert theirs.rvalue < -0.97
    assert run["exponent"].low > 0.3
    probabilities = np.exp(np.asarray(run["language"].log_probs, np.float64))
    entropy = -(probabilities * np.log(probabilities)).sum(1).mean()
    assert run["entropy"] == pytest.approx(entropy, rel=1e-5)
    assert run["starved"]["low"] > run["starved"]["worst_small"]
