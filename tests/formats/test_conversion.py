"""Rounding arrays on a device, against ml_dtypes and against the host's table-exact `encode`."""

from functools import partial

import jax
import jax.numpy as jnp
import ml_dtypes
import numpy as np
import pytest
from jax.export import export
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from explainer.formats import BFLOAT16, FORMATS, TF32, NumberFormat, decode, encode
from explainer.formats.conversion import cast, round_to_format
from tests.formats.oracles import (
    SMALL,
    assert_same,
    dtype,
    is_misrounded_by_ml_dtypes,
    turning_points,
)

PLATFORMS = ("cpu", "cuda", "tpu")
FLOATS = [*SMALL, "tf32"]


@pytest.fixture(scope="module")
def patterns() -> np.ndarray:
    """Return ten million random float32 bit patterns: NaNs, infinities, subnormals and all."""
    bits = np.random.default_rng(6).integers(0, 2**32, 10_000_000, dtype=np.uint32)
    return bits.view(np.float32)


@pytest.mark.parametrize("name", SMALL)
def test_ten_million_patterns_are_ml_dtypes(name: str, patterns: np.ndarray) -> None:
    """Ten million random float32 bit patterns give what ml_dtypes gives, as bits of float32."""
    with np.errstate(all="ignore"):
        wanted = patterns.astype(dtype(name)).astype(np.float32)
    found = np.asarray(round_to_format(patterns, FORMATS[name]))
    bits, other = found.view(np.uint32), wanted.view(np.uint32)
    both_nan = np.isnan(found) & np.isnan(wanted)
    # What has no NaN turns one into a zero; of which sign, ml_dtypes lets the NaN's sign decide.
    lost = np.isnan(patterns) & (found == 0) & (wanted == 0)
    known = is_misrounded_by_ml_dtypes(name, patterns)
    assert np.all((bits == other) | both_nan | lost | known)


@pytest.mark.parametrize("format", FORMATS.values(), ids=FORMATS)
@pytest.mark.parametrize("rounding", ["nearest", "toward_zero"])
@pytest.mark.parametrize("overflow", ["standard", "saturate"])
def test_device_is_host(format: NumberFormat, rounding: str, overflow: str) -> None:
    """At all places where rounding turns, the device gives what `encode` and `decode` give."""
    if format.name in ("float64", "float32"):
        x = jnp.array([0.1, jnp.inf])
        assert_same(round_to_format(x, format, rounding=rounding, overflow=overflow), x)
        return
    codes = np.arange(2**format.bits)[:: max(1, 2**format.bits // 4096)]
    values = np.unique(decode(format, codes))
    places = turning_points(values[np.isfinite(values)], np.float32)
    places = np.concatenate([places, -places, [np.inf, -np.inf, np.nan]]).astype(np.float32)
    wanted = decode(format, encode(format, places, rounding=rounding, overflow=overflow))
    found = round_to_format(places, format, rounding=rounding, overflow=overflow)
    assert found.dtype == jnp.float32
    assert_same(found, wanted)


@pytest.mark.parametrize("format", FORMATS.values(), ids=FORMATS)
def test_stochastic_on_the_device_has_the_right_mean(format: NumberFormat) -> None:
    """Of many draws the share that goes up is the place between the neighbours, within 5 sigma."""
    if format.mantissa_bits >= 23:
        return
    draws = 40_000
    x = float(np.float32(0.7 * min(format.largest, 1e30)))
    same = jnp.full(draws, x, jnp.float32)
    found = np.asarray(
        round_to_format(same, format, rounding="stochastic", key=jax.random.key(7)), np.float64
    )
    low, high = found.min(), found.max()
    share = (x - low) / (high - low)
    assert np.unique(found).size == 2
    assert abs((found == high).mean() - share) < 5 * (share * (1 - share) / draws) ** 0.5
    assert low <= x <= high


def test_far_below_the_smallest_number_chance_is_still_right() -> None:
    """A number a hundred times below E5M2's smallest becomes that in one of a hundred draws."""
    format, draws = FORMATS["float8_e5m2"], 400_000
    x = jnp.full(draws, format.smallest_subnormal / 100, jnp.float32)
    found = round_to_format(x, format, rounding="stochastic", key=jax.random.key(8))
    share = float((found == format.smallest_subnormal).mean())
    assert abs(share - 0.01) < 5 * (0.01 * 0.99 / draws) ** 0.5


@pytest.mark.parametrize("name", ["float16", "bfloat16", "float8_e4m3fn", "float4_e2m1fn", "int8"])
def test_cast_is_the_librarys_own(name: str) -> None:
    """`cast` gives the dtype of ml_dtypes, on the host and by XLA, with equal values."""
    x = np.random.default_rng(9).normal(size=200).astype(np.float32)
    host, device = cast(x, FORMATS[name]), cast(jnp.asarray(x), FORMATS[name])
    assert host.dtype == device.dtype == dtype(name)
    assert isinstance(device, jax.Array)
    np.testing.assert_array_equal(host.astype(np.float32), np.asarray(device).astype(np.float32))


def test_cast_says_what_it_cannot() -> None:
    """TF32 has no dtype, and FP6 none on a device; the message names what to use."""
    with pytest.raises(ValueError, match=r"tf32 has no dtype: use `round_to_format`"):
        cast(jnp.zeros(2), TF32)
    with pytest.raises(ValueError, match=r"float6_e3m2fn has no dtype that XLA compiles"):
        cast(jnp.zeros(2), FORMATS["float6_e3m2fn"])
    assert cast(np.zeros(2), FORMATS["float6_e3m2fn"]).dtype == ml_dtypes.float6_e3m2fn


@pytest.mark.parametrize("name", FORMATS)
def test_lowers_for_three_platforms(name: str) -> None:
    """One artefact serves CPU, CUDA and TPU, and calling it here equals the function."""
    rounded = partial(round_to_format, format=FORMATS[name], rounding="stochastic")
    x, key = jnp.linspace(-3.0, 3.0, 8), jax.random.key(0)

    def run(x: jax.Array, data: jax.Array) -> jax.Array:
        found: jax.Array = rounded(x, key=jax.random.wrap_key_data(data))
        return found

    data = jax.random.key_data(key)
    exported = export(jax.jit(run), platforms=PLATFORMS)(x, data)
    assert exported.platforms == PLATFORMS
    assert_same(exported.call(x, data), rounded(x, key=key))  # type: ignore[no-untyped-call]


def test_shards_stay_where_they_are() -> None:
    """Sharded over eight devices the result is sharded alike, and equal."""
    mesh = Mesh(np.array(jax.devices()), ("data",))
    spread = NamedSharding(mesh, PartitionSpec("data"))  # type: ignore[no-untyped-call]
    x = jax.random.normal(jax.random.key(1), (16, 4))
    found = round_to_format(jax.device_put(x, spread), BFLOAT16)
    assert found.sharding.is_equivalent_to(spread, 2)
    assert_same(found, round_to_format(x, BFLOAT16))


def test_shapes_and_refusals() -> None:
    """Scalars and empty arrays keep their shape; wrong words and float64 are refused."""
    assert round_to_format(jnp.float32(0.1), BFLOAT16).shape == ()
    assert round_to_format(jnp.zeros((0, 3)), BFLOAT16).shape == (0, 3)
    assert round_to_format(jnp.bfloat16(0.1), BFLOAT16).dtype == jnp.float32
    with pytest.raises(ValueError, match=r"`rounding` \(='up'\)"):
        round_to_format(jnp.zeros(2), BFLOAT16, rounding="up")
    with pytest.raises(ValueError, match=r"`overflow` \(='wrap'\)"):
        round_to_format(jnp.zeros(2), BFLOAT16, overflow="wrap")
    with pytest.raises(ValueError, match=r"needs `key` \(=None\)"):
        round_to_format(jnp.zeros(2), BFLOAT16, rounding="stochastic")
    with jax.enable_x64(True), pytest.raises(TypeError, match=r"`x` \(=float64\)"):
        round_to_format(jnp.zeros(2, jnp.float64), BFLOAT16)
