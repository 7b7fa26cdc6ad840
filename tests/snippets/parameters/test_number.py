"""Checks of `snippets/parameters/number.py`."""

import math
import runpy
import struct
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "parameters" / "number.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def number(text: str) -> float:
    """Read a number that is written with a true minus sign."""
    return float(text.replace("−", "-"))


def bfloat16(value: float) -> float:
    """Round the upper half of a float32 to nearest even, bit by bit."""
    bits = struct.unpack("<I", struct.pack("<f", value))[0]
    upper = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16
    return float(struct.unpack("<f", struct.pack("<I", upper << 16))[0])


@pytest.mark.parametrize(("rows", "value"), [("large_rows", -12138.123), ("small_rows", 3.1415926)])
def test_wide_formats_store_what_struct_stores(
    run: dict[str, Any], rows: str, value: float
) -> None:
    """FP64, FP32, FP16 and BF16 keep the number that the standard library's packing keeps."""
    kept = [struct.unpack(code, struct.pack(code, value))[0] for code in ("<d", "<f", "<e")]
    kept.append(bfloat16(value))
    for row, expected in zip(run[rows], kept, strict=False):
        assert math.isclose(number(row["value"]), expected, rel_tol=1e-9)
        assert math.isclose(number(row["error"]), expected - value, rel_tol=0.01, abs_tol=1e-12)


def test_eight_bits(run: dict[str, Any]) -> None:
    """Eight bits: E4M3 has no number that large (NaN), E5M2 keeps a power of two times 1.5."""
    e4m3, e5m2 = run["large_rows"][4:]
    assert (e4m3["value"], e4m3["error"]) == ("NaN", "NaN")
    assert number(e5m2["value"]) == -1.5 * 2**13
    assert [row["value"] for row in run["small_rows"][4:]] == ["3.25", "3"]


def test_widths_and_limit(run: dict[str, Any]) -> None:
    """Widths are those of the names, and E4M3 ends at 1.75 · 2⁸."""
    assert [row["bits"] for row in run["large_rows"]] == [64, 32, 16, 16, 8, 8]
    assert [row["format"] for row in run["small_rows"][4:]] == ["float8_e4m3fn", "float8_e5m2"]
    assert run["largest"] == 1.75 * 2**8
