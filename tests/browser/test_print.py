"""A printed page is the text, without the frame."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visiting import LANGUAGES, Visitors


@pytest.mark.parametrize("language", LANGUAGES)
def test_paper_shows_the_text_alone(visitors: Visitors, language: str) -> None:
    """Numbers, code, charts and tables are printed; navigation, search and cards are not."""
    with visitors.visit(night=True) as visit:
        page = visit.go(LANGUAGES[language] + "parameters/counting/")
        page.locator("article > p > data.n").first.click()
        expect(page.locator("#receipt")).to_be_visible()
        page.emulate_media(media="print")
        for what in ("article > p > data.n", ".snippet pre", "figure.chart svg", "figure.table"):
            expect(page.locator(what).first).to_be_visible()
        for what in (".md-header", ".md-sidebar--primary", ".md-search", "#receipt", "a.language"):
            expect(page.locator(what).first).to_be_hidden()
        ink = page.locator("article p").first.evaluate("(e) => getComputedStyle(e).color")
        assert sum(map(int, ink[ink.index("(") + 1 : -1].split(",")[:3])) < 3 * 110, ink
