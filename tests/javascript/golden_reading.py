"""Golden cases of reading JSON: texts as the library takes or refuses them, thousands damaged."""

from __future__ import annotations

import json
import random
import struct
from collections.abc import Iterator
from typing import Any

from explainer.architectures import known_config, parse_config

NUMBERS = (
    *("4096", "4096.0", "4096.", ".5", "1e3", "1E+3", "1e-3", "1.5e3", "-0", "-0.0"),
    *("0e0", "1e400", "1e-400"),
    *("04096", "00", "-01", "+1", "- 1", "-", "1e", "1e+", "0x10", "4_096", "1 2", "4096L", "٣"),
    *("NaN", "-NaN", "Infinity", "-Infinity", "+Infinity", "nan", "Inf", "-", "--1", "1.2.3"),
    *("9007199254740991", "9007199254740992", "9007199254740993", "-9007199254740993"),
    *("18446744073709551615", "18446744073709551616", "1" + "0" * 30, "123456789012345678901234"),
    *("9" * 4300, "-" + "9" * 4300, "9" * 4301, "9" * 4301 + ".5", "0." + "3" * 5000),
)
LETTERS = (
    *("\\n", "\\u0041", "\\u00e9", "\\ud83d\\ude00", "\\ud83d", "\\ude00", "\\q", "\\x41", "\\u12"),
    *("\\u 123", "\\U0041", "\\", "\\\\", '\\"', "\\\\\\", '\\\\\\"'),
    *("\t", "\n", "\x00", "\x1f", "\x7f"),
    *("\u2028", "\ufeff", "\U0001f600", "é", "'", "/", "\\/"),
)
TEXTS = (
    '{"n_layer": 12}',
    ' {"a": {"b": [1, {"b": 2}]}, "b": "{\\"b\\": 1}"}\n',
    '\ufeff{"a": "\u4e2d\\u6587"}',
    "{}",
    "",
    "   ",
    "[1, 2]",
    "7",
    "null",
    '"text"',
    '{"a": 1,}',
    '{"a": 1',
    "{'a': 1}",
    "{a: 1}",
    '{"a": 1} {"b": 2}',
    '{"a": 1, "a": 2}',
    '{"a": 1, "\\u0061": 2}',
    '{"c": {"a": 1, "b": {"a": 1}, "a": null}}',
    '{"c": [{"a": 1}, {"a": 1}], "a": [":", "a"]}',
    "GGUF\x03",
    "<html></html>",
    '{"a": ' + "[" * 30 + "]" * 30 + "}",
    # Numbers: which are whole, and to the last digit.
    *(f'{{"a": {number}}}' for number in NUMBERS),
    *(f'{{"a": [{number}, {number}]}}' for number in NUMBERS),
    # Letters and escapes.
    *(f'{{"{text}": "{text}"}}' for text in LETTERS),
    *(f'{{"a": {text}}}' for text in ("tru", "True", "nul", "nullx", "none", "truefalse", "")),
    '{"__proto__": 1, "constructor": {"__proto__": null}, "toString": 2}',
    '{"2": 1, "10": 2, "1": 3}',
    '{"": 1}',
    '{"a" : 1 ,\t"b"\r:\n[ ] , "c" : { } }',
    '{"a": 1}\f',
    '\xa0{"a": 1}',
    '{"a": 1}\0',
    '{"a": [1,]}',
    '{"a": [,1]}',
    '{,"a": 1}',
    '{"a" 1}',
    '{"a": 1 "b": 2}',
    '{"a": // no\n 1}',
    "\ufeff\ufeff{}",
    *("[" * depth + "]" * depth for depth in (99, 100, 101)),
    *('{"a":' * depth + "1" + "}" * depth for depth in (99, 100, 101, 5000)),
    *('{"a":' + "[" * depth + "]" * depth + "}" for depth in (99, 100)),
    '{"a": ' + "[" * 200_000,
)
ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
BYTES = (
    b'{"a": "\xff"}',
    b'{"a": "\xed\xa0\x80"}',
    b'{"a": "\xc0\x80"}',
    b'{"a": "\xe4\xb8"}',
    "{}".encode("utf-16")[:-1],
    b'{\0"\0\x00\xd8"\0:\x001\0}\0',
)


def reading_cases() -> list[dict[str, Any]]:
    """Return bytes with what they hold, each number marked as whole or not; None if refused."""
    return [{"bytes": text.hex(), "found": _found(text)} for text in _texts()]


def _texts() -> Iterator[bytes]:
    for text in TEXTS:
        yield text.encode()
    for encoding in ENCODINGS:
        for text in ('{"a\u4e2d": 12, "b": "\U0001f600"}', "{}", "[1]"):
            yield text.encode(encoding)
    yield from BYTES
    rng = random.Random(0)
    sound = [
        json.dumps(known_config(name), indent=indent)
        for name in ("gpt2", "deepseek-v3")
        for indent in (None, 1)
    ]
    sound.append('{"a": [-1.5e+3, 0, [true, null]], "b\\n\\u4e2d": {"c": "\\"}", "d": {}}}')
    for turn in range(4000):
        yield _damaged(sound[turn % len(sound)], rng).encode()


ALPHABET = [*'{}[]",:0123456789.eE+-\\ tnu/', "null", "NaN", "Infinity", "\n", "\t", "é", '"a":1,']


def _damaged(text: str, rng: random.Random) -> str:
    """Return a text with a few places changed, taken out or put in."""
    for _ in range(rng.choice((1, 1, 2, 4))):
        at, cut = rng.randrange(len(text)), rng.choice((0, 0, 1, 1, 2, 9))
        new = rng.choice(ALPHABET) if rng.random() < 0.8 else text[rng.randrange(len(text)) :][:9]
        text = text[:at] + new + text[at + cut :]
    return text


def _found(text: bytes) -> Any:
    try:
        return _marked(parse_config(text, "text"))
    except ValueError:
        return None


def _marked(value: Any) -> Any:
    """Return a value with the digits of whole numbers and the bits of others, its keys in order."""
    if isinstance(value, dict):
        return {"object": [[key, _marked(value[key])] for key in sorted(value, key=_units)]}
    if isinstance(value, list):
        return [_marked(one) for one in value]
    if type(value) is int:
        return {"whole": str(value)}
    if isinstance(value, float):
        return {"bits": "nan" if value != value else struct.pack(">d", value).hex()}
    return value


def _units(text: str) -> bytes:
    """Return the UTF-16 of a text, by which scripts sort."""
    return text.encode("utf-16-be", "surrogatepass")
