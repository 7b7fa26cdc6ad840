"""Checks of `snippets/vectors/one_or_many.py`."""

import runpy
from pathlib import Path

SNIPPET = Path(__file__).parents[3] / "snippets" / "vectors" / "one_or_many.py"


def test_weights_of_what_is_not_there() -> None:
    """Worked out by hand from DeepSeek's published 671,026,404,352 parameters and width 7,168."""
    run = runpy.run_path(str(SNIPPET))
    assert (run["parameters"], run["width"]) == (671_026_404_352, 7_168)
    assert run["real_vector"] == 14_336
    assert f"{run['one_vector'] / 1e12:.3f}" == "1.342"
    assert f"{run['many_vectors'] / 1e15:.2f}" == "9.62"
    assert run["as_fp8"] == 8 * run["as_bits"] == 671_026_404_352
