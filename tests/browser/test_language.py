"""The language switch stays on the page, however the reader came to it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.visiting import LANGUAGES, WIDTHS, Visitors, language_of

# Labels of the frame that only the build can have put there.
LABELS = {
    "zh": {"search": "搜索", "skip": "跳转至"},
    "en": {"search": "Search", "skip": "Skip to content"},
}


def expect_language(page: Page, path: str) -> None:
    """Check that a page is wholly in the language of its address."""
    language = language_of(path)
    assert page.locator("html").get_attribute("lang") == language, path
    search = page.locator("input.md-search__input").get_attribute("placeholder")
    skip = page.locator("a.md-skip").text_content() or ""
    assert {"search": search, "skip": skip.strip()} == LABELS[language], path


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_switch_stays_on_the_page(visitors: Visitors, language: str, scripts: bool) -> None:
    """From every page the switch leads to the same page in the other language."""
    with visitors.visit(java_script_enabled=scripts) as visit:
        for path in [*visitors.site.pages(language), visitors.site.notebooks(language)[0]]:
            page = visit.go(path)
            expect_language(page, path)
            page.locator("a.language").click()
            other = visitors.site.counterpart(path)
            page.wait_for_url(visitors.site.url + other)
            expect_language(page, other)


@pytest.mark.parametrize("language", LANGUAGES)
def test_switch_follows_instant_navigation(visitors: Visitors, language: str) -> None:
    """After pages were swapped without a load, the switch still leads to the page that is shown."""
    start = LANGUAGES[language]
    with visitors.visit() as visit:
        page = visit.go(start + "glossary/")
        page.evaluate("window.sameDocument = true")
        page.locator(".md-nav--primary a[href$='counting/']").click()
        page.wait_for_url(f"**/{start}parameters/counting/")
        assert page.evaluate("window.sameDocument"), "the page was loaded, not swapped"
        page.locator("a.language").click()
        other = visitors.site.counterpart(start + "parameters/counting/")
        page.wait_for_url(visitors.site.url + other)
        assert page.evaluate("!window.sameDocument"), "the frame is still the other language's"
        expect_language(page, other)


def test_switch_keeps_the_section(visitors: Visitors) -> None:
    """A reader in the middle of a page stays in the middle of it."""
    with visitors.visit() as visit:
        page = visit.go("parameters/counting/#transformer")
        page.locator("a.language").click()
        page.wait_for_url("**/en/parameters/counting/#transformer")
        assert page.locator("h2#transformer").bounding_box()["y"] < 300  # type: ignore[index]


def test_switch_is_there_on_a_phone(visitors: Visitors) -> None:
    """A phone shows the switch too, large enough for a finger."""
    with visitors.visit("phone") as visit:
        for path in ("parameters/counting/", "en/parameters/counting/"):
            box = visit.go(path).locator("a.language").bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 360
            assert box["height"] >= 24  # WCAG 2.2, 2.5.8


@pytest.mark.parametrize(("tag", "path"), [("zh-CN", "en/"), ("en-GB", "")])
def test_a_first_visitor_is_offered_their_language_once(
    visitors: Visitors, tag: str, path: str
) -> None:
    """They see the page that they asked for, an offer in their language, and no offer again."""
    with visitors.visit("phone", first=True, locale=tag) as visit:
        page = visit.go(path + "parameters/counting/")
        bar = page.locator(".language-offer")
        assert bar.get_attribute("lang") == tag[:2]
        expect_language(page, path + "parameters/counting/")
        box = bar.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= WIDTHS["phone"][0]
        visit.go(path)
        assert page.locator(".language-offer").count() == 0
        assert visit.troubles == []
    with visitors.visit(first=True, locale=tag) as visit:
        page = visit.go(path + "parameters/counting/")
        page.locator(".language-offer a").click()
        other = visitors.site.counterpart(path + "parameters/counting/")
        page.wait_for_url(visitors.site.url + other)
        assert page.locator(".language-offer").count() == 0


@pytest.mark.parametrize(("tag", "path"), [("zh-CN", ""), ("en-GB", "en/"), ("fr-FR", "en/")])
def test_who_reads_their_language_is_offered_none(visitors: Visitors, tag: str, path: str) -> None:
    """No offer where the page is in the preferred language, or in neither's."""
    with visitors.visit(first=True, locale=tag) as visit:
        page = visit.go(path, wait_until="networkidle")
        assert page.locator(".language-offer").count() == 0
