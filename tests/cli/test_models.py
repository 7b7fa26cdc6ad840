"""`explainer models` lists what can be counted by name."""

from __future__ import annotations

import json

from click.testing import CliRunner

from explainer.architectures import known_models
from explainer.cli import main


def test_json_lists_every_model_with_its_total_and_source() -> None:
    """`--json` prints an array of every known model, each with a total and a source."""
    done = CliRunner().invoke(main, ["models", "--json"])
    rows = json.loads(done.stdout)
    assert tuple(row["name"] for row in rows) == known_models()
    totals = {row["name"]: row["total"] for row in rows}
    assert totals["llama-3.1-405b"] == 405_853_388_800
    assert all(row["source"] and 0 < row["active"] <= row["total"] for row in rows)


def test_table_can_be_narrowed() -> None:
    """A text narrows the table to the names that contain it."""
    done = CliRunner().invoke(main, ["models", "smollm2"])
    assert "134,515,008" in done.stdout
    assert "gpt2" not in done.stdout


def test_nothing_found_is_an_error() -> None:
    """A text that no name contains exits with 1 and says so on standard error."""
    done = CliRunner().invoke(main, ["models", "zzz"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert "no known model has 'zzz' in its name" in done.stderr
