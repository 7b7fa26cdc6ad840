"""Published quantized checkpoints, predicted from their configurations: to the last byte.

The files are written as headers before a hole, under the names and in the types of the published
ones, and read back; nobody has to download 700 GB.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from explainer.architectures import Architecture, Tensor, architecture
from explainer.checkpoints import agreement, read

WriteSparse = Callable[..., Path]
Entry = tuple[str, tuple[str, tuple[int, ...]]]
TILE = 128
"""DeepSeek-V3 keeps one float32 scale for each tile of 128 × 128 weights."""
SHARED = 32
"""MXFP4 keeps one byte of scale for 32 weights."""


def _deepseek(tensor: Tensor, name: str) -> Iterator[Entry]:
    """Yield what DeepSeek-V3's files hold for one tensor: FP8 and scales, BF16, or F32."""
    if tensor.kind == "buffers":
        yield name, ("F32", tensor.shape)
    elif "proj" in name and "eh_proj" not in name:
        d_out, d_in = tensor.shape
        yield name, ("F8_E4M3", tensor.shape)
        yield f"{name}_scale_inv", ("F32", (-(-d_out // TILE), -(-d_in // TILE)))
    else:
        yield name, ("BF16", tensor.shape)


def _gpt_oss(tensor: Tensor, name: str) -> Iterator[Entry]:
    """Yield what gpt-oss's files hold for one tensor: MXFP4 for the experts' weights, or BF16."""
    if tensor.component == "experts" and tensor.kind == "weights":
        num_experts, d_in, d_out = tensor.shape
        groups = (num_experts, d_out, d_in // SHARED)
        yield f"{name}_blocks", ("U8", (*groups, SHARED // 2))
        yield f"{name}_scales", ("U8", groups)
    else:
        yield name, ("BF16", tensor.shape)


def _layout(
    model: Architecture, stored: Callable[[Tensor, str], Iterator[Entry]]
) -> dict[str, tuple[str, tuple[int, ...]]]:
    return {
        name: kept
        for tensor in model.tensors
        for own in tensor.names()
        for name, kept in stored(tensor, own)
    }


@pytest.mark.slow
def test_deepseek_v3_in_fp8(tmp_path: Path, write_sparse: WriteSparse) -> None:
    """DeepSeek-V3's 684,531,386,000 elements are 684,489,830,656 parameters and agree by name."""
    model = architecture("deepseek-v3", mtp="stored")
    file = read(write_sparse(tmp_path / "model.safetensors", _layout(model, _deepseek)))
    # The Hub's metadata: oracles.md, section 0.
    assert sum(tensor.elements for tensor in file) == 684_531_386_000
    assert file.tensor_bytes == 688_574_839_360
    assert file.types["F8_E4M3"].parameters == 680_571_043_840
    found = agreement(model.closed_form, model, file)
    assert found.file == file.parameters == 671_026_404_352 + 13_463_426_048
    assert found.parameter_bytes == 688_574_839_360 - 4 * 256 * 59
    assert len(found.buffers) == 59
    assert (file.components, file.kinds) == (model.components, model.kinds)


@pytest.mark.parametrize(("size", "gib"), [("120b", "60.77"), ("20b", "12.82")])
def test_gpt_oss_in_mxfp4(tmp_path: Path, write_sparse: WriteSparse, size: str, gib: str) -> None:
    """gpt-oss's blocks and scales agree by name, and take the published bytes."""
    model = architecture(f"gpt-oss-{size}")
    layout = _layout(model, _gpt_oss)
    file = read(write_sparse(tmp_path / "model.safetensors", layout))
    assert f"{file.tensor_bytes / 2**30:.2f}" == gib  # its model card: 60.8 and 12.8 GiB
    assert agreement(model.closed_form, model, file).file == model.total
    assert (file.components, file.kinds) == (model.components, model.kinds)
    named = {tensor.parameter_name for tensor in file if tensor.parameters}
    assert named == set(model.shapes())


def test_missing_blocks_are_named(tmp_path: Path, write_sparse: WriteSparse) -> None:
    """A packed tensor of the wrong size, or one that is missing, is named as what it stands for."""
    model = architecture("gpt-oss-20b")
    name = "model.layers.3.mlp.experts.down_proj"
    layout = _layout(model, _gpt_oss)
    layout[f"{name}_blocks"] = ("U8", (32, 2880, 45, 16))
    layout[f"{name}_scales"] = ("U8", (32, 2880, 45))
    message = rf"`{name}` has 132,710,400 parameters in the file, not \[32, 2880, 2880\]"
    with pytest.raises(ValueError, match=message):
        agreement(model.closed_form, model, read(write_sparse(tmp_path / "a.safetensors", layout)))
    del layout[f"{name}_blocks"], layout[f"{name}_scales"]
    with pytest.raises(ValueError, match=rf"the file lacks `{name}` of shape"):
        agreement(model.closed_form, model, read(write_sparse(tmp_path / "b.safetensors", layout)))


@pytest.mark.parametrize(
    ("stored", "shape", "constants"),
    [
        ("q_proj.qweight", (1, 8), {"q_proj.qzeros": (1, 1), "q_proj.scales": (1, 8)}),
        ("q_proj.weight_packed", (8, 1), {"q_proj.weight_scale": (8, 1)}),
    ],
)
def test_packed_names_stand_for_the_weight(
    tmp_path: Path,
    write_sparse: WriteSparse,
    stored: str,
    shape: tuple[int, ...],
    constants: dict[str, tuple[int, ...]],
) -> None:
    """GPTQ's `qweight` and compressed-tensors' `weight_packed` are the parameter `weight`."""
    layout = {stored: ("I32", shape)}
    layout |= {name: ("I32" if "zeros" in name else "F16", s) for name, s in constants.items()}
    (tmp_path / "config.json").write_text('{"quantization_config": {"bits": 4}}')
    file = read(write_sparse(tmp_path / "model.safetensors", layout))
    assert {tensor.parameter_name: tensor.parameters for tensor in file if tensor.parameters} == {
        "q_proj.weight": 64
    }
