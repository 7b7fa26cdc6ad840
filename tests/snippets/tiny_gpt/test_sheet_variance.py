"""Checks of `snippets/tiny_gpt/sheet_variance.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "tiny_gpt" / "sheet_variance.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_factor_is_that_of_numpys_deviations(run: dict[str, Any]) -> None:
    """Deviations with and without `ddof=1` are apart by that factor, for any 48 numbers."""
    numbers = np.random.default_rng(0).normal(size=run["width"])
    assert numbers.std() / numbers.std(ddof=1) == pytest.approx(run["factor"], rel=1e-12)


def test_the_model_with_the_bug_is_one_with_var(run: dict[str, Any]) -> None:
    """Plain loops with a norm that divides by n - 1 sort as many of forty inputs."""
    from explainer.gpt import GPTConfig, every_input, sorted_rightly, trained_gpt
    from explainer.spreadsheet.reference import decimals
    from tests.spreadsheet import plain_gpt

    def norm(x: Any, part: Any) -> Any:
        deviation = np.sqrt(x.var(ddof=1) + 1e-5)
        return (x - x.mean()) / deviation * part["gain"] + part["bias"]

    params = trained_gpt()
    some = every_input()[::19]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain_gpt, "norm", norm)
        exact = decimals(params)
        loops = [plain_gpt.run(exact, row.tolist(), 3)[0][6:] == sorted(row) for row in some]
    for part in (params["blocks"]["ln_attention"], params["blocks"]["ln_mlp"], params["ln_final"]):
        part["gain"] = run["factor"] * part["gain"]
    assert sorted_rightly(params, some, GPTConfig()).tolist() == loops


def test_without_the_bug_all_are_sorted(run: dict[str, Any]) -> None:
    """The trained model sorts all of the three to the sixth inputs."""
    assert run["right"] == run["inputs"] == 3**6
    assert 0 <= run["right_with_bug"] <= run["inputs"]
