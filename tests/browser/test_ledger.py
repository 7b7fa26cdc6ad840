"""The ledger lists what the pages show, neither more nor less."""

from __future__ import annotations

import json

import pytest

from tests.browser.visiting import LANGUAGES, Visitors

NUMBERS = """() => {
  const numbers = document.querySelectorAll(
    // What the site says of its own ledger is no row of it.
    "article data.n:not([data-expr^='ledger.']), article data.guard",
  );
  return Array.from(numbers, (one) => ({
    value: one.getAttribute("value"),
    expression: one.dataset.expr,
    claim: one.classList.contains("guard"),
    text: one.textContent,
  }));
}"""
ROWS = """() => {
  const pages = [...document.querySelectorAll(".ledger h3[id^='of-']:not(#of-runs)")];
  const rows = pages.flatMap((page) => [...page.nextElementSibling.querySelectorAll("tbody tr")]);
  return rows.map(({children: [text, value]}) => [text.textContent, value.textContent]);
}"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_ledger_agrees_with_the_pages(visitors: Visitors, language: str) -> None:
    """Each number and claim of each page is a row of the ledger and of numbers.json."""
    prefix = LANGUAGES[language]
    with visitors.visit() as visit:
        shown = []
        for path in visitors.site.pages(language):
            if path != f"{prefix}ledger/":
                shown += visit.go(path).evaluate(NUMBERS)
        rows = visit.go(f"{prefix}ledger/").evaluate(ROWS)
        counts = visit.page.locator(".ledger-counts data.n").all_inner_texts()
    file = visitors.site.folder / prefix / "numbers.json"
    listed = json.loads(file.read_text(encoding="utf-8"))["numbers"]
    assert len(shown) > 100
    assert len(rows) == len(shown) == len(listed)
    assert sum(int(count.replace(",", "")) for count in counts) == len(shown)
    assert sorted(value for _, value in rows) == sorted(one["value"] for one in shown)
    as_shown = sorted((one["expression"], one["value"], one["text"]) for one in shown)
    assert as_shown == sorted((one["expression"], one["value"], one["text"]) for one in listed)
    claims = sum(one["claim"] for one in shown)
    assert claims == sum(one["kind"] == "claim" for one in listed) > 0


SHOWN = """() => [...document.querySelectorAll(".ledger tbody tr")]
  .filter((row) => row.checkVisibility() && row.cells.length > 4)
  .map((row) => [...row.cells].map((cell) => cell.textContent))"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_ledger_can_be_filtered_and_ordered(visitors: Visitors, language: str) -> None:
    """A kind and an order leave those rows, so ordered; the address keeps both; reset undoes it."""
    prefix = LANGUAGES[language]
    file = visitors.site.folder / prefix / "numbers.json"
    listed = json.loads(file.read_text(encoding="utf-8"))["numbers"]
    cited = [row["value"] for row in listed if row["kind"] == "cited"]
    with visitors.visit() as visit:
        page = visit.go(f"{prefix}ledger/?kind=cited&sort=falling")
        page.wait_for_selector(".ledger-filter")
        shown = [row[1] for row in page.evaluate(SHOWN)]
        figures = [float(value) for value in shown]
        assert figures == sorted(figures, reverse=True)
        assert set(shown) <= set(cited) and shown
        page.locator(".ledger-filter button").focus()
        page.keyboard.press("Enter")
        page.wait_for_function("() => !location.search")  # a text that is no function would be eval
        assert len(page.evaluate(SHOWN)) == len(listed)
        assert visit.troubles == []
