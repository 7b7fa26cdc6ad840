"""Integer products against loops over integers of unlimited size."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.export import export
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from explainer.quantization import quantize
from explainer.quantization.matmul import integer_matmul, weight_only_matmul
from explainer.quantization.nf4 import quantize_nf4

RNG = np.random.default_rng(0)
X = RNG.normal(size=(5, 64)).astype(np.float32) + 0.3
WEIGHT = RNG.normal(size=(7, 64)).astype(np.float32) - 0.2


def by_loop(x: Any, weight: Any) -> np.ndarray[Any, Any]:
    """Return sum over blocks of scale * scale * (sum of integer products), in Python integers."""
    found = np.zeros((len(x.shape) and x.shape[0], weight.shape[0]))
    size = min(x.block_size, weight.block_size)
    for t in range(x.shape[0]):
        for o in range(weight.shape[0]):
            for start in range(0, x.shape[1], size):
                product = 1.0
                terms = []
                for q, row in ((x, t), (weight, o)):
                    scales = np.broadcast_to(q.scale, (q.shape[0], q.num_blocks))
                    block = start // q.block_size
                    product *= float(scales[row, block])
                    zero = 0
                    if q.zero_point is not None:
                        zeros = np.broadcast_to(q.zero_point, (q.shape[0], q.num_blocks))
                        zero = int(zeros[row, block])
                    codes = np.asarray(q.codes())[row, start : start + size]
                    terms.append([int(code) - zero for code in codes])
                found[t, o] += product * sum(a * b for a, b in zip(*terms, strict=True))
    return found


@pytest.mark.parametrize("symmetric", [(True, True), (False, True), (True, False), (False, False)])
@pytest.mark.parametrize("granularity", ["tensor", "channel", "group"])
@pytest.mark.parametrize("bits", [4, 8])
def test_sums_are_exact(bits: int, granularity: Any, symmetric: tuple[bool, bool]) -> None:
    """Every output is the sum over exact integers, rescaled, to one part in a million."""
    x = quantize(jnp.asarray(X), bits=8, symmetric=symmetric[0], granularity="channel")
    weight = quantize(
        jnp.asarray(WEIGHT), bits=bits, symmetric=symmetric[1], granularity=granularity
    )
    wanted = by_loop(x, weight)
    np.testing.assert_allclose(integer_matmul(x, weight), wanted, rtol=1e-5, atol=1e-5)


def test_the_largest_sums_do_not_overflow() -> None:
    """4,096 products of the largest codes add up exactly in int32."""
    ones = jnp.ones((1, 4096))
    found = integer_matmul(quantize(ones, bits=8), quantize(ones, bits=8))
    np.testing.assert_allclose(found, [[4096.0]], rtol=1e-6)


def test_both_sides_in_blocks() -> None:
    """Activations and weights may share a cut into blocks."""
    x = quantize(jnp.asarray(X), bits=8, granularity="group")
    weight = quantize(jnp.asarray(WEIGHT), bits=4, granularity="group")
    np.testing.assert_allclose(integer_matmul(x, weight), by_loop(x, weight), rtol=1e-5, atol=1e-5)


def test_any_leading_axes() -> None:
    """A batch of sequences gives what its rows give one by one."""
    cube = jnp.asarray(np.stack([X, -X, 2 * X]))
    weight = quantize(jnp.asarray(WEIGHT), bits=8, symmetric=False)
    found = integer_matmul(quantize(cube, bits=8, symmetric=False), weight)
    assert found.shape == (3, 5, 7)
    for index in range(3):
        alone = integer_matmul(quantize(cube[index], bits=8, symmetric=False), weight)
        assert np.array_equal(found[index], alone)


def test_weights_only() -> None:
    """With weights alone quantized, the product is NumPy's with the dequantized weight."""
    for weight in (quantize(jnp.asarray(WEIGHT), bits=4), quantize_nf4(jnp.asarray(WEIGHT))):
        wanted = X.astype(np.float64) @ np.asarray(weight.dequantize(), np.float64).T
        found = weight_only_matmul(jnp.asarray(X), weight)
        np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-5)


def test_it_really_multiplies_int8() -> None:
    """The program's product is one of 8-bit integers summed in 32 bits."""
    x, weight = (quantize(jnp.asarray(part), bits=8) for part in (X, WEIGHT))
    text = integer_matmul.lower(x, weight).as_text()
    assert "dot_general" in text
    products = [line for line in text.splitlines() if "dot_general" in line]
    assert all("xi8>" in line and "xi32>" in line and "f32" not in line for line in products)


def test_refusals_name_rule_and_value() -> None:
    """What cannot be multiplied in integers is refused."""
    x = quantize(jnp.asarray(X), bits=8)
    with pytest.raises(ValueError, match=r"`weight` has codes of type nf4"):
        integer_matmul(x, quantize_nf4(jnp.asarray(WEIGHT)))
    with pytest.raises(ValueError, match=r"`x` has 64 inputs and `weight` 32"):
        integer_matmul(x, quantize(jnp.asarray(WEIGHT[:, :32]), bits=8))
    with pytest.raises(ValueError, match=r"`x` has 2 blocks a row and `weight` 4"):
        integer_matmul(
            quantize(jnp.asarray(X), bits=8, granularity="group"),
            quantize(jnp.asarray(WEIGHT), bits=8, granularity="group", block_size=16),
        )
    with pytest.raises(ValueError, match=r"zero-points of float32"):
        integer_matmul(
            x,
            quantize(jnp.asarray(WEIGHT), bits=8, symmetric=False, zero_point_dtype=jnp.float32),
        )


def test_eight_devices_equal_one_and_it_lowers() -> None:
    """Output rows over eight devices, the same result; and it lowers for CPU, CUDA and TPU."""
    weight = jnp.asarray(RNG.normal(size=(16, 64)).astype(np.float32))
    mesh = Mesh(np.array(jax.devices()), ("rows",))
    spread = jax.device_put(weight, NamedSharding(mesh, PartitionSpec("rows")))  # type: ignore[no-untyped-call]
    x = quantize(jnp.asarray(X), bits=8)
    one, many = (
        integer_matmul(x, quantize(w, bits=4, granularity="group")) for w in (weight, spread)
    )
    np.testing.assert_allclose(one, many, rtol=1e-6)
    assert {shard.data.shape for shard in many.addressable_shards} == {(5, 2)}

    def run(x: jax.Array, weight: jax.Array) -> jax.Array:
        found: jax.Array = integer_matmul(
            quantize(x, bits=8), quantize(weight, bits=4, symmetric=False, granularity="group")
        )
        return found

    exported = export(jax.jit(run), platforms=("cpu", "cuda", "tpu"))(jnp.asarray(X), weight)
    assert exported.platforms == ("cpu", "cuda", "tpu")
