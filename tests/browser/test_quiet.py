"""A page asks nobody but its own host, and nothing goes wrong on it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visiting import LANGUAGES, Visitors


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_error_and_no_other_host(visitors: Visitors, language: str) -> None:
    """No console message, failed request or request to another host on any page."""
    site = visitors.site
    with visitors.visit() as visit:
        for path in site.notebooks(language):
            visit.go(path)
        for path in site.pages(language):
            visit.go(path, wait_until="networkidle")
        assert visit.troubles == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_missing_page_says_so(visitors: Visitors, language: str) -> None:
    """An unknown address, however deep, shows a page with its styles and a way home."""
    with visitors.visit() as visit:
        page = visit.go(LANGUAGES[language] + "no/such/page/", wait_until="networkidle")
        others = [one for one in visit.troubles if "no/such/page" not in one.split(": ", 1)[1]]
        # Chromium itself notes the status of the page.
        assert [one for one in others if "status of 404" not in one] == []
        assert "No such page" in page.locator("h1").inner_text()
        page.locator(".md-content a").first.click()
        expect(page.locator(".hero data.n")).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_instant_navigation_is_quiet(visitors: Visitors, language: str) -> None:
    """Going through the pages without loads brings no error either."""
    with visitors.visit() as visit:
        page = visit.go(LANGUAGES[language])
        page.evaluate("window.sameDocument = true")
        for name in ("what-is-a-parameter", "counting", "glossary", "ledger"):
            page.locator(f".md-nav--primary a[href$='{name}/']").first.dispatch_event("click")
            page.wait_for_url(f"**/{name}/")
            visit.settle()
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.sameDocument")
        assert visit.troubles == []
