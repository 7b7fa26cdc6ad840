"""Kaplan's and Chinchilla's laws against stored figures, a numerical search, and published ones."""

import json
import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from explainer.scaling import (
    FITS,
    HOFFMANN,
    HOFFMANN_SOURCE,
    REPLICATION,
    Fit,
    compute_loss,
    data_loss,
    optimal_size,
    per_decade,
    size_loss,
)
from explainer.scaling.kaplan import PF_DAY_FLOPS

STORED = json.loads((Path(__file__).parents[1] / "data" / "scaling_laws.json").read_text())
NAMES = {
    "hoffmann_rounded": HOFFMANN,
    "hoffmann_tex": HOFFMANN_SOURCE,
    "epoch_besiroglu": REPLICATION,
}


@pytest.mark.parametrize("case", STORED["optima"])
def test_optima_are_the_stored_ones(case: str) -> None:
    """Size, tokens and loss of nine optima agree with figures computed elsewhere."""
    name, budget = case.split(" C=")
    found = NAMES[name].optimum(float(budget))
    wanted = STORED["optima"][case]
    assert found.num_parameters == pytest.approx(wanted["N_opt"], rel=1e-9)
    assert found.num_tokens == pytest.approx(wanted["D_opt"], rel=1e-9)
    assert found.tokens_per_parameter == pytest.approx(wanted["tokens_per_param"], rel=1e-9)
    assert found.loss == pytest.approx(wanted["loss"], rel=1e-12)


@pytest.mark.parametrize("fit", FITS, ids=lambda fit: fit.name)
@pytest.mark.parametrize("flops", [1e18, 5.76e23, 1e27])
def test_no_other_size_is_better(fit: Fit, flops: float) -> None:
    """The closed form stands where a numerical search finds the least loss."""

    def loss(log_size: float) -> float:
        N = math.exp(log_size)
        D = flops / 6 / N
        return float(fit.E + fit.A * N**-fit.alpha + fit.B * D**-fit.beta)

    found = minimize_scalar(loss, bounds=(math.log(1e5), math.log(1e14)), method="bounded")
    optimum = fit.optimum(flops)
    assert optimum.loss == pytest.approx(found.fun, rel=1e-9)
    assert optimum.num_parameters == pytest.approx(math.exp(found.x), rel=1e-2)
    assert 6 * optimum.num_parameters * optimum.num_tokens == pytest.approx(flops, rel=1e-12)


def test_only_the_replication_finds_chinchilla() -> None:
    """At Chinchilla's budget the refit gives its 70 B and 20 tokens a parameter within 10 %."""
    found = REPLICATION.optimum(5.76e23)
    assert found.num_parameters == pytest.approx(70e9, rel=0.1)
    assert found.tokens_per_parameter == pytest.approx(20, rel=0.1)
    assert HOFFMANN.optimum(5.76e23).tokens_per_parameter > 4 * 20


def test_a_trillion_badly_fed() -> None:
    """A trillion parameters need 3.756 billion tokens to reach a billion fed with 20 billion."""
    small = HOFFMANN.loss(1e9, 20e9)
    assert small == pytest.approx(2.5800, abs=5e-5)
    tokens = HOFFMANN.tokens_to_reach(small, 1e12)
    assert tokens == pytest.approx(3.756e9, rel=1e-3)
    assert HOFFMANN.loss(1e12, tokens) == pytest.approx(small, rel=1e-12)
    assert HOFFMANN.tokens_to_reach(1.7, 1e6) == math.inf


def test_loss_of_all_data_is_its_limit() -> None:
    """With data without end only the floor and the size remain."""
    assert HOFFMANN.loss(1e9) == pytest.approx(1.69 + 406.4 / 1e9**0.34, rel=1e-14)
    assert HOFFMANN.loss(math.inf) == 1.69


def test_falls_per_decade_are_those_of_the_audit() -> None:
    """Chinchilla: 9.40, 4.74, 2.28 % a decade from a billion on; Kaplan: 16.05 % every time."""
    losses = [HOFFMANN.loss(10.0**n) for n in (9, 10, 11, 12)]
    falls = [100 * per_decade(a, b, 1) for a, b in pairwise(losses)]
    np.testing.assert_allclose(falls, [9.40, 4.74, 2.28], atol=0.005)
    kaplan = [size_loss(10.0**n) for n in range(6, 13)]
    steps = [100 * per_decade(a, b, 1) for a, b in pairwise(kaplan)]
    np.testing.assert_allclose(steps, 16.05, atol=0.005)
    assert per_decade(115, 100, 2) == pytest.approx(1 - 1.15**-0.5)


def test_kaplan_by_logarithms() -> None:
    """The three laws and the allocation are the printed ones, computed by logarithms."""
    assert math.log(size_loss(1e9)) == pytest.approx(0.076 * (math.log(8.8e13) - math.log(1e9)))
    assert math.log(data_loss(1e9)) == pytest.approx(0.095 * (math.log(5.4e13) - math.log(1e9)))
    days = 2.5
    assert math.log(compute_loss(days * 8.64e19)) == pytest.approx(
        0.050 * (math.log(3.1e8) - math.log(days))
    )
    assert optimal_size(PF_DAY_FLOPS) == pytest.approx(1.3e9)
    assert optimal_size(100 * PF_DAY_FLOPS) == pytest.approx(1.3e9 * 10**1.46)


def test_intervals_of_the_replication() -> None:
    """Each constant has 1.96 standard errors to either side; Hoffmann's have none here."""
    low, high = REPLICATION.interval("alpha") or (0, 0)
    assert (low, high) == pytest.approx((0.3478 - 0.0392, 0.3478 + 0.0392), abs=1e-5)
    assert HOFFMANN.interval("alpha") is None
    with pytest.raises(ValueError, match=r"`constant` \(='gamma'\)"):
        HOFFMANN.interval("gamma")


@pytest.mark.parametrize("value", [0, -1.0, math.nan])
def test_refusals(value: float) -> None:
    """Sizes, tokens and budgets that are not above 0 are refused with name and value."""
    for function in (size_loss, data_loss, compute_loss, optimal_size, HOFFMANN.optimum):
        with pytest.raises(ValueError, match="must be above 0"):
            function(value)
    with pytest.raises(ValueError, match="must be above 0"):
        HOFFMANN.loss(value, 1e9)
    with pytest.raises(ValueError, match="must be above 0"):
        per_decade(value, 1, 1)
