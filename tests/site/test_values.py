"""Quoting: what an expression gives, where it comes from, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from explainer.site.check import jobs
from explainer.site.runs import Store
from explainer.site.scheduler import refresh
from explainer.site.values import QuoteError, Scope

LINE = """# %% fit
slope = 2.0
layers = [3, 5]
big = 2**80
word = "relu"
bad = float("nan")
started = 1.5  # measured
twice = 1

# %% use
double = slope * started
twice = 2
"""
CACHE = "# %% a\nper_token = 524288\n"


@pytest.fixture
def scope(tmp_path: Path) -> Scope:
    """The scope of a page of the chapter `demo`, beside a chapter `memory`."""
    for id, text in (("demo/line", LINE), ("memory/kv_cache", CACHE)):
        path = tmp_path / "snippets" / f"{id}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    store = Store(tmp_path)
    _, problems = refresh(store, jobs(tmp_path))
    assert problems == []
    return Scope(tmp_path, store, "demo/page.md", "en")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("line.slope:.2f", "2.00"),
        ("line.layers[1]", "5"),
        ("sum(line.layers)", "8"),
        ("line.big", "1,208,925,819,614,629,174,706,176"),
        ("memory.kv_cache.per_token:bytes", "524\u202fkB"),
        ("max(n for n in line.layers)", "5"),
        ("line.word", "relu"),
        ("facts.spreadsheet.rows * facts.spreadsheet.columns", "17,179,869,184"),
        ("line.slope > 1", "yes"),
    ],
)
def test_expression_and_format(scope: Scope, body: str, text: str) -> None:
    """Expressions over snippets, other chapters and facts give what Python gives, formatted."""
    assert scope.quote(body).text("en") == text


def test_provenance_names_line_and_run(scope: Scope) -> None:
    """A value knows its snippet, file and line."""
    source = scope.quote("line.slope:.2f").sources[0]
    assert (source.run, source.path, source.line) == ("demo/line", "snippets/demo/line.py", 2)


@pytest.mark.parametrize(
    ("expr", "kind"),
    [
        ("line.slope", "computed"),
        ("line.started", "measured"),
        ("line.double", "measured"),
        ("facts.spreadsheet.rows", "cited"),
        ("facts.spreadsheet.rows * line.slope", "computed"),
    ],
)
def test_kind(scope: Scope, expr: str, kind: str) -> None:
    """A value is measured if any part of it was, cited if it is a fact alone, else computed."""
    assert scope.evaluate(expr).kind == kind


@pytest.mark.parametrize(
    ("body", "message", "fix"),
    [
        ("line.slop:.2f", "no value 'slop'", "did you mean 'slope'?"),
        ("lin.slope:.2f", "name 'lin'", "did you mean 'line'?"),
        ("memory.kv_cach.per_token", "no snippet 'memory/kv_cach'", "'memory/kv_cache'"),
        ("line.slope", "needs a format", "another format"),
        ("line.bad:.2f", "the value is nan", "finite"),
        ("line.slope / 0", "ZeroDivisionError", "mend the expression"),
        ("line.twice", "set in the cells fit and use", "own name"),
        ("42", "uses no value", "compute it in a snippet"),
        ("line", "names no value", "add the name"),
        ("facts.spreadsheet.row", "no fact 'spreadsheet.row'", "spreadsheet.rows"),
        ("line.slope:.2q", "does not take the format", "another format"),
        ("line.slope +", "not an expression", "snippet.name"),
        ("open('x')", "name 'open'", ""),
    ],
)
def test_refusals(scope: Scope, body: str, message: str, fix: str) -> None:
    """A quotation that fails says what is wrong and what to write instead."""
    with pytest.raises(QuoteError) as caught:
        scope.quote(body).text("en")
    assert message in caught.value.message
    assert fix in caught.value.fix


def test_stale_snippet_is_refused(scope: Scope) -> None:
    """A snippet without a fresh run is refused with the command that mends it."""
    (scope.root / "snippets/demo/line.py").write_text(LINE + "\nmore = 1\n")
    with pytest.raises(QuoteError) as caught:
        Scope(scope.root, scope.store, "demo/page.md", "en").quote("line.slope:.1f")
    assert caught.value.fix == "explainer run demo/line"
