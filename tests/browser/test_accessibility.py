"""No violation that axe can see, and a keyboard reaches everything."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.visiting import LANGUAGES, Visitors

UNFOLD = "document.querySelectorAll('details').forEach((one) => (one.open = true))"
# All rows of a table are alike, and axe takes its time over each.
FEWER_ROWS = "document.querySelectorAll('tbody tr:nth-child(n+8)').forEach((row) => row.remove())"
# Where the focus is, and whether an outline or a shadow shows it.
FOCUS = """() => {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const {outlineStyle, outlineWidth, boxShadow} = getComputedStyle(node);
  const box = node.getBoundingClientRect();
  return {
    name: `${node.tagName}.${node.getAttribute("class")} ${node.textContent.trim().slice(0, 40)}`,
    number: node.matches("data.n"),
    link: node.matches("article a"),
    seen: (outlineStyle !== "none" && parseFloat(outlineWidth) >= 1) || boxShadow !== "none",
    inside: box.bottom > 0 && box.top < innerHeight && box.width > 0,
  };
}"""


def violations(page: Page, part: str | None = None, **options: Any) -> list[str]:
    """Return what axe finds on a page or a part of it, with the first elements that it found."""
    options |= {"resultTypes": ["violations"]}
    found: list[dict[str, Any]] = Axe().run(page, part, options).response["violations"]
    return [
        f"{one['id']}: {one['help']}: {[node['target'] for node in one['nodes'][:3]]}"
        for one in found
    ]


@pytest.mark.parametrize("device", ["phone", "desktop"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(visitors: Visitors, language: str, device: str) -> None:
    """No page breaks a rule of axe."""
    site, found = visitors.site, []
    with visitors.visit(device) as visit:
        for path in [*site.pages(language), site.notebooks(language)[0]]:
            page = visit.go(path)
            page.evaluate(FEWER_ROWS)
            found += [f"{path}: {one}" for one in violations(page)]
    assert found == []


def test_axe_finds_nothing_by_night(visitors: Visitors) -> None:
    """Colours keep their contrast, and links can be told from text, in the dark."""
    site, found = visitors.site, []
    with visitors.visit(night=True) as visit:
        for path in [*site.pages("zh"), site.notebooks("zh")[0]]:
            page = visit.go(path)
            page.evaluate(FEWER_ROWS)
            night = violations(page, runOnly=["color-contrast", "link-in-text-block"])
            found += [f"{path}: {one}" for one in night]
    assert found == []


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_axe_finds_nothing_in_what_opens(visitors: Visitors, device: str, night: bool) -> None:
    """Open search results, an open receipt and unfolded answers break no rule either."""
    with visitors.visit(device, night=night) as visit:
        page = visit.go("en/parameters/counting/")
        page.evaluate(UNFOLD)
        page.locator("article > p > data.n").first.click()
        expect(page.locator("#receipt")).to_be_visible()
        assert violations(page) == []
        page.keyboard.press("Escape")
        if device == "phone":
            page.locator(".md-header__button[for=__search]").click()
        page.locator("input.md-search__input").click()
        page.locator("input.md-search__input").press_sequentially("parameter", delay=20)
        expect(page.locator(".md-search-result__item").first).to_be_visible()
        page.wait_for_timeout(400)
        assert violations(page, ".md-search") == []


def test_first_tab_offers_to_skip(visitors: Visitors) -> None:
    """The first Tab shows a link past the navigation, and it works."""
    with visitors.visit() as visit:
        for language in LANGUAGES:
            page = visit.go(LANGUAGES[language] + "parameters/counting/")
            page.keyboard.press("Tab")
            skip = page.locator("a.md-skip")
            expect(skip).to_be_focused()
            page.wait_for_timeout(300)
            assert float(skip.evaluate("(e) => getComputedStyle(e).opacity")) == 1
            page.keyboard.press("Enter")
            target = (skip.get_attribute("href") or "").rpartition("#")[2]
            expect(page).to_have_url(re.compile(f"#{target}$"))
            expect(page.locator(f"article [id='{target}']")).to_be_in_viewport()


def test_focus_can_be_seen(visitors: Visitors) -> None:
    """Going through a page by Tab, each number and each link shows that it has the focus."""
    with visitors.visit() as visit:
        page = visit.go("en/parameters/what-is-a-parameter/")
        stops = []
        for _ in range(70):
            page.keyboard.press("Tab")
            stop = page.evaluate(FOCUS)
            if stop is None:
                break
            stops.append(stop)
    assert any(stop["number"] for stop in stops)
    assert [stop["name"] for stop in stops if not stop["seen"]] == []
    assert [stop["name"] for stop in stops if stop["number"] and not stop["inside"]] == []
