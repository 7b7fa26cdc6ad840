"""Checks of `snippets/parameters/pickled.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "parameters" / "pickled.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_trap_runs(run: dict[str, Any]) -> None:
    """Loading the pickle printed, though no line of the snippet calls print on it."""
    assert run["said"].getvalue() == "this ran because the file was opened\n"
    assert b"print" in run["trap"]


def test_refused(run: dict[str, Any]) -> None:
    """The reader refuses the archive and says that a pickle is never opened."""
    assert "never opened" in run["refusal"]


def test_template_is_a_program(run: dict[str, Any]) -> None:
    """Jinja itself runs the file's template: with a message in it, the message comes out."""
    from jinja2 import Template

    messages = [{"role": "user", "content": "Hello."}]
    said = Template(run["template"]).render(messages=messages, add_generation_prompt=True)
    assert "Hello." in said
    assert said.endswith("<|im_start|>assistant\n")
    assert (run["loops"], run["conditions"]) == (1, 2)


def test_formats(run: dict[str, Any]) -> None:
    """Both safe files hold the matrix; the honest pickle needs calls."""
    assert run["found"] == [50_000, 50_000]
    assert run["calls"] >= 1
    assert [row["runs"] for row in run["rows"]] == [True, False, False]
    assert all(0 < row["beside"] < 1000 for row in run["rows"])
