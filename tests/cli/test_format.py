"""`explainer format` as a user meets it: bits, values, errors, exit codes, speed."""

from __future__ import annotations

import json
import math
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from click.testing import CliRunner, Result

from explainer.cli import main
from explainer.formats import FORMATS

EXPLAINER = Path(sys.executable).with_name("explainer")
KEYS = [
    "input", "format", "bits", "sign", "exponent", "mantissa", "value", "error", "below", "above",
    "overflowed",
]  # fmt: skip


def show(*arguments: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, ["format", *arguments])


def as_json(*arguments: str) -> Any:
    """Return what `--json` prints."""
    done = show(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout, parse_constant=pytest.fail)  # neither NaN nor Infinity


def test_json_of_a_tenth() -> None:
    """A tenth in BF16, worked out by hand: 1.6015625 times 2 to the -4, and its neighbours."""
    assert as_json("0.1", "--as", "bfloat16") == {
        "input": 0.1,
        "format": "bfloat16",
        "bits": "0011110111001101",
        "sign": 0,
        "exponent": 123,
        "mantissa": 77,
        "value": (1 + 77 / 128) / 16,
        "error": (1 + 77 / 128) / 16 - 0.1,
        "below": (1 + 76 / 128) / 16,
        "above": (1 + 78 / 128) / 16,
        "overflowed": False,
    }


@pytest.mark.parametrize("number", ["0.1", "-2.5", "70000", "257", "3.141592653589793", "1e-6"])
def test_bits_are_those_of_ml_dtypes(number: str) -> None:
    """For every format with a dtype, bits and value are what ml_dtypes or NumPy stores."""
    for each in as_json(number):
        assert list(each) == KEYS
        format = FORMATS[each["format"]]
        if format.dtype is None or format.kind != "float" or "e8m0" in format.name:
            continue
        with np.errstate(over="ignore"):
            stored = np.array([float(number)]).astype(format.dtype)
        code = int(stored.view(f"u{stored.itemsize}")[0])
        assert each["bits"] == f"{code:0{format.bits}b}"
        value = float(stored[0])
        assert each["value"] == (value if math.isfinite(value) else str(value))
        largest = float(ml_dtypes.finfo(format.dtype).max)  # type: ignore[no-untyped-call]
        assert each["overflowed"] == (abs(float(number)) > largest)


def test_fp64_is_the_machines() -> None:
    """FP64's bits are those that `struct` packs."""
    found = as_json("0.1", "--as", "fp64")
    assert found["bits"] == f"{int.from_bytes(struct.pack('>d', 0.1)):064b}"
    assert found["error"] == 0
    assert (found["below"], found["above"]) == (math.nextafter(0.1, 0), math.nextafter(0.1, 1))


@pytest.mark.parametrize(
    ("number", "format", "value", "overflowed"),
    [
        ("inf", "bf16", "inf", False),
        ("-inf", "e5m2", "-inf", False),
        ("inf", "e4m3", "nan", True),
        ("nan", "fp16", "nan", False),
        ("1e400", "fp64", "inf", True),
        ("-1e400", "fp32", "-inf", True),
        ("1e400", "int8", 127.0, True),
        ("0x1p-3", "fp16", 0.125, False),
        ("-0x1.8p-3", "e4m3", -0.1875, False),
        ("0x1p9999", "bf16", "inf", True),
        ("464", "e4m3", 448.0, False),
        ("465", "e4m3", "nan", True),
        ("6.9", "fp4", 6.0, False),
        ("7", "fp4", 6.0, True),
        ("-5", "uint8", 0.0, True),
        ("-5", "e8m0", "nan", False),
        ("2", "nf4", 1.0, True),
        ("70000", "fp16", "inf", True),
    ],
)
def test_the_ends(number: str, format: str, value: Any, overflowed: bool) -> None:
    """Infinities, NaN, hexadecimals and what is too large come out as the standards say."""
    found = as_json(number, "--as", format)
    assert (found["value"], found["overflowed"]) == (value, overflowed)
    x = float.fromhex(number) if "0x" in number and "9999" not in number else None
    assert x is None or found["input"] == x


def test_too_large_for_fp64_keeps_its_text() -> None:
    """1e400 is echoed as it was written, and toward zero it is the largest number."""
    found = as_json("1e400", "--as", "fp64", "--rounding", "toward_zero")
    assert found["input"] == "1e400"
    assert found["value"] == sys.float_info.max
    assert found["overflowed"]


def test_negative_zero_keeps_its_sign() -> None:
    """-0 needs no `--`, and is stored with its sign; an integer has none."""
    found = as_json("-0", "--as", "bf16")
    assert found["bits"] == "1" + "0" * 15
    assert math.copysign(1, found["value"]) == -1
    assert as_json("-0", "--as", "int4")["bits"] == "0000"


def test_stochastic_takes_a_seed() -> None:
    """The same seed gives the same; among many seeds both neighbours appear, and nothing else."""
    options = ("0.1", "--as", "e5m2", "--rounding", "stochastic", "--seed")
    values = [as_json(*options, str(seed))["value"] for seed in range(40)]
    assert values == [as_json(*options, str(seed))["value"] for seed in range(40)]
    assert set(values) == {0.09375, 0.109375}


def test_overflow_can_saturate() -> None:
    """`--overflow saturate` gives the largest number where the standard gives NaN."""
    found = as_json("1000", "--as", "e4m3", "--overflow", "saturate")
    assert (found["value"], found["overflowed"]) == (448.0, True)


def test_tables_show_all_formats_and_the_parts_of_one() -> None:
    """Without --as every format has a row; with it the parts stand apart."""
    done = show("70000")
    assert done.exit_code == 0
    assert all(format.label in done.stdout for format in FORMATS.values())
    assert "overflow" in done.stdout
    one = show("0.1", "--as", "bf16").stdout
    assert "0 01111011 1001101" in one
    assert "123, bias 127" in one
    assert "77 of 128" in one


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("abc",), "'abc' is no number"),
        (("0.1", "--as", "fp8"), "e4m3 or e5m2"),
        (("0.1", "--as", "float7"), "must be one of float64"),
        (("0.1", "--rounding", "up"), "'up' is not one of"),
        (("0.1", "0.2"), "unexpected extra argument"),
        (("-1", "--foo"), "unexpected extra argument"),
        ((), "Missing argument"),
    ],
)
def test_errors_go_to_standard_error(arguments: tuple[str, ...], said: str) -> None:
    """A wrong number, format or option is said on standard error, with exit code 2."""
    done = show(*arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert said in done.stderr


def test_jax_is_not_imported() -> None:
    """The command starts without JAX."""
    code = (
        "import sys; from explainer.cli import main\n"
        "main(['format', '0.1', '--as', 'bf16'], standalone_mode=False)\n"
        "assert 'jax' not in sys.modules and 'jaxlib' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
