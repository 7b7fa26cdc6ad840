"""A page without scripts is a page: everything but comfort is there."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visiting import LANGUAGES, Visitors


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_can_be_read(visitors: Visitors, language: str) -> None:
    """Numbers, code, output, tables, charts and formulas are in the page as sent."""
    with visitors.visit(java_script_enabled=False) as visit:
        for name in ("counting", "what-is-a-parameter"):
            page = visit.go(f"{LANGUAGES[language]}parameters/{name}/")
            for what in (
                "article > p > data.n",
                "article .snippet pre code",
                "article figure.table td",
                "article figure.chart svg[role=img]",
                "article math",
            ):
                expect(page.locator(what).first).to_be_visible()
            page.locator("details.answer summary").click()
            expect(page.locator("details.answer p").first).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_charts_have_tables(visitors: Visitors, language: str) -> None:
    """Beside each chart stands the table of its figures, one click away."""
    with visitors.visit(java_script_enabled=False) as visit:
        for path in visitors.site.pages(language):
            page = visit.go(path)
            for chart in page.locator("figure.chart").all():
                chart.locator("summary").click()
                expect(chart.locator("td").first).to_be_visible()


def test_treemap_is_drawn(visitors: Visitors) -> None:
    """The home page shows its number and the parts that it is made of."""
    with visitors.visit(java_script_enabled=False) as visit:
        page = visit.go("")
        assert page.locator(".hero data.n").first.inner_text() == "671,026,404,352"
        assert page.locator("#parts-of-deepseek svg rect").count() > 5


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_navigation_can_be_reached(visitors: Visitors, device: str) -> None:
    """The list of pages opens and leads on."""
    with visitors.visit(device, java_script_enabled=False) as visit:
        page = visit.go("en/glossary/")
        if device == "phone":
            page.locator(".md-header label[for=__drawer]").click()
            chapter = page.locator(".md-nav--primary label.md-nav__link")
            chapter.get_by_text("Parameters", exact=True).click()
        page.locator(".md-nav--primary a[href$='counting/']").click()
        page.wait_for_url("**/en/parameters/counting/")


def test_night_without_scripts(visitors: Visitors) -> None:
    """Who reads at night does not get a white page for want of a script."""
    with visitors.visit(java_script_enabled=False, night=True) as visit:
        page = visit.go("parameters/counting/")
        ground = page.locator("body").evaluate("(e) => getComputedStyle(e).backgroundColor")
        assert ground == "rgb(20, 22, 27)"
