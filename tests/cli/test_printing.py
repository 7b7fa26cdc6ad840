"""Tables lose no digit, whatever the terminal."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from explainer.architectures import architecture, known_models

EXPLAINER = Path(sys.executable).with_name("explainer")


def run(*arguments: str, **environment: str) -> str:
    """Return what the installed command prints."""
    done = subprocess.run(
        [EXPLAINER, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env=os.environ | environment,
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("columns", ["20", "40", "60", "80", "200"])
def test_a_narrow_terminal_folds_names_and_no_number(columns: str) -> None:
    """Every figure stands whole on its line, from 20 columns to 200."""
    listed = run("models", COLUMNS=columns)
    for name in known_models():
        assert f"{architecture(name).total:,} " in listed.replace("\n", " ")
    found = run("inspect", "smollm2", "--tensors", "1", COLUMNS=columns)
    for figure in ("106,168,320", "66,355,200", "31.147 %", "49,152 × 576", "Q8_0", "79,626,240"):
        assert figure in found
    counted = run("count", "deepseek-r1", COLUMNS=columns)
    for figure in ("653,908,770,816", "97.449%", "671,026,404,352"):
        assert figure in counted


def test_tables_of_sixty_columns_fit() -> None:
    """Where names can be folded enough, no line is wider than the terminal."""
    for arguments in (("inspect", "smollm2"), ("count", "gpt2")):
        tables = [line for line in run(*arguments, COLUMNS="60").splitlines() if "  " in line]
        assert max(map(len, tables)) <= 60


def test_a_terminal_without_unicode() -> None:
    """Where the encoding is ASCII, rules and signs are ASCII too."""
    found = run("inspect", "smollm2", LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert found.isascii()
    assert "49,152 x 576" in found


@pytest.mark.parametrize("arguments", [("count", "gpt2"), ("inspect", "smollm2"), ("models",)])
def test_no_color(arguments: tuple[str, ...]) -> None:
    """With `NO_COLOR` no colour is sent, even to what claims to be a terminal."""
    found = run(*arguments, NO_COLOR="1", FORCE_COLOR="1")
    assert not re.search(r"\x1b\[[0-9;]*(3[0-7]|9[0-7]|38|48)[;m]", found.replace("\x1b[3m", ""))
