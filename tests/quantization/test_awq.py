"""AWQ's search against the paper's formula in NumPy, in double precision."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import pytest
from jax.export import export
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from explainer.quantization import quantize
from explainer.quantization.awq import NUM_ALPHAS, quantize_awq

Matrix = npt.NDArray[Any]
GROUP = 32


def awq_errors(weight: Matrix, x: Matrix, bits: int) -> list[float]:
    """Return the error of each exponent, by the formula, one exponent after the other."""
    w, x = weight.astype(np.float64), x.astype(np.float64)
    wanted, top, errors = x @ w.T, 2 ** (bits - 1) - 1, []
    for step in range(20):
        s = np.abs(x).mean(0) ** (step / 20)
        s /= np.sqrt(s.max() * s.min())
        blocks = (w * s).reshape(-1, GROUP)
        scale = np.abs(blocks).max(1, keepdims=True) / top
        rounded = (np.clip(np.rint(blocks / scale), -top, top) * scale).reshape(w.shape) / s
        errors.append(float(((x @ rounded.T - wanted) ** 2).sum() / (wanted**2).sum()))
    return errors


@pytest.fixture(scope="module")
def layer() -> tuple[Matrix, Matrix]:
    """Return weights, and inputs of which some are far larger than others."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 96)) * np.exp(1.5 * rng.normal(size=96))
    return rng.normal(size=(48, 96)).astype(np.float32), x.astype(np.float32)


@pytest.mark.parametrize("bits", [3, 4])
def test_errors_and_choice_are_those_of_the_formula(
    layer: tuple[Matrix, Matrix], bits: int
) -> None:
    """Each exponent errs as in double precision within 1 %, and the least of them is kept."""
    found = quantize_awq(layer[0], jnp.asarray(layer[1]), bits=bits)
    wanted = awq_errors(*layer, bits)
    assert np.allclose(found.errors, wanted, rtol=1e-2)
    assert float(found.alpha) == pytest.approx(float(np.argmin(wanted)) / NUM_ALPHAS)
    assert 0 < float(found.alpha) and min(wanted) < 0.8 * wanted[0]


def test_what_is_returned_has_the_error_that_was_found(layer: tuple[Matrix, Matrix]) -> None:
    """Inputs divided by the scale, times the codes, err as the best exponent did."""
    weight, x = (part.astype(np.float64) for part in layer)
    found = quantize_awq(layer[0], jnp.asarray(layer[1]))
    divided = x / np.asarray(found.input_scale, np.float64)
    error = divided @ np.asarray(found.quantized.dequantize(), np.float64).T - x @ weight.T
    share = (error**2).sum() / ((x @ weight.T) ** 2).sum()
    assert share == pytest.approx(float(found.errors.min()), rel=1e-3)


def test_equal_inputs_change_nothing(layer: tuple[Matrix, Matrix]) -> None:
    """Where all inputs are equally large, the codes are those of plain rounding."""
    weight = jnp.asarray(layer[0])
    found = quantize_awq(weight, jnp.ones((4, 96)))
    plain = quantize(weight, bits=4, granularity="group", block_size=GROUP)
    assert np.array_equal(found.quantized.codes(), plain.codes())
    assert found.quantized.bits_per_weight == plain.bits_per_weight


def test_an_input_that_is_always_zero(layer: tuple[Matrix, Matrix]) -> None:
    """A dead input leaves everything finite."""
    x = layer[1].copy()
    x[:, 5] = 0
    assert np.isfinite(quantize_awq(layer[0], jnp.asarray(x)).dequantize()).all()


def test_no_inputs_are_refused() -> None:
    """Without an input there is nothing to be aware of."""
    with pytest.raises(ValueError, match=r"`x` \(=0 rows\) must hold at least one"):
        quantize_awq(jnp.ones((2, 32)), jnp.ones((0, 32)))


def test_eight_devices_equal_one_and_it_lowers(layer: tuple[Matrix, Matrix]) -> None:
    """Rows over eight devices give the same exponent, and it lowers for CPU, CUDA and TPU."""
    weight, x = (jnp.asarray(part) for part in layer)
    mesh = Mesh(np.array(jax.devices()), ("rows",))
    spread = jax.device_put(weight, NamedSharding(mesh, PartitionSpec("rows")))  # type: ignore[no-untyped-call]
    one, many = (quantize_awq(part, x) for part in (weight, spread))
    assert float(one.alpha) == float(many.alpha)
    assert np.allclose(one.dequantize(), many.dequantize(), atol=1e-5)

    def run(weight: jax.Array, x: jax.Array) -> jax.Array:
        return quantize_awq(weight, x).dequantize()

    exported = export(jax.jit(run), platforms=("cpu", "cuda", "tpu"))(weight, x)
    assert exported.platforms == ("cpu", "cuda", "tpu")
