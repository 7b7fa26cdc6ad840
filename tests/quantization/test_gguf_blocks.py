"""GGUF's blocks against gguf-py, bit for bit, and against the published sizes."""

from __future__ import annotations

import json
from pathlib import Path

import gguf
import hypothesis.strategies as st
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import pytest
from gguf.quants import dequantize, quantize
from hypothesis import given, settings
from hypothesis.extra.numpy import arrays
from jax.export import export
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from explainer.checkpoints.stored_types import GGUF_TYPES
from explainer.quantization.gguf_blocks import DECODED, ENCODED, decode_blocks, encode_blocks
from explainer.quantization.gguf_exact import encode_exact
from explainer.quantization.gguf_layouts import LAYOUTS

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
NORMAL = np.random.default_rng(5).standard_normal((256, 512)).astype(np.float32)
PUBLISHED = json.loads((Path(__file__).parents[1] / "data/gguf_types.json").read_text())


def their_encoder(weight: Floats, qtype: str) -> Bytes:
    """Encode with gguf-py."""
    with np.errstate(all="ignore"):
        blocks: Bytes = quantize(weight, gguf.GGMLQuantizationType[qtype])
    return blocks


def their_decoder(blocks: Bytes, qtype: str) -> Floats:
    """Decode with gguf-py."""
    weight: Floats = dequantize(blocks, gguf.GGMLQuantizationType[qtype])
    return weight


def edges() -> Floats:
    """Return blocks of zeros, ties, one weight, largest values, and magnitudes of all sizes."""
    rows = [
        np.zeros(32),
        -np.zeros(32),
        np.ones(32),
        np.r_[0.0, -1.0, 1.0, np.zeros(29)],  # two of the largest magnitude: the first decides
        np.r_[0.0, 1.0, -1.0, np.zeros(29)],
        np.r_[np.zeros(31), -3.0],
        np.arange(32) - 15.5,  # halves, which C rounds away from zero
        np.arange(32) / 2 - 8,
        np.r_[127.0, np.arange(31) + 0.5],
        np.full(32, 65504.0),  # the largest float16
        np.r_[1e6, np.ones(31)],  # whose Q8_0 scale still fits
    ]
    sizes = [10.0**power * np.linspace(-1, 0.9, 32) for power in range(-12, 5)]
    return np.array([*rows, *sizes], np.float32)


@pytest.mark.parametrize("qtype", ENCODED)
@pytest.mark.parametrize("weight", [NORMAL, edges()], ids=["normal", "edges"])
def test_both_encoders_are_gguf_pys_bit_for_bit(qtype: str, weight: Floats) -> None:
    """Compiled and exact encoder give the bytes of gguf-py, for common and for odd weights."""
    theirs = their_encoder(weight, qtype)
    np.testing.assert_array_equal(encode_exact(weight, qtype=qtype), theirs)
    np.testing.assert_array_equal(encode_blocks(jnp.asarray(weight), qtype=qtype), theirs)


@pytest.mark.parametrize("qtype", ENCODED)
@settings(max_examples=40, deadline=None)
@given(weight=arrays(np.float32, (4, 32), elements=st.floats(-60000, 60000, width=32)))
def test_the_exact_encoder_is_gguf_pys_for_any_weights(qtype: str, weight: Floats) -> None:
    """Whatever the weights, subnormal ones included, the exact encoder gives gguf-py's bytes."""
    theirs = their_encoder(weight, qtype)
    np.testing.assert_array_equal(encode_exact(weight, qtype=qtype), theirs)


@pytest.mark.parametrize("qtype", ENCODED)
@settings(max_examples=40, deadline=None)
@given(
    weight=arrays(
        np.float32,
        (4, 32),
        elements=st.one_of(
            st.just(0.0), st.floats(2.0**-100, 60000, width=32), st.floats(-9.0, -0.125, width=32)
        ),
    )
)
def test_the_compiled_encoder_is_gguf_pys_for_normal_scales(qtype: str, weight: Floats) -> None:
    """Where no scale is subnormal the compiled encoder gives gguf-py's bytes, ties included."""
    theirs = their_encoder(weight, qtype)
    np.testing.assert_array_equal(encode_blocks(jnp.asarray(weight), qtype=qtype), theirs)


@pytest.mark.parametrize("qtype", ENCODED)
def test_subnormal_scales_decode_alike(qtype: str) -> None:
    """With scales below 2^-126 codes may differ, but all decode to the same weights."""
    weight = np.float32(1e-40) * np.linspace(-1, 0.9, 64, dtype=np.float32).reshape(2, 32)
    ours = their_decoder(np.asarray(encode_blocks(jnp.asarray(weight), qtype=qtype)), qtype)
    np.testing.assert_array_equal(ours, their_decoder(their_encoder(weight, qtype), qtype))


@pytest.mark.parametrize("qtype", DECODED)
def test_the_decoder_is_gguf_pys_on_any_bytes(qtype: str) -> None:
    """Random bytes, every float16 constant among them, decode to the very bits of gguf-py."""
    layout = LAYOUTS[qtype]
    random = np.random.default_rng(8).integers(0, 256, (4096, 2 * layout.num_bytes))
    blocks = random.astype(np.uint8)
    with np.errstate(all="ignore"):
        theirs = their_decoder(blocks, qtype)
    ours = np.asarray(decode_blocks(jnp.asarray(blocks), qtype=qtype))
    np.testing.assert_array_equal(ours, theirs)  # NaN where both are
    finite = np.isfinite(theirs)
    np.testing.assert_array_equal(
        ours.view(np.uint32)[finite], np.ascontiguousarray(theirs).view(np.uint32)[finite]
    )


@pytest.mark.parametrize("qtype", ENCODED)
def test_the_error_is_at_most_a_step(qtype: str) -> None:
    """No weight moves by more than one step of its block; beyond half a step only the clipped."""
    decoded = np.asarray(
        decode_blocks(encode_blocks(jnp.asarray(NORMAL), qtype=qtype), qtype=qtype)
    )
    blocks = their_encoder(NORMAL, qtype).reshape(-1, LAYOUTS[qtype].num_bytes)
    step = np.abs(np.ascontiguousarray(blocks[:, :2]).view(np.float16).astype(np.float32))
    error = np.abs(decoded - NORMAL).reshape(-1, 32) / step
    assert error.max() < 1.01
    assert np.median(error) < 0.3


def test_every_layout_has_the_published_size() -> None:
    """Fields add up to the bits per weight of all 26 quantized types, as gguf-py lists them."""
    quantized = {name: row for name, row in PUBLISHED.items() if row["block"] > 1}
    assert set(quantized) == set(LAYOUTS)
    assert len(quantized) == 26
    for name, row in quantized.items():
        layout = LAYOUTS[name]
        assert (layout.block_size, layout.num_bytes) == (row["block"], row["bytes"]), name
        assert layout.bits_per_weight == row["bpw"]


def test_the_layouts_agree_with_the_reader_of_files() -> None:
    """What a block is made of takes the bytes that `explainer.checkpoints` skips for it."""
    read = {block.name: (block.block_size, block.block_bytes) for block in GGUF_TYPES.values()}
    for name, layout in LAYOUTS.items():
        assert read[name] == (layout.block_size, layout.num_bytes)
        assert all(
            (field.codes + field.signs + field.scales + field.offsets) % 8 == 0
            for field in layout.fields
        )


def test_a_written_file_opens_in_gguf_py(tmp_path: Path) -> None:
    """A GGUF of our blocks opens in gguf-py, which finds the same bytes and the same weights."""
    weight = NORMAL[:8, :256]
    writer = gguf.GGUFWriter(tmp_path / "blocks.gguf", "llama")
    for qtype in ENCODED:
        blocks = encode_exact(weight, qtype=qtype)
        writer.add_tensor(qtype, blocks, raw_dtype=gguf.GGMLQuantizationType[qtype])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    tensors = gguf.GGUFReader(tmp_path / "blocks.gguf").tensors
    assert [tensor.tensor_type.name for tensor in tensors] == list(ENCODED)
    for tensor in tensors:
        assert [int(length) for length in tensor.shape] == [256, 8]
        ours = decode_blocks(jnp.asarray(tensor.data), qtype=tensor.name)
        np.testing.assert_array_equal(ours, dequantize(tensor.data, tensor.tensor_type))


@pytest.mark.parametrize("not_finite", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("qtype", ENCODED)
def test_what_is_not_finite_shows_and_stays_in_its_block(qtype: str, not_finite: float) -> None:
    """A NaN or an infinity shows in its block, spares the next, and is refused for files."""
    weight = np.ones((1, 64), np.float32)
    weight[0, 3] = not_finite
    decoded = np.asarray(
        decode_blocks(encode_blocks(jnp.asarray(weight), qtype=qtype), qtype=qtype)
    )
    assert not np.isfinite(decoded[0, :32]).any()
    np.testing.assert_allclose(decoded[0, 32:], 1, rtol=1e-3)
    with pytest.raises(ValueError, match="must be finite"):
        encode_exact(weight, qtype=qtype)


def test_refusals_name_rule_and_value() -> None:
    """A row that is no whole number of blocks, and an unknown type, are refused by name."""
    with pytest.raises(ValueError, match=r"`d_in` must be divisible by 32.*\(3, 33\)"):
        encode_blocks(jnp.zeros((3, 33)), qtype="Q4_0")
    with pytest.raises(ValueError, match=r"`qtype` \(='Q4_K'\) must be one of Q4_0, Q4_1"):
        encode_blocks(jnp.zeros((3, 256)), qtype="Q4_K")
    with pytest.raises(ValueError, match=r"multiple of 144 bytes \(shape \(2, 145\)\)"):
        decode_blocks(jnp.zeros((2, 145), jnp.uint8), qtype="Q4_K")


@pytest.mark.parametrize("qtype", DECODED)
def test_it_lowers_for_every_platform(qtype: str) -> None:
    """Nothing in it is for one device: it lowers for CPU, CUDA and TPU."""
    layout = LAYOUTS[qtype]

    def there_and_back(weight: jax.Array, blocks: jax.Array) -> jax.Array:
        if qtype in ENCODED:
            blocks = encode_blocks(weight, qtype=qtype)
        return decode_blocks(blocks, qtype=qtype)

    shapes = (jnp.zeros((8, layout.block_size)), jnp.zeros((8, layout.num_bytes), jnp.uint8))
    lowered = export(jax.jit(there_and_back), platforms=["cpu", "cuda", "tpu"])(*shapes)
    assert lowered.out_avals[0].shape == (8, layout.block_size)


def test_it_runs_on_eight_devices() -> None:
    """With the rows spread over eight devices the bytes are the same, and stay spread."""
    mesh = Mesh(np.array(jax.devices()).reshape(8), ("rows",))
    rows = NamedSharding(mesh, PartitionSpec("rows"))  # type: ignore[no-untyped-call]
    blocks = encode_blocks(jax.device_put(jnp.asarray(NORMAL), rows), qtype="Q4_0")
    np.testing.assert_array_equal(blocks, their_encoder(NORMAL, "Q4_0"))
    weight = decode_blocks(blocks, qtype="Q4_0")
    assert len(weight.sharding.device_set) == 8
