"""NF4 against bitsandbytes."""

from __future__ import annotations

import json
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.export import export
from jax.sharding import Mesh, NamedSharding, PartitionSpec
from scipy.stats import norm

from explainer.quantization.codebooks import NF4
from explainer.quantization.nf4 import nf4_codes, quantize_nf4

THEIRS = json.loads((Path(__file__).parents[1] / "data/nf4_bitsandbytes.json").read_text())
RNG = np.random.default_rng(7)
WEIGHT = RNG.normal(size=(16, 64)).astype(np.float32)
WEIGHT[0], WEIGHT[1], WEIGHT[2, 0] = np.linspace(-1, 1, 64), 0, 1e-30


def test_codes_are_those_of_bitsandbytes() -> None:
    """Values, codes and scales equal what bitsandbytes gives for the same 1,024 weights."""
    assert [float(value) for value in NF4] == THEIRS["values"]
    found = quantize_nf4(jnp.asarray(WEIGHT))
    codes = [[int(digit, 16) for digit in row] for row in THEIRS["codes"]]
    assert np.array_equal(found.codes(), codes)
    theirs = np.array(THEIRS["absmax"], np.float32)[:, None]
    assert np.array_equal(found.scale[2:], theirs[2:])
    assert float(found.scale[1, 0]) == 1  # a block of zeros: any scale serves, theirs is 0
    values = np.array(THEIRS["values"], np.float32)[np.array(codes)] * theirs
    assert np.array_equal(found.dequantize(), values)


def test_values_are_quantiles_of_the_normal_distribution() -> None:
    """The 16 values follow from QLoRA's construction with SciPy's quantiles, to 2e-6."""
    offset = (1 - 1 / 30 + 1 - 1 / 32) / 2
    positive = norm.ppf(np.linspace(offset, 0.5, 9)[:-1])
    negative = -norm.ppf(np.linspace(offset, 0.5, 8)[:-1])
    values = np.sort(np.concatenate([positive, [0], negative]))
    np.testing.assert_allclose(values / values.max(), NF4, atol=2e-6)


def test_the_nearest_value_is_chosen() -> None:
    """Codes of 10,001 values from -1 to 1 are those of a search through all 16 distances."""
    values = np.linspace(-1, 1, 10001).astype(np.float32)
    distances = np.abs(values[:, None].astype(np.float64) - NF4)
    found = np.asarray(nf4_codes(jnp.asarray(values)))
    nearest = distances.min(1)
    np.testing.assert_allclose(distances[np.arange(10001), found], nearest, atol=1e-7)


def test_double_quantization() -> None:
    """Scales in eight bits: 4.127 bits a weight, and no scale off by more than half a step."""
    weight = jnp.asarray(RNG.normal(size=(64, 512)).astype(np.float32))
    plain, double = quantize_nf4(weight), quantize_nf4(weight, double=True)
    assert plain.bits_per_weight == 4.5
    assert double.bits_per_weight == 4 + 8 / 64 + 32 / (64 * 256)
    assert round(double.bits_per_weight, 3) == 4.127
    assert np.array_equal(plain.codes(), double.codes())
    step = np.asarray(plain.scale).reshape(-1, 256).max(1) / 255
    assert np.abs(np.asarray(plain.scale - double.scales())).max() <= step.max() * 0.501
    assert double.dequantize().shape == weight.shape
    with pytest.raises(ValueError, match=r"number of scales \(=16\) must be divisible by 256"):
        quantize_nf4(jnp.asarray(WEIGHT), double=True)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_shows_and_stays_in_its_block(bad: float) -> None:
    """A block with a NaN or an infinity decodes to NaN, the others to what they were."""
    weight = WEIGHT.copy()
    weight[3, 7] = bad
    found = np.asarray(quantize_nf4(jnp.asarray(weight)).dequantize())
    clean = np.asarray(quantize_nf4(jnp.asarray(WEIGHT)).dequantize())
    assert np.isnan(found[3]).all()
    assert np.array_equal(np.delete(found, 3, 0), np.delete(clean, 3, 0))


def test_refusals_axes_devices_and_platforms() -> None:
    """A row of 48 is refused; axis 0, eight devices and three platforms give the same codes."""
    with pytest.raises(ValueError, match=r"`d_in` \(=48\) must be divisible by `block_size`"):
        quantize_nf4(jnp.ones((2, 48)))
    weight = jnp.asarray(WEIGHT)
    one = quantize_nf4(weight)
    assert np.array_equal(quantize_nf4(weight.T, axis=0).dequantize().T, one.dequantize())
    mesh = Mesh(np.array(jax.devices()), ("rows",))
    many = quantize_nf4(jax.device_put(weight, NamedSharding(mesh, PartitionSpec("rows"))))  # type: ignore[no-untyped-call]
    assert np.array_equal(many.qvalue, one.qvalue)
    assert {shard.data.shape for shard in many.qvalue.addressable_shards} == {(2, 1, 32)}
    run = jax.jit(lambda weight: quantize_nf4(weight).dequantize())
    exported = export(run, platforms=("cpu", "cuda", "tpu"))(weight)
    assert exported.platforms == ("cpu", "cuda", "tpu")
