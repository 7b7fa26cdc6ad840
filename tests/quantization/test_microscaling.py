"""MX and NVFP4 against gfloat, ml_dtypes, and figures of three other implementations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import ml_dtypes
import numpy as np
import numpy.typing as npt
import pytest
from gfloat import formats, quantize_block
from gfloat.block import compute_scale_amax
from jax.export import export
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from explainer.quantization.microscaling import (
    ELEMENTS,
    element_codes,
    quantize_mx,
    quantize_nvfp4,
)

# microxcaling, gfloat and torchao (floor scales) agreed on 262,144 normal values, with these
# relative errors: "ref relrms".
PUBLISHED = json.loads((Path(__file__).parents[1] / "data/mx_check.json").read_text())
RNG = np.random.default_rng(0)
GFLOAT = {
    "float8_e4m3fn": formats.format_info_mxfp8_e4m3,
    "float8_e5m2": formats.format_info_mxfp8_e5m2,
    "float6_e3m2fn": formats.format_info_mxfp6_e3m2,
    "float6_e2m3fn": formats.format_info_mxfp6_e2m3,
    "float4_e2m1fn": formats.format_info_mxfp4_e2m1,
}
BITS = {
    "float8_e4m3fn": 8.25,
    "float8_e5m2": 8.25,
    "float6_e3m2fn": 6.25,
    "float6_e2m3fn": 6.25,
    "float4_e2m1fn": 4.25,
}


def blocks_of_all_sizes() -> npt.NDArray[np.float32]:
    """Return 128 blocks of 32: normal values at magnitudes from 1e-12 to 1e12, zeros, ties."""
    blocks = RNG.normal(size=(128, 32)) * 10.0 ** RNG.uniform(-12, 12, size=(128, 1))
    blocks[0] = 0
    blocks[1] = np.arange(32) / 4 - 4  # halves of the steps of FP4
    blocks[2, 1:] = 0
    blocks[3] = 2.0 ** np.arange(-16, 16)
    return blocks.astype(np.float32)


@pytest.mark.parametrize("qtype", ELEMENTS)
def test_blocks_are_those_of_gfloat(qtype: str) -> None:
    """4,096 values in 128 blocks decode to what gfloat's encoder and decoder give."""
    blocks = blocks_of_all_sizes()
    found = quantize_mx(jnp.asarray(blocks), qtype=qtype)
    wanted = [
        quantize_block(GFLOAT[qtype], block.astype(np.float64), compute_scale_amax)
        for block in blocks
    ]
    assert np.array_equal(found.dequantize(), np.array(wanted))
    assert found.bits_per_weight == BITS[qtype]


@pytest.mark.parametrize("qtype", ELEMENTS)
def test_codes_are_those_of_ml_dtypes(qtype: str) -> None:
    """Every value of the format, every midpoint and its neighbours round as in ml_dtypes."""
    dtype = getattr(ml_dtypes, qtype)
    bits = 6 if "float6" in qtype else 4 if "float4" in qtype else 8
    values = np.arange(2**bits, dtype=np.uint8).view(dtype).astype(np.float32)
    values = np.unique(values[np.isfinite(values)])
    middle = (values[1:] + values[:-1]) / np.float32(2)
    candidates = np.concatenate(
        [values, middle, np.nextafter(middle, np.float32(1e9)), np.nextafter(middle, -middle)]
    )
    codes = np.asarray(element_codes(jnp.asarray(candidates), qtype))
    decoded = codes.view(dtype).astype(np.float32)
    assert np.array_equal(decoded, candidates.astype(dtype).astype(np.float32))


@pytest.mark.parametrize("qtype", ELEMENTS)
def test_errors_are_those_of_three_libraries(qtype: str) -> None:
    """On 65,536 normal values the relative error is the published one, to 1 %."""
    weight = RNG.normal(size=(256, 256)).astype(np.float32)
    error = np.asarray(quantize_mx(jnp.asarray(weight), qtype=qtype).dequantize()) - weight
    relative = np.sqrt((error**2).mean() / (weight**2).mean())
    key = qtype.replace("float", "fp").removesuffix("fn")
    assert abs(relative / PUBLISHED[key]["ref relrms"] - 1) < 0.01


@pytest.mark.parametrize("qtype", ELEMENTS)
def test_values_of_a_format_stay(qtype: str) -> None:
    """What a block stands for is quantized to itself, and values beyond saturate."""
    once = quantize_mx(jnp.asarray(blocks_of_all_sizes()), qtype=qtype).dequantize()
    assert np.array_equal(quantize_mx(once, qtype=qtype).dequantize(), once)
    largest = float(element_codes(jnp.array([1e9]), qtype)[0])
    assert largest == ELEMENTS[qtype].largest_code


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_shows(bad: float) -> None:
    """In MX the block becomes NaN, as the standard's NaN scale says; in NVFP4 the tensor."""
    weight = np.ones((2, 64), np.float32)
    weight[0, 3] = bad
    found = np.asarray(quantize_mx(jnp.asarray(weight), qtype="float4_e2m1fn").dequantize())
    assert np.isnan(found[0, :32]).all()
    assert np.isfinite(found[0, 32:]).all() and np.isfinite(found[1]).all()
    assert np.isnan(np.asarray(quantize_nvfp4(jnp.asarray(weight)).dequantize())).all()


def nvfp4_by_loop(weight: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return NVFP4 block by block, with ml_dtypes' casts."""
    outer = np.float32(np.abs(weight).max()) / np.float32(448 * 6)
    found = np.zeros_like(weight)
    for row, values in enumerate(weight):
        for start in range(0, len(values), 16):
            block = values[start : start + 16]
            scale = np.float32(ml_dtypes.float8_e4m3fn(min(np.abs(block).max() / (6 * outer), 448)))
            step = np.float32(scale * outer)
            if step > 0:
                codes = (block / step).astype(ml_dtypes.float4_e2m1fn).astype(np.float32)
                found[row, start : start + 16] = step * codes
    return found


def test_nvfp4_is_a_loop_over_blocks() -> None:
    """Values equal a loop with ml_dtypes' FP4 and E4M3 casts; 4.5 bits and one FP32 in all."""
    weight = RNG.normal(size=(16, 64)).astype(np.float32) * np.float32(0.02)
    weight[3, :16] = 0
    weight[4] *= np.float32(1e-3)
    found = quantize_nvfp4(jnp.asarray(weight))
    np.testing.assert_allclose(found.dequantize(), nvfp4_by_loop(weight), rtol=1e-6)
    assert found.bits_per_weight == 4.5 + 32 / weight.size
    zeros = quantize_nvfp4(jnp.zeros((1, 16))).dequantize()
    assert np.array_equal(zeros, np.zeros((1, 16)))


def test_refusals_devices_and_platforms() -> None:
    """Unknown types and short rows are refused; devices and platforms agree."""
    with pytest.raises(ValueError, match=r"`qtype` \(='int4'\) must be one of float8_e4m3fn"):
        quantize_mx(jnp.ones((1, 32)), qtype="int4")
    with pytest.raises(ValueError, match=r"`d_in` \(=48\) must be divisible by `block_size` \(=32"):
        quantize_mx(jnp.ones((1, 48)), qtype="float4_e2m1fn")
    weight = jnp.asarray(RNG.normal(size=(16, 64)).astype(np.float32))
    mesh = Mesh(np.array(jax.devices()), ("rows",))
    spread = jax.device_put(weight, NamedSharding(mesh, PartitionSpec("rows")))  # type: ignore[no-untyped-call]

    def both(weight: jax.Array) -> tuple[jax.Array, jax.Array]:
        six = quantize_mx(weight, qtype="float6_e3m2fn")
        return six.dequantize(), quantize_nvfp4(weight).dequantize()

    for one, many in zip(both(weight), both(spread), strict=True):
        assert np.array_equal(one, many)
    exported = export(jax.jit(both), platforms=("cpu", "cuda", "tpu"))(weight)
    assert exported.platforms == ("cpu", "cuda", "tpu")
