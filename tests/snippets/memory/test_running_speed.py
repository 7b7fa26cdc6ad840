"""Checks of `snippets/memory/running_speed.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

from explainer.architectures import architecture

SNIPPET = Path(__file__).parents[3] / "snippets" / "memory" / "running_speed.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_tags(run: dict[str, Any]) -> None:
    """The two files have 4.919 and 4.82 bits a parameter, and the models differ 88.1 times."""
    assert run["tags"][0]["bits"] == pytest.approx(8 * 4_683_075_271 / 7_615_616_512)
    assert round(run["tags"][1]["bits"], 2) == 4.82
    assert round(run["times"], 1) == 88.1


def test_roofs(run: dict[str, Any]) -> None:
    """A roof is bandwidth over two bytes of 7,615,616,512 weights less the input embedding."""
    read = 2 * (7_615_616_512 - 152_064 * 3584)
    bandwidths = (1.008e12, 5.46e11, 2.039e12, 3.35e12, 4.8e12)
    for row, bandwidth in zip(run["rows"], bandwidths, strict=True):
        assert row["sixteen"] == pytest.approx(bandwidth / read)


def test_measured(run: dict[str, Any]) -> None:
    """Qwen-7B has its published 7,721,324,544 parameters and reached 30 percent of its roof."""
    assert architecture(run["qwen"]).total == 7_721_324_544
    read = 2 * (7_721_324_544 - 151_936 * 4096) + 1024 * 524_288
    assert run["reached"] == pytest.approx(40.93 * read / 2.039e12)


def test_batch(run: dict[str, Any]) -> None:
    """An A100 is bound by compute beyond 153 texts; ten tokens a second leave 54.6 GB."""
    assert round(run["crossing"]) == 153
    assert run["largest"] == 54.6e9
    slopes = [speed / size for speed, size in zip(run["speeds"], run["batches"], strict=True)]
    assert slopes[0] == pytest.approx(slopes[7])
    assert slopes[8] < 0.7 * slopes[7]
