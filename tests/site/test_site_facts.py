"""What the site says of itself is what can be counted on its pages."""

from __future__ import annotations

import re

import pytest

from explainer.site import site_facts, source
from tests.site.test_ledger import PAGE, rows_of
from tests.site.tiny import Tiny

SHOWN = re.compile(r'<data class="n" value="(\d+)" data-kind="computed" data-expr="ledger\.(\w+)"')


def test_kinds_add_up_and_claims_are_no_numbers() -> None:
    """Of the four elements of a page three are numbers, and one is a claim."""
    counts = site_facts.count(rows_of(PAGE), [])
    assert counts == {
        "numbers": 3,
        "computed": 1,
        "measured": 1,
        "cited": 1,
        "claim": 1,
        "typed": 0,
    }


def test_a_typed_figure_is_counted() -> None:
    """A digit in prose counts; one in code, in a name or quoted from a run does not."""
    text = "# A\n\nThere are 17 of `18` in GPT-2, {{ line.slope:.1f }} in all, and 3 more.\n"
    page = source.parse_text(text, "docs/en/a.md")
    assert site_facts.count([], [page])["typed"] == 2


def test_both_languages_have_the_same_words() -> None:
    """No figure is lacking in a language."""
    counts = site_facts.count([], [])
    for words in site_facts._WORDS.values():
        assert list(words) == list(counts)


@pytest.mark.site
def test_the_built_page_shows_them(tiny: Tiny) -> None:
    """Both languages show the same figures, counted from the pages, and themselves left out."""
    tiny.page("{{ assert line.slope > 1 }} {{ facts.spreadsheet.rows }}\n\n```site-facts\n```")
    site = tiny.build()
    for path in ("index.html", "en/index.html"):
        html = (site / path).read_text(encoding="utf-8")
        shown = {name: int(value) for value, name in SHOWN.findall(html)}
        found = re.findall(r'<data class="(n|guard)"(?![^>]*"ledger\.)', html)
        assert shown["numbers"] == found.count("n") == 2
        assert shown["claim"] == found.count("guard") == 1
        assert (shown["computed"], shown["cited"], shown["typed"]) == (1, 1, 0)
