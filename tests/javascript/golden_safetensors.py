"""Golden cases of safetensors headers: MiniLM's own, a packed one, and hundreds of damaged ones."""

from __future__ import annotations

import json
import struct
import tempfile
from pathlib import Path
from typing import Any

from explainer.checkpoints.model_file import RawTensor
from explainer.checkpoints.opening import read_at
from explainer.checkpoints.reading import _stated_shape, _states_shape_of
from explainer.checkpoints.safetensors import read_safetensors_header
from explainer.checkpoints.stored_types import SAFETENSORS_BITS
from tests.checkpoints.test_mutations import Specimen, corpus, write
from tests.javascript.headers import header_cases


def safetensors_cases() -> dict[str, Any]:
    """Return headers with their tensors, every type among them, and the stated shapes of one."""
    _, minilm, packed, _ = corpus()
    specimens = [minilm, packed, _every_type()]
    cases = header_cases(specimens, _tensors, mutations=150, hostile=".safetensors")
    return {"parts": [cases], "stated": _stated(packed)}


def _tensors(*of: Any) -> Any:
    return read_safetensors_header(*of).tensors


def _every_type() -> Specimen:
    """Return a file with a tensor of each type, a scalar and an empty one, in no order."""
    entries: dict[str, Any] = {"__metadata__": {"format": "pt", "é": "\u4e2d"}}
    end = 0
    for name, bits in SAFETENSORS_BITS.items():
        entries[f"x.{name}"] = {"dtype": name, "shape": [2, 4], "data_offsets": [end, end + bits]}
        end += bits
    entries["scalar"] = {"dtype": "F32", "shape": [], "data_offsets": [end, end + 4]}
    entries["empty"] = {"dtype": "F32", "shape": [3, 0, 7], "data_offsets": [8, 8]}
    raw = json.dumps(dict(reversed(entries.items())), ensure_ascii=False).encode() + b"   "
    return Specimen("model.safetensors", struct.pack("<Q", len(raw)) + raw, end + 4)


ODD = (b"", b"{", b'{"shape":[3,0]}', b'{"shape":[true]}', b'{"shape":"3"}', b'{"shape":[5]}')


def _stated(specimen: Specimen) -> list[dict[str, Any]]:
    """Return what tiny tensors of the packed specimen, and odd ones, say of others' shapes."""
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), specimen, specimen.header, 0)
        with path.open("rb", buffering=0) as file:
            found = [
                (one.name, one.type, read_at(file, path, one.offset, one.stored_bytes))
                for one in read_safetensors_header(file, path, len(specimen.header)).tensors
            ]
        names = (f"{at}.weight.quant_state.bitsandbytes__nf4" for at in range(len(ODD)))
        found += [(name, "U8", raw) for name, raw in zip(names, ODD, strict=True)]
        return [_case(*one, path) for one in found]


def _case(name: str, type: str, raw: bytes, path: Path) -> dict[str, Any]:
    tensor = RawTensor(name, (len(raw),), type, 0, len(raw))
    of = _states_shape_of(tensor)
    path.write_bytes(raw)
    with path.open("rb", buffering=0) as file:
        shape = _stated_shape(file, path, tensor) if of else None
    case = {"name": name, "type": type, "bytes": len(raw), "raw": raw.hex()}
    return case | {"of": of, "shape": shape and list(shape)}
