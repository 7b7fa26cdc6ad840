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
    odd = [struct.pack("<Q", len(raw)) + raw + bytes(data) for raw, data in _odd()]
    cases = header_cases(specimens, _tensors, mutations=150, hostile=".safetensors", odd=odd)
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


ENTRY = '{"dtype":"U8","shape":[2,4],"data_offsets":[0,8]}'
ENTRIES = (
    *(
        ENTRY.replace("[2,4]", shape)
        for shape in ("[8]", "[8.0]", "[8e0]", "[0.8e1]", "[-0]", "[]")
    ),
    *(ENTRY.replace("[2,4]", f"[{8},{number}]") for number in ("1", "1.0", "true", "null", '"1"')),
    *(ENTRY.replace("[0,8]", f"[{number},8]") for number in ("-0", "0.0", "0e0", "false", "00")),
    *(ENTRY.replace("[0,8]", ends) for ends in ("[0,9007199254740993]", "[0,1e1]", "[0,8,8]", "8")),
    *(
        ENTRY.replace('"U8"', dtype)
        for dtype in ('"u8"', '"U9"', "8", "null", '["U8"]', '"toString"')
    ),
    *(
        ENTRY.replace("{", '{"x":' + value + ",", 1)
        for value in ("NaN", "1e999", '"\\ud800"', "tru")
    ),
    *(ENTRY.replace("{", '{"x":' + "[" * n + "]" * n + ",", 1) for n in (14, 15, 16, 17)),
    *(ENTRY.replace("{", '{"x":' + '{"a":' * n + "1" + "}" * n + ",", 1) for n in (14, 15, 16)),
    *(ENTRY.replace("{", '{"x":"' + "é" * n + '",', 1) for n in (32_000, 32_738, 32_739, 32_740)),
    *(ENTRY.replace("{", '{"x":"' + "a" * n + '",', 1) for n in (65_477, 65_478, 65_479, 65_480)),
    ENTRY.replace("}", ',"dtype":"U8"}'),
    "null",
    "[]",
    "8",
)
EMPTY = '{"dtype":"U8","shape":%s,"data_offsets":[%d,%d]}'
EMPTIES = (
    *("[0]", "[9007199254740993,0]", "[18446744073709551615,0]", "[18446744073709551616,0]"),
    *("[9223372036854775808,2,0]", "[0,9223372036854775808,2]", "[2305843009213693952,8,0]"),
    *("[0,18446744073709551615,18446744073709551615]", "[0.0]", "[-1,0]", "[1]"),
)
NAMES = (
    "__proto__",
    "constructor",
    "",
    "\\u0061",
    "\\ud800",
    "\\ud83d\\ude00",
    "\\q",
    "1",
    "a\\u0000",
)
METADATA = (
    *("null", "{}", "[]", "1", '"x"', '{"a":1}', '{"a":null}', '{"a":"b","a":"c"}', "NaN", "{,}"),
    *(
        '{"__proto__":"b"}',
        '{"a":"\\ud800"}',
        '{"\\ude00":"b"}',
        '{"\\ud83d":"\\ude00"}',
        '{"a":"b",}',
    ),
    *('{"a":"' + text + "x" * n + '"}' for text in ("\\n", "\\q", "\\ud800") for n in (9, 70_000)),
    *('{"' + "k" * n + '":"v"}' for n in (65_533, 65_534, 65_535)),
    *("{" + ",".join(f'"{n}":""' for n in range(most)) + "}" for most in (4096, 4097)),
)


def _odd() -> list[tuple[bytes, int]]:
    """Return headers that test what JSON allows and what a header may hold, each with its data."""
    found = [(f'{{"a":{entry}}}', 8) for entry in ENTRIES]
    found += [(f'{{"a":{EMPTY % (shape, at, at)}}}', 0) for shape in EMPTIES for at in (0, 8)]
    found += [(f'{{"{name}":{ENTRY}}}', 8) for name in NAMES]
    found += [(f'{{"{"n" * n}":{ENTRY}}}', 8) for n in (65_533, 65_534, 65_535)]
    found += [(f'{{"__metadata__":{text},"a":{ENTRY}}}', 8) for text in METADATA]
    found += [(f'{{"__metadata__":{{}},"a":{ENTRY},"__metadata__":{{}}}}', 8)]
    found += [(f'{{"10":{ENTRY},"9":{EMPTY % ("[0]", 8, 8)}}}', 8)]
    whole = f'{{"a":{ENTRY}}}'
    found += [
        (before + whole + after, 8)
        for before, after in (" \n", "\ufeff ", "\t\r", " \0", " ,", "[]")
    ]
    found += [(whole[:-1], 8), (whole[:-1] + ",}", 8), (whole, 7), (whole, 9), ("{}", 0), ("", 0)]
    wide = [(whole.encode(encoding), 8) for encoding in ("utf-16", "utf-16-le")]
    return [*((text.encode(), data) for text, data in found), *wide]


ODDER = (
    b'{"shape":[5.0]}',
    b'{"shape":[5e0]}',
    b'{"shape":[NaN]}',
    b'{"x":NaN,"shape":[5]}',
    b"\xff",
)
ODD = (
    b"",
    b"{",
    b'{"shape":[3,0]}',
    b'{"shape":[true]}',
    b'{"shape":"3"}',
    b'{"shape":[5]}',
    *ODDER,
)


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
