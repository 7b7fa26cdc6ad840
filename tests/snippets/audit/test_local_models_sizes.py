"""Checks of `snippets/audit/local_models_sizes.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "audit" / "local_models_sizes.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_counts(run: dict[str, Any]) -> None:
    """The totals are those of the models as transformers builds them, on the meta device."""
    assert [row["total"] for row in run["rows"]] == [
        1_777_088_000,
        7_615_616_512,
        8_030_261_248,
        14_770_033_664,
        32_763_876_352,
        70_553_706_496,
        671_026_404_352,
    ]


def test_active(run: dict[str, Any]) -> None:
    """Of R1's 256 experts a layer, 8 work on a token; of a student, everything does."""
    resting = 58 * (256 - 8) * 3 * 7168 * 2048
    assert run["rows"][-1]["active"] == 671_026_404_352 - resting == 37_552_282_624
    assert all(row["active"] == row["total"] for row in run["rows"][:-1])
    assert round(run["of_seventy"], 3) == 0.532


def test_scores(run: dict[str, Any]) -> None:
    """The scores are those of the published table, in its order of models."""
    assert [row["score"] for row in run["rows"]] == [28.9, 55.5, 50.4, 69.7, 72.6, 70.0, 79.8]


def test_built(run: dict[str, Any]) -> None:
    """Only R1 has experts and the compressed attention."""
    assert list(run["kinds"].values()) == [
        {"experts": 256, "mla": True},
        {"experts": 0, "mla": False},
        {"experts": 0, "mla": False},
    ]


def test_times(run: dict[str, Any]) -> None:
    """R1 has 88.1 times the parameters of the 7B student, and uses 4.93 times as many."""
    assert round(671_026_404_352 / 7_615_616_512, 1) == round(run["times"], 1) == 88.1
    assert round(37_552_282_624 / 7_615_616_512, 2) == round(run["times_active"], 2) == 4.93


def test_joke(run: dict[str, Any]) -> None:
    """Two to the forty-second power, by doubling."""
    doubled = 1
    for _ in range(42):
        doubled += doubled
    assert run["joke"] == doubled == 4_398_046_511_104


def test_per_billion(run: dict[str, Any]) -> None:
    """The smallest student leads with 16.26 points a billion, the largest ends with 0.99."""
    ranked = sorted(run["per_billion"].items(), key=lambda pair: pair[1])
    assert (ranked[-1][0], round(ranked[-1][1], 2)) == ("qwen-1.5b", round(28.9 / 1.777088, 2))
    assert (ranked[0][0], round(ranked[0][1], 2)) == ("llama-70b", round(70.0 / 70.553706, 2))


def test_verdicts(run: dict[str, Any]) -> None:
    """What is called right agrees with the count when rounded as the claim rounds it."""
    for name in ("count-of-r1", "at-most-seventy", "four-trillion"):
        claim = run["by_id"][name]
        assert claim["verdict"] == "right"
        assert abs(claim["true"] / claim["typed"] - 1) < 0.01
    assert len(run["by_id"]) == len(run["claims"]) == 6
