"""Checks of `snippets/precision/layouts.py`."""

import runpy
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "precision" / "layouts.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_layouts_are_those_of_finfo(run: dict[str, Any]) -> None:
    """Bits, ends and steps are those of ml_dtypes' `finfo`, TF32's those of NVIDIA's paper."""
    names = {
        "FP64": np.float64, "FP32": np.float32, "FP16": np.float16, "BF16": ml_dtypes.bfloat16,
        "FP8 E4M3": ml_dtypes.float8_e4m3fn, "FP8 E5M2": ml_dtypes.float8_e5m2,
        "FP6 E3M2": ml_dtypes.float6_e3m2fn, "FP6 E2M3": ml_dtypes.float6_e2m3fn,
        "FP4 E2M1": ml_dtypes.float4_e2m1fn, "E8M0": ml_dtypes.float8_e8m0fnu,
    }  # fmt: skip
    rows = {row["format"]: row for row in run["rows"]}
    tf32 = rows.pop("TF32")
    assert [tf32[key] for key in ("sign", "exponent", "mantissa")] == [1, 8, 10]
    assert set(rows) == set(names)
    for label, dtype in names.items():
        info: Any = ml_dtypes.finfo(dtype)  # type: ignore[no-untyped-call]
        row = rows[label]
        assert (row["bits"], row["mantissa"], row["exponent"]) == (info.bits, info.nmant, info.nexp)
        assert row["sign"] == info.bits - info.nmant - info.nexp
        found = [row[key] for key in ("largest", "normal", "subnormal", "step")]
        assert found == [
            float(x) for x in (info.max, info.smallest_normal, info.smallest_subnormal, info.eps)
        ]


def test_integers_are_those_of_iinfo(run: dict[str, Any]) -> None:
    """The ends of the integers are NumPy's and ml_dtypes'."""
    rows = {row["format"].lower(): row for row in run["whole"]}
    for name in ("int8", "uint8", "int4", "int2"):
        info: Any = ml_dtypes.iinfo(getattr(ml_dtypes, name, None) or getattr(np, name))  # type: ignore[no-untyped-call]
        assert (rows[name]["lowest"], rows[name]["top"]) == (info.min, info.max)


def test_sixteen_bits(run: dict[str, Any]) -> None:
    """FP16 spans 65504 over 2**-14, BF16 almost 2**128 over 2**-126, and eight steps are one."""
    assert run["decades"]["float16"] == pytest.approx(np.log10(65504 * 2.0**14))
    assert run["decades"]["bfloat16"] == pytest.approx(np.log10((2 - 2**-7) * 2.0**127 * 2.0**126))
    assert run["steps_of_half"] == 8
