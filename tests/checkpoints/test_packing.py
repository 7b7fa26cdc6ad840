"""Logical parameters of quantized checkpoints: 4096 × 512 stays 4096 × 512, however stored."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from explainer.checkpoints import ModelFileError, read

OUT, IN, GROUP = 512, 4096, 128
Layout = dict[str, tuple[str, tuple[int, ...]]]
WriteSparse = Callable[..., Path]


def _gptq(bits: int) -> Layout:
    return {
        "m.layers.0.mlp.up_proj.qweight": ("I32", (IN * bits // 32, OUT)),
        "m.layers.0.mlp.up_proj.qzeros": ("I32", (IN // GROUP, OUT * bits // 32)),
        "m.layers.0.mlp.up_proj.scales": ("F16", (IN // GROUP, OUT)),
        "m.layers.0.mlp.up_proj.g_idx": ("I32", (IN,)),
    }


LAYOUTS: dict[str, Layout] = {
    **{f"gptq {bits} bits": _gptq(bits) for bits in (2, 3, 4, 8)},
    "awq": {
        "m.layers.0.mlp.up_proj.qweight": ("I32", (IN, OUT // 8)),
        "m.layers.0.mlp.up_proj.qzeros": ("I32", (IN // GROUP, OUT // 8)),
        "m.layers.0.mlp.up_proj.scales": ("F16", (IN // GROUP, OUT)),
    },
    "bitsandbytes 4 bits": {
        "m.layers.0.mlp.up_proj.weight": ("U8", (OUT * IN // 2, 1)),
        "m.layers.0.mlp.up_proj.weight.absmax": ("U8", (OUT * IN // 64,)),
        "m.layers.0.mlp.up_proj.weight.quant_map": ("F32", (16,)),
        "m.layers.0.mlp.up_proj.weight.nested_absmax": ("F32", (OUT * IN // 64 // 256,)),
        "m.layers.0.mlp.up_proj.weight.nested_quant_map": ("F32", (256,)),
        "m.layers.0.mlp.up_proj.weight.quant_state.bitsandbytes__nf4": ("U8", (93,)),
    },
    "bitsandbytes 4 bits in bf16 storage": {
        "m.layers.0.mlp.up_proj.weight": ("BF16", (OUT * IN // 4, 1)),
        "m.layers.0.mlp.up_proj.weight.absmax": ("F32", (OUT * IN // 64,)),
        "m.layers.0.mlp.up_proj.weight.quant_map": ("F32", (16,)),
    },
    "bitsandbytes 8 bits": {
        "m.layers.0.mlp.up_proj.weight": ("I8", (OUT, IN)),
        "m.layers.0.mlp.up_proj.SCB": ("F32", (OUT,)),
        "m.layers.0.mlp.up_proj.weight_format": ("U8", ()),
    },
    "fp8 in blocks": {
        "m.layers.0.mlp.up_proj.weight": ("F8_E4M3", (OUT, IN)),
        "m.layers.0.mlp.up_proj.weight_scale_inv": ("F32", (OUT // 128, IN // 128)),
    },
    "compressed-tensors fp8": {
        "m.layers.0.mlp.up_proj.weight": ("F8_E4M3", (OUT, IN)),
        "m.layers.0.mlp.up_proj.weight_scale": ("BF16", (OUT, 1)),
        "m.layers.0.mlp.up_proj.input_scale": ("BF16", (1,)),
        "m.layers.0.self_attn.k_scale": ("BF16", (1,)),
    },
    "compressed-tensors nvfp4": {
        "m.layers.0.mlp.up_proj.weight_packed": ("U8", (OUT, IN // 2)),
        "m.layers.0.mlp.up_proj.weight_scale": ("F8_E4M3", (OUT, IN // 16)),
        "m.layers.0.mlp.up_proj.weight_global_scale": ("F32", (1,)),
        "m.layers.0.mlp.up_proj.input_global_scale": ("F32", (1,)),
    },
    "modelopt nvfp4": {
        "m.layers.0.mlp.up_proj.weight": ("U8", (OUT, IN // 2)),
        "m.layers.0.mlp.up_proj.weight_scale": ("F8_E4M3", (OUT, IN // 16)),
        "m.layers.0.mlp.up_proj.weight_scale_2": ("F32", ()),
        "m.layers.0.mlp.up_proj.input_scale": ("F32", ()),
    },
    "mxfp4 of gpt-oss": {
        "m.layers.0.mlp.experts.down_proj_blocks": ("U8", (4, OUT // 4, IN // 32, 16)),
        "m.layers.0.mlp.experts.down_proj_scales": ("U8", (4, OUT // 4, IN // 32)),
    },
    "mxfp4 of gpt-oss, original names": {
        "block.0.mlp.mlp1_weight.blocks": ("U8", (4, OUT // 4, IN // 32, 16)),
        "block.0.mlp.mlp1_weight.scales": ("U8", (4, OUT // 4, IN // 32)),
    },
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_parameters_are_those_before_packing(
    tmp_path: Path, write_sparse: WriteSparse, layout: str
) -> None:
    """Each packing counts 4096 × 512 parameters, and all its bytes as their cost."""
    file = read(write_sparse(tmp_path / "model.safetensors", LAYOUTS[layout]))
    assert file.parameters == OUT * IN
    assert file.parameter_bytes == file.tensor_bytes
    assert file.kinds == {"weights": OUT * IN, "biases": 0, "gains": 0, "buffers": 0}
    assert sum(t.parameters > 0 for t in file) == 1


def test_true_bits_of_gptq(tmp_path: Path, write_sparse: WriteSparse) -> None:
    """Four bits in groups of 128 cost 4 + (16 + 4) / 128 bits, and g_idx 32 / 512 more."""
    file = read(write_sparse(tmp_path / "model.safetensors", _gptq(4)))
    assert file.bits_per_parameter == 4 + 20 / 128 + 32 / 512


@pytest.mark.parametrize("odd_in", [4096, 4093])
def test_compressed_tensors_state_their_shape(
    tmp_path: Path, write_sparse: WriteSparse, odd_in: int
) -> None:
    """`weight_shape` decides, also where the last word of a row is not full."""
    words = -(-odd_in // 8)
    layout: Layout = {
        "m.up_proj.weight_packed": ("I32", (OUT, words)),
        "m.up_proj.weight_scale": ("BF16", (OUT, 32)),
        "m.up_proj.weight_zero_point": ("I32", (OUT // 8, 32)),
        "m.up_proj.weight_shape": ("I64", (2,)),
    }
    stated = OUT.to_bytes(8, "little") + odd_in.to_bytes(8, "little")
    path = tmp_path / "model.safetensors"
    file = read(write_sparse(path, layout, {"m.up_proj.weight_shape": stated}))
    assert file.parameters == OUT * odd_in


def test_bitsandbytes_states_an_odd_shape(tmp_path: Path, write_sparse: WriteSparse) -> None:
    """Nine parameters in five bytes are nine, as the stored state says, and not ten."""
    state = json.dumps({"quant_type": "nf4", "shape": [3, 3]}).encode()
    name = "m.weight.quant_state.bitsandbytes__nf4"
    layout: Layout = {
        "m.weight": ("U8", (5, 1)),
        "m.weight.absmax": ("F32", (1,)),
        "m.weight.quant_map": ("F32", (16,)),
        name: ("U8", (len(state),)),
    }
    file = read(write_sparse(tmp_path / "model.safetensors", layout, {name: state}))
    assert file.parameters == 9


MLX: Layout = {
    "model.layers.0.mlp.up_proj.weight": ("U32", (OUT, IN // 8)),
    "model.layers.0.mlp.up_proj.scales": ("F16", (OUT, IN // 64)),
    "model.layers.0.mlp.up_proj.biases": ("F16", (OUT, IN // 64)),
}


@pytest.mark.parametrize(
    ("config", "parameters"),
    [
        ({"quantization": {"group_size": 64, "bits": 4}}, OUT * IN),
        ({"quantization": {"group_size": 32, "bits": 8}}, OUT * IN // 2),
        (
            {"quantization": {"bits": 8, "model.layers.0.mlp.up_proj": {"bits": 4}}},
            OUT * IN,
        ),
    ],
)
def test_mlx_needs_its_config(
    tmp_path: Path, write_sparse: WriteSparse, config: dict[str, object], parameters: int
) -> None:
    """4 bits by 64 and 8 bits by 32 look alike in the file; `config.json` beside it decides."""
    path = write_sparse(tmp_path / "model.safetensors", MLX)
    with pytest.raises(ModelFileError, match=r"put the model's config\.json"):
        read(path)
    (tmp_path / "config.json").write_text(json.dumps(config))
    file = read(path)
    assert file.parameters == parameters
    assert file.kinds["biases"] == 0


def test_a_broken_config_is_as_good_as_none(tmp_path: Path, write_sparse: WriteSparse) -> None:
    """A config.json that is no JSON ends in the same error, not in another exception."""
    path = write_sparse(tmp_path / "model.safetensors", MLX)
    for content in (b"[" * 100_000, b"\xff", b'{"quantization": {"bits": true}}', b"[]"):
        (tmp_path / "config.json").write_bytes(content)
        with pytest.raises(ModelFileError, match="nothing says"):
            read(path)


def test_an_impossible_stated_shape_is_refused(tmp_path: Path, write_sparse: WriteSparse) -> None:
    """A stated shape that its bytes cannot hold is an error, not a count."""
    layout: Layout = {
        "m.weight_packed": ("I32", (OUT, 8)),
        "m.weight_shape": ("I64", (2,)),
    }
    stated = (2**40).to_bytes(8, "little") * 2
    path = tmp_path / "model.safetensors"
    with pytest.raises(ModelFileError, match="which cannot be"):
        read(write_sparse(path, layout, {"m.weight_shape": stated}))


def test_unquantized_neighbours_stay_parameters(tmp_path: Path, write_sparse: WriteSparse) -> None:
    """A tensor named like a scale, without a quantized neighbour, is counted."""
    layout: Layout = {
        "block.0.attn.norm.scale": ("BF16", (64,)),
        "model.layers.0.biases": ("F32", (8,)),
        "model.scales": ("F32", (4,)),
        "model.q.weight": ("BF16", (4, 4)),
        "model.q.scale": ("BF16", (4,)),
    }
    file = read(write_sparse(tmp_path / "model.safetensors", layout))
    assert file.parameters == 64 + 8 + 4 + 16 + 4
