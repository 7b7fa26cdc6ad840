"""GPTQ against the paper's algorithm in NumPy; `test_published_layer` has its authors' figures."""

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
from explainer.quantization.gptq import input_hessian, quantize_gptq

RNG = np.random.default_rng(0)
Matrix = npt.NDArray[Any]


def correlated_inputs(n: int, d_in: int) -> npt.NDArray[np.float32]:
    """Return inputs whose columns depend on each other, as those of a real layer do."""
    mixing = np.eye(d_in) + 0.75 / np.sqrt(d_in) * RNG.normal(size=(d_in, d_in))
    x: npt.NDArray[np.float32] = (RNG.normal(size=(n, d_in)) @ mixing).astype(np.float32)
    return x


def gptq_by_loop(weight: Matrix, hessian: Matrix, bits: int, group: int) -> Matrix:
    """Return the codes by algorithm 1, one column after the other, in double precision."""
    w, d_in = weight.astype(np.float64), weight.shape[1]
    damped = hessian + 0.01 * np.mean(np.diag(hessian)) * np.eye(d_in)
    upper = np.linalg.cholesky(np.linalg.inv(damped)).T
    top = 2**bits - 1
    codes = np.zeros(w.shape, int)
    for j in range(d_in):
        if j % group == 0:
            part = w[:, j : j + group]
            low, high = np.minimum(part.min(1), 0), np.maximum(part.max(1), 0)
            scale = (high - low) / top
            zero = np.rint(-low / scale)
        codes[:, j] = np.clip(np.rint(w[:, j] / scale) + zero, 0, top)
        error = (w[:, j] - scale * (codes[:, j] - zero)) / upper[j, j]
        w[:, j + 1 :] -= np.outer(error, upper[j, j + 1 :])
    return codes


def output_error(found: Any, weight: Matrix, x: Matrix) -> float:
    """Return the share of the outputs' energy that is error."""
    wanted = x.astype(np.float64) @ weight.T
    error = x.astype(np.float64) @ np.asarray(found.dequantize(), np.float64).T - wanted
    return float((error**2).sum() / (wanted**2).sum())


@pytest.fixture(scope="module")
def layer() -> tuple[Matrix, Matrix]:
    """Return weights and inputs of one layer."""
    return RNG.normal(size=(48, 96)).astype(np.float32), correlated_inputs(400, 96)


@pytest.mark.parametrize("group", [96, 32])
def test_codes_are_those_of_the_paper(layer: tuple[Matrix, Matrix], group: int) -> None:
    """At most two of 4,608 codes differ from algorithm 1 in double precision: ties of float32."""
    weight, x = layer
    hessian = 2 / len(x) * x.astype(np.float64).T @ x
    settings: dict[str, Any] = {"granularity": "group", "block_size": 32} if group == 32 else {}
    found = quantize_gptq(
        jnp.asarray(weight), input_hessian(jnp.asarray(x)), symmetric=False, **settings
    )
    assert (np.asarray(found.codes()) != gptq_by_loop(weight, hessian, 4, group)).sum() <= 2
    assert found.bits_per_weight == 4 + 40 / group


def test_order_by_activation_helps(layer: tuple[Matrix, Matrix]) -> None:
    """Columns with strong inputs first: the error falls further, and codes stay in their places."""
    weight = layer[0]
    x = layer[1] * np.exp(RNG.normal(size=96) * 1.5).astype(np.float32)
    hessian = input_hessian(jnp.asarray(x))
    errors = [
        output_error(quantize_gptq(jnp.asarray(weight), hessian, act_order=order), weight, x)
        for order in (False, True)
    ]
    assert errors[1] < errors[0]


def test_uncorrelated_inputs_change_nothing() -> None:
    """With a Hessian that is the identity, nothing can be made good: codes are plainly rounded."""
    weight = jnp.asarray(RNG.normal(size=(8, 64)).astype(np.float32))
    for bits in (2, 3, 8):
        found = quantize_gptq(weight, jnp.eye(64), bits=bits)
        assert np.array_equal(found.codes(), quantize(weight, bits=bits).codes())


def test_an_input_that_is_always_zero(layer: tuple[Matrix, Matrix]) -> None:
    """A dead input breaks neither the factor nor the codes."""
    weight, x = layer[0], layer[1].copy()
    x[:, 5] = 0
    found = quantize_gptq(jnp.asarray(weight), input_hessian(jnp.asarray(x)), damping=0.0)
    assert np.isfinite(np.asarray(found.dequantize())).all()


def test_refusals_name_rule_and_value() -> None:
    """Granularities that make no sense here are refused."""
    weight, hessian = jnp.ones((2, 6)), jnp.eye(6)
    with pytest.raises(ValueError, match=r"`granularity` \(='tensor'\) must be channel or group"):
        quantize_gptq(weight, hessian, granularity="tensor")
    with pytest.raises(ValueError, match=r"`d_in` \(=6\) must be divisible by `block_size` \(=4\)"):
        quantize_gptq(weight, hessian, granularity="group", block_size=4)
    with pytest.raises(ValueError, match="`act_order` mixes"):
        quantize_gptq(weight, hessian, granularity="group", block_size=3, act_order=True)
    with pytest.raises(ValueError, match=r"`bits` \(=1\)"):
        quantize_gptq(weight, hessian, bits=1)


def test_eight_devices_equal_one_and_it_lowers(layer: tuple[Matrix, Matrix]) -> None:
    """Rows over eight devices give the same codes, and it lowers for CPU, CUDA and TPU."""
    weight, hessian = jnp.asarray(layer[0]), input_hessian(jnp.asarray(layer[1]))
    mesh = Mesh(np.array(jax.devices()), ("rows",))
    spread = jax.device_put(weight, NamedSharding(mesh, PartitionSpec("rows")))  # type: ignore[no-untyped-call]
    one, many = (quantize_gptq(w, hessian) for w in (weight, spread))
    assert np.array_equal(one.codes(), many.codes())

    def run(weight: jax.Array, hessian: jax.Array) -> jax.Array:
        return quantize_gptq(weight, hessian).dequantize()

    exported = export(jax.jit(run), platforms=("cpu", "cuda", "tpu"))(weight, hessian)
    assert exported.platforms == ("cpu", "cuda", "tpu")
