"""Checks of `snippets/vectors/lookup.py`."""

import runpy
from pathlib import Path

import numpy as np

SNIPPET = Path(__file__).parents[3] / "snippets" / "vectors" / "lookup.py"


def test_answers_and_slopes_by_hand() -> None:
    """The soft answer is a mean weighted by exp(-4 d²), its slope a difference quotient."""
    run = runpy.run_path(str(SNIPPET))
    keys, values = np.arange(4.0), np.array([9.0, 6.0, 7.0, 3.0])

    def soft(query: float) -> float:
        shares = np.exp(-4 * (keys - query) ** 2)
        return float(shares @ values / shares.sum())

    assert run["answers"]["hard"] == 6 and run["slopes"]["hard"] == 0
    np.testing.assert_allclose(run["answers"]["soft"], soft(1.4), rtol=1e-5)
    slope = (soft(1.4 + 1e-5) - soft(1.4 - 1e-5)) / 2e-5
    np.testing.assert_allclose(run["slopes"]["soft"], slope, rtol=1e-4)
    np.testing.assert_allclose(run["sharp"], 6, atol=1e-3)
    np.testing.assert_allclose(run["soft_curve"], [soft(q) for q in run["queries"]], rtol=1e-4)
    nearest = values[np.abs(keys[None] - np.asarray(run["queries"])[:, None]).argmin(1)]
    apart = np.abs(np.asarray(run["queries"]) % 1 - 0.5) > 1e-3  # not just between two
    np.testing.assert_array_equal(np.asarray(run["hard_curve"])[apart], nearest[apart])
