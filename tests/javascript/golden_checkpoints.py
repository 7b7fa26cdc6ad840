"""Golden cases of what tensors stand for: packings, whole files, and what is no model."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from explainer.architectures import Tensor, architecture, known_config
from explainer.checkpoints import ModelFile, ModelFileError, read
from explainer.checkpoints.meaning import interpret
from explainer.checkpoints.model_file import RawTensor
from explainer.checkpoints.opening import recognise
from explainer.checkpoints.safetensors import SafetensorsHeader
from explainer.cli.inspect import summary
from explainer.models import path as model_path
from tests.checkpoints.conftest import BITS
from tests.checkpoints.test_hostile import CONTENTS
from tests.checkpoints.test_packing import LAYOUTS, MLX
from tests.checkpoints.test_published import _deepseek, _gpt_oss, _layout

Layout = Mapping[str, tuple[str, tuple[int, ...]]]
TINY = {"num_hidden_layers": 4, "n_routed_experts": 8, "num_nextn_predict_layers": 1}
NEIGHBOURS: Layout = {
    "block.0.attn.norm.scale": ("BF16", (64,)),
    "model.layers.0.biases": ("F32", (8,)),
    "model.scales": ("F32", (4,)),
    "model.q.weight": ("BF16", (4, 4)),
    "model.q.scale": ("BF16", (4,)),
    "lm_head.weight": ("BF16", (8, 4)),
    "model.embed_tokens.weight": ("BF16", (8, 4)),
    "h.0.attn.bias": ("F32", (1, 1, 4, 4)),
    "something.unknown": ("F32", ()),
    "m.weight_packed": ("I32", (512, 8)),
    "m.weight_shape": ("I64", (2,)),
}
CONFIGS: tuple[dict[str, Any], ...] = (
    {"quantization": {"group_size": 64, "bits": 4}},
    {"quantization": {"bits": 8, "model.layers.0.mlp.up_proj": {"bits": 4}}},
    {"quantization": {"bits": True}},
    {"quantization_config": {"bits": 8}},
    {"quantization_config": {"config_groups": {"a": {"weights": {"num_bits": 4}}, "b": 3}}},
    {"quantization_config": {"config_groups": {"a": {"weights": {"num_bits": 4}}, "b": {}}}},
    {"quantization_config": [4]},
)


def checkpoints_cases() -> dict[str, Any]:
    """Return files with their totals, and first bytes of files."""
    return {
        "files": list(_files()),
        "heads": [_head(name, head) for name, head in _heads()],
    }


def _heads() -> Iterator[tuple[str, bytes]]:
    """Yield names and first bytes of files: hostile ones, and headers that begin like others."""
    for name, (content, _) in CONTENTS.items():
        yield name, content[:512]
    for magic in (
        b"\x89HDF",
        b"\x1f\x8b\x08",
        b"7z\xbc\xaf",
        b"\x93NUMPY",
        b"lmgg",
        b"tjgg",
        b"fmgg",
    ):
        yield "model.safetensors", magic.ljust(64, b"\0")
    for length in (2, 640, 896, 1152, 1408, 35_615, 640 + 2**16, 2**32 - 1, 2**32, 2**40 + 640):
        for name in ("model.safetensors", "model.bin", "model", "MODEL.SAFETENSORS"):
            yield name, length.to_bytes(8, "little") + b'{"a"'
            yield name, length.to_bytes(8, "little") + b' {"a"'


def _files() -> Iterator[dict[str, Any]]:
    """Yield tensors, what is known beside them, and the library's totals."""
    for model in ("smollm2", "minilm"):
        yield _case(read(model_path(model)).tensors)
    for layout in (*LAYOUTS.values(), NEIGHBOURS, MLX):
        yield _case(_raw(layout))
    for config in CONFIGS:
        yield _case(_raw(MLX), config=config)
        yield _case(_raw({key: NEIGHBOURS[key] for key in ("m.weight_packed",)}), config=config)
    for shape in ((512, 64), (512, 61), (2**40, 2**40), (1, 1)):
        yield _case(_raw(NEIGHBOURS), shapes={"m.weight_packed": shape})
    tiny = architecture({**known_config("deepseek-v3"), **TINY}, mtp="stored")
    yield _case(_raw(_layout(tiny, _deepseek)))
    yield _case(_raw(_layout(architecture("gpt-oss-20b"), _gpt_oss)))
    for name in ("gpt2", "bert-base", "bart-large", "gemma-2-2b", "mixtral-8x7b"):
        yield _case(_raw(_layout(architecture(name), _plain)))


def _plain(tensor: Tensor, name: str) -> Iterator[tuple[str, tuple[str, tuple[int, ...]]]]:
    yield name, ("F16" if len(tensor.shape) > 1 else "F32", tensor.shape)


def _raw(layout: Layout) -> list[RawTensor]:
    found, end = [], 0
    for name, (dtype, shape) in layout.items():
        one = RawTensor(name, shape, dtype, end, 0)
        stored = one.elements * BITS[dtype] // 8
        found.append(RawTensor(name, shape, dtype, end, stored))
        end += stored
    return found


def _case(
    tensors: Iterable[RawTensor],
    config: Mapping[str, Any] | None = None,
    shapes: Mapping[str, tuple[int, ...]] | None = None,
) -> dict[str, Any]:
    raw = [RawTensor(t.name, t.shape, t.type, t.offset, t.stored_bytes) for t in tensors]
    given = [[t.name, ",".join(map(str, t.shape)), t.type, t.stored_bytes, t.elements] for t in raw]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.safetensors"
        (Path(folder) / "config.json").write_text(json.dumps(config or {}))
        try:
            file = interpret(path, (path,), [SafetensorsHeader({}, raw, 0)], dict(shapes or {}))
        except ModelFileError:
            found = None
        else:
            found = _totals(file)
    return {"tensors": given, "config": config, "shapes": dict(shapes or {}), "found": found}


def _totals(file: ModelFile) -> dict[str, Any]:
    said = summary(file)
    return {
        "tensors": len(file.tensors),
        "tensorBytes": file.tensor_bytes,
        "parameters": file.parameters,
        "parameterBytes": file.parameter_bytes,
        "apart": any("are stored apart" in note for note in file.notes),
        "kinds": said["kinds"],
        "components": said["components"],
        "types": said["types"],
    }


def _head(name: str, head: bytes) -> dict[str, Any]:
    try:
        found: str | None = recognise(head, Path(name), len(head))
    except ModelFileError:
        found = None
    return {"name": name, "head": head.hex(), "found": found}
