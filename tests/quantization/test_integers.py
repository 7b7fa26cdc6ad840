"""Integer quantization against loops in NumPy, laws that hold for any weight, and eight devices."""

from __future__ import annotations

from functools import partial
from typing import Any

import hypothesis.extra.numpy as hnp
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jax.export import export
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from explainer.quantization import QTensor, absmax_scale, quantize

PLATFORMS = ("cpu", "cuda", "tpu")
RNG = np.random.default_rng(0)
WEIGHT = RNG.normal(size=(6, 64)).astype(np.float32)


def blocks_of(weight: npt.NDArray[Any], granularity: str, block_size: int) -> npt.NDArray[Any]:
    """Return `[num, size]`: the weights that share a scale, one row each."""
    size = {"tensor": weight.size, "channel": weight.shape[-1], "group": block_size}[granularity]
    return weight.reshape(-1, size)


def symmetric_by_loop(block: npt.NDArray[Any], bits: int) -> tuple[list[int], np.float32]:
    """Return codes and scale by the formula, one weight after the other, in float32."""
    top = 2 ** (bits - 1) - 1
    largest = max(abs(value) for value in block)
    scale = np.float32(largest) / np.float32(top) if largest > 0 else np.float32(1)
    codes = [int(np.rint(np.float32(value) / scale)) for value in block]
    return [min(max(code, -top), top) for code in codes], scale


def affine_by_loop(block: npt.NDArray[Any], bits: int) -> tuple[list[int], np.float32, int]:
    """Return codes, scale and zero-point by the formula."""
    top = 2**bits - 1
    low, high = min(0, *block), max(0, *block)
    scale = np.float32(high - low) / np.float32(top) if high > low else np.float32(1)
    zero = int(np.rint(np.float32(-low) / scale))
    codes = [int(np.rint(np.float32(value) / scale)) + zero for value in block]
    return [min(max(code, 0), top) for code in codes], scale, zero


@pytest.mark.parametrize("granularity", ["tensor", "channel", "group"])
@pytest.mark.parametrize("bits", [2, 3, 4, 5, 6, 7, 8])
def test_symmetric_codes_are_those_of_a_loop(bits: int, granularity: Any) -> None:
    """Codes, scales and values equal the formula's, computed one weight after the other."""
    found = quantize(jnp.asarray(WEIGHT), bits=bits, granularity=granularity, block_size=16)
    rows = [symmetric_by_loop(block, bits) for block in blocks_of(WEIGHT, granularity, 16)]
    codes = np.array([row[0] for row in rows]).reshape(WEIGHT.shape)
    scales = np.array([row[1] for row in rows])
    assert np.array_equal(found.codes(), codes)
    assert np.array_equal(np.asarray(found.scale).ravel(), scales)
    values = np.array([np.float32(c) * s for cs, s in rows for c in cs], np.float32)
    assert np.array_equal(found.dequantize(), values.reshape(WEIGHT.shape))


@pytest.mark.parametrize("granularity", ["tensor", "channel", "group"])
@pytest.mark.parametrize("bits", [2, 3, 4, 8])
def test_affine_codes_are_those_of_a_loop(bits: int, granularity: Any) -> None:
    """Codes, scales and zero-points equal the formula's; the weights lean to one side."""
    weight = WEIGHT + np.float32(0.7)
    found = quantize(
        jnp.asarray(weight), bits=bits, symmetric=False, granularity=granularity, block_size=16
    )
    rows = [affine_by_loop(block, bits) for block in blocks_of(weight, granularity, 16)]
    assert np.array_equal(found.codes(), np.array([row[0] for row in rows]).reshape(weight.shape))
    assert np.array_equal(np.asarray(found.scale).ravel(), np.array([row[1] for row in rows]))
    assert np.array_equal(np.asarray(found.zero_point).ravel(), np.array([row[2] for row in rows]))
    values = [s * np.float32(c - z) for cs, s, z in rows for c in cs]
    assert np.array_equal(found.dequantize(), np.array(values).reshape(weight.shape))


def test_the_same_compiled_or_not() -> None:
    """The last bit of a scale does not depend on whether the caller is compiled."""
    weight = jnp.asarray(RNG.normal(size=(512, 64)).astype(np.float32))
    plain = absmax_scale(weight)
    assert np.array_equal(plain, jax.jit(absmax_scale)(weight))
    assert np.array_equal(plain[:, 0], np.abs(weight).max(1) / np.float32(127))


weights = hnp.arrays(
    np.float32, (2, 8), elements=st.floats(-1e6, 1e6, width=32, allow_subnormal=False)
)
quick = settings(max_examples=60, deadline=None)


@quick
@given(weights, st.sampled_from([2, 4, 8]), st.booleans())
def test_no_weight_moves_by_more_than_half_a_step(
    weight: npt.NDArray[Any], bits: int, symmetric: bool
) -> None:
    """|w - dequantized| is at most scale / 2 (affine: a whole step, as the zero is rounded too)."""
    found = quantize(jnp.asarray(weight), bits=bits, symmetric=symmetric)
    bound = np.asarray(found.scale) * (0.5 if symmetric else 1.0)
    error = np.abs(np.asarray(found.dequantize()) - weight)
    assert np.all(error <= bound * 1.0001 + 1e-30)


@quick
@given(weights, st.sampled_from([2, 4, 8]))
def test_what_is_quantized_stays_as_it_is(weight: npt.NDArray[Any], bits: int) -> None:
    """Quantizing dequantized weights again changes no code and no value, up to the last bit."""
    once = quantize(jnp.asarray(weight), bits=bits)
    again = quantize(once.dequantize(), bits=bits)
    np.testing.assert_allclose(again.dequantize(), once.dequantize(), rtol=3e-7, atol=0)


@quick
@given(weights, st.sampled_from([2, 4, 8]), st.booleans())
def test_zero_stays_zero(weight: npt.NDArray[Any], bits: int, symmetric: bool) -> None:
    """A weight of exactly 0 decodes to exactly 0, affine or not."""
    weight[:, 3] = 0
    found = quantize(jnp.asarray(weight), bits=bits, symmetric=symmetric).dequantize()
    assert np.all(np.asarray(found)[:, 3] == 0)


@pytest.mark.parametrize("symmetric", [True, False])
def test_zeros_one_element_and_extremes(symmetric: bool) -> None:
    """Zeros come back as zeros, a lone weight as itself, and the extremes of a block exactly."""
    run = partial(quantize, bits=8, symmetric=symmetric)
    zeros = run(jnp.zeros((2, 4)))
    assert np.array_equal(zeros.scale, np.ones((2, 1)))
    assert np.array_equal(zeros.dequantize(), np.zeros((2, 4)))
    np.testing.assert_allclose(run(jnp.array([[-3.7]])).dequantize(), [[-3.7]], rtol=1e-6)
    ends = run(jnp.array([-5.0, 0.1, 5.0])).dequantize()
    np.testing.assert_allclose(ends[jnp.array([0, 2])], [-5, 5], rtol=5e-3)
    huge = run(jnp.array([3e38, 1.0])).dequantize()
    np.testing.assert_allclose(huge, [3e38, 0], rtol=1e-6)


@pytest.mark.parametrize("calibration", ["absmax", "percentile", "mse"])
@pytest.mark.parametrize("symmetric", [True, False])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_shows_and_stays_in_its_block(
    bad: float, symmetric: bool, calibration: Any
) -> None:
    """A block with a NaN or an infinity decodes to NaN as a whole, its neighbours are untouched."""
    weight = WEIGHT.copy()
    weight[1, 20] = bad

    def run(weight: jax.Array) -> QTensor:
        return quantize(
            weight,
            bits=4,
            symmetric=symmetric,
            granularity="group",
            block_size=16,
            calibration=calibration,
        )

    found = np.array(run(jnp.asarray(weight)).dequantize())
    assert np.isnan(found[1, 16:32]).all()
    found[1, 16:32] = 0
    clean = np.array(run(jnp.asarray(WEIGHT)).dequantize())
    clean[1, 16:32] = 0
    assert np.array_equal(found, clean)


def test_a_percentile_clips_and_mse_is_never_worse() -> None:
    """Percentile scales are NumPy's; the error of `mse` is at most that of either other."""
    weight = RNG.standard_t(3, size=(8, 256)).astype(np.float32)
    errors = {}
    for calibration in ("absmax", "percentile", "mse"):
        found = quantize(jnp.asarray(weight), bits=4, calibration=calibration, percentile=99.0)
        errors[calibration] = ((np.asarray(found.dequantize()) - weight) ** 2).sum(1)
        if calibration == "percentile":
            scales = np.percentile(np.abs(weight), 99, axis=1, keepdims=True) / 7
            np.testing.assert_allclose(found.scale, scales, rtol=1e-5)
    assert np.all(errors["mse"] <= errors["absmax"])
    assert errors["mse"].sum() < errors["percentile"].sum()


def test_mse_finds_the_best_of_its_shares() -> None:
    """The scale of `mse` is that of a loop over 51 shares of the largest weight."""
    row = RNG.standard_t(3, size=128).astype(np.float32)
    largest = np.abs(row).max()
    errors = {}
    for step in range(51):
        scale = np.float32(largest * np.float32(2 ** (-step / 10))) / np.float32(3)
        codes = np.clip(np.rint(row / scale), -3, 3)
        errors[float(scale)] = float(((codes * scale - row) ** 2).sum())
    found = quantize(jnp.asarray(row), bits=3, calibration="mse")
    assert abs(float(found.scale[0]) - min(errors, key=lambda s: errors[s])) < 1e-6


@pytest.mark.parametrize(
    ("settings", "bits"),
    [
        ({"bits": 8}, 8 + 32 / 64),
        ({"bits": 4, "granularity": "group", "scale_dtype": jnp.float16}, 4 + 16 / 32),
        ({"bits": 3, "granularity": "group", "scale_dtype": jnp.float16}, 3 + 16 / 32),
        ({"bits": 6, "granularity": "group"}, 6 + 32 / 32),
        ({"bits": 4, "granularity": "group", "symmetric": False}, 4 + (32 + 8) / 32),
        ({"bits": 2, "granularity": "tensor"}, 2 + 32 / (6 * 64)),
        ({"bits": 4, "pack": False}, 8 + 32 / 64),
    ],
)
def test_true_bits_per_weight(settings: dict[str, Any], bits: float) -> None:
    """Bits per weight count codes as stored, scales and zero-points, by arithmetic on the shape."""
    found = quantize(jnp.asarray(WEIGHT), **settings)
    assert found.bits_per_weight == bits
    assert found.nbytes_stored == bits * WEIGHT.size / 8
    shapes = jax.eval_shape(partial(quantize, **settings), jnp.asarray(WEIGHT))
    assert shapes.bits_per_weight == bits


def test_other_axes_and_ranks() -> None:
    """A weight stored as inputs by outputs, and one of three axes, give the same values."""
    turned = quantize(jnp.asarray(WEIGHT.T), bits=4, axis=0, granularity="group")
    straight = quantize(jnp.asarray(WEIGHT), bits=4, granularity="group")
    assert np.array_equal(turned.dequantize().T, straight.dequantize())
    assert turned.block_size == straight.block_size == 32
    cube = jnp.asarray(WEIGHT.reshape(2, 3, 64))
    assert np.array_equal(
        quantize(cube, bits=4, granularity="group").dequantize().reshape(6, 64),
        straight.dequantize(),
    )
    half = quantize(jnp.asarray(WEIGHT, jnp.bfloat16), bits=8)
    wide = quantize(jnp.asarray(WEIGHT, jnp.bfloat16).astype(jnp.float32), bits=8)
    assert np.array_equal(half.qvalue, wide.qvalue)


def test_a_float_zero_point_is_a_minimum() -> None:
    """With a zero-point that is not rounded, a grid of 16 steps far from zero is kept exactly."""
    grid = np.arange(16, dtype=np.float32) / 8 + 3  # far from zero
    weight = jnp.asarray(np.stack([grid, grid[::-1]]))
    found = quantize(weight, bits=4, symmetric=False, zero_point_dtype=jnp.float32)
    np.testing.assert_allclose(found.dequantize(), weight, rtol=1e-6)
    rounded = quantize(weight, bits=4, symmetric=False)
    assert np.abs(rounded.dequantize() - weight).max() > 0.1


def test_refusals_name_rule_and_value() -> None:
    """What cannot be is refused with the rule, the value and, where there is one, the way out."""
    weight = jnp.asarray(WEIGHT)
    refused: list[tuple[str, dict[str, Any]]] = [
        (r"`bits` \(=1\) must be 2 to 8", {"bits": 1}),
        (r"`bits` \(=9\)", {"bits": 9}),
        (
            r"`d_in` \(=64\) must be divisible by `block_size` \(=48\)",
            {"bits": 4, "granularity": "group", "block_size": 48},
        ),
        (r"`percentile` \(=0.0\)", {"bits": 4, "percentile": 0.0}),
        (r"`axis` \(=2\)", {"bits": 4, "axis": 2}),
    ]
    for message, wrong in refused:
        with pytest.raises(ValueError, match=message):
            quantize(weight, **wrong)
    with pytest.raises(ValueError, match="at least one axis and one element"):
        quantize(jnp.zeros((3, 0)), bits=8)


def test_eight_devices_equal_one() -> None:
    """Sharded by rows, eight devices find the codes of one, and each keeps its share."""
    mesh = Mesh(np.array(jax.devices()), ("rows",))
    weight = jnp.asarray(RNG.normal(size=(64, 128)).astype(np.float32))
    spread = jax.device_put(weight, NamedSharding(mesh, PartitionSpec("rows")))  # type: ignore[no-untyped-call]
    for granularity in ("tensor", "channel", "group"):
        run = partial(quantize, bits=4, granularity=granularity)
        one, many = run(weight), run(spread)
        assert np.array_equal(one.qvalue, many.qvalue)
        assert np.array_equal(one.scale, many.scale)
        assert {shard.data.shape for shard in many.qvalue.addressable_shards} == {
            (8, 1, 64) if granularity != "group" else (8, 4, 16)
        }
        assert np.array_equal(one.dequantize(), many.dequantize())


@pytest.mark.parametrize("calibration", ["absmax", "percentile", "mse"])
def test_it_lowers_for_every_platform(calibration: Any) -> None:
    """Quantizing, packing and dequantizing lower for CPU, CUDA and TPU, and run as exported."""

    def run(weight: jax.Array) -> jax.Array:
        q: QTensor = quantize(
            weight, bits=4, symmetric=False, granularity="group", calibration=calibration
        )
        return q.dequantize()

    weight = jnp.asarray(WEIGHT)
    exported = export(jax.jit(run), platforms=PLATFORMS)(weight)
    assert exported.platforms == PLATFORMS
    np.testing.assert_allclose(exported.call(weight), run(weight), atol=1e-6)  # type: ignore[no-untyped-call]
