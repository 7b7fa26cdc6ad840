"""What the published style sheets left out, no page could have used; the browser is the judge."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest
from playwright.sync_api import Page

import explainer.site
from tests.browser.visiting import LANGUAGES, Site, Visitors

THEME = Path(explainer.site.__file__).parent / "theme/assets"
_SPEC = find_spec("material")
assert _SPEC is not None
assert _SPEC.origin is not None
MATERIAL = Path(_SPEC.origin).parent / "templates/assets/stylesheets"

# The browser reads both sheets. A selector without its states (`:hover`, `::before`) matches all
# that it could ever match.
_LOST = """([whole, published]) => {
  const selectors = (text) => {
    const sheet = new CSSStyleSheet(), found = [];
    sheet.replaceSync(text);
    const walk = (rules) => [...rules].forEach((rule) => {
      if (rule.selectorText) found.push(...rule.selectorText.split(/,(?![^(]*\\))/));
      else if (rule.cssRules) walk(rule.cssRules);
    });
    walk(sheet.cssRules);
    return found.map((one) => one.trim());
  };
  const kept = new Set(selectors(published));
  const bare = (one) => one.replace(/::?[\\w-]+(?:\\((?:[^()]|\\([^()]*\\))*\\))?/g, "")
    .replace(/(^|[\\s>+~])(?=[>+~]|$)/g, "$1*");
  return [...new Set(selectors(whole).filter((one) => !kept.has(one)).map(bare))];
}"""
_MATCHED = "(lost) => lost.filter((one) => document.querySelector(one))"
_MATCHED_IN_PAGES = """async ([lost, paths]) => {
  const wrong = [];
  for (const path of paths) {
    const html = await (await fetch(path)).text();
    const page = new DOMParser().parseFromString(html, "text/html");
    wrong.push(...lost.filter((one) => page.querySelector(one)).map((one) => `${path}: ${one}`));
  }
  return wrong;
}"""


def lost(page: Page, site: Site) -> list[str]:
    """Return the selectors of Material and of our own that the published sheets have no more."""
    assets = site.folder / "assets"
    found: list[str] = []
    for name in ("main", "palette"):
        (whole,), (published,) = (
            list(folder.glob(f"{name}.*.css")) for folder in (MATERIAL, assets / "stylesheets")
        )
        found += page.evaluate(_LOST, [whole.read_text(), published.read_text()])
    own = "".join(file.read_text("utf-8") for file in sorted(THEME.glob("*.css")))
    left = "".join(file.read_text("utf-8") for file in sorted(assets.glob("*.css")))
    return found + list(page.evaluate(_LOST, [own, left]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_misses_a_rule(visitors: Visitors, language: str) -> None:
    """On no page as it was built is there anything that a rule left out would have styled."""
    site = visitors.site
    with visitors.visit() as visit:
        page = visit.go(LANGUAGES[language])
        missing = lost(page, site)
        assert len(missing) > 100
        paths = [site.url + path for path in site.pages(language)]
        assert page.evaluate(_MATCHED_IN_PAGES, [missing, paths]) == []


@pytest.mark.parametrize("path", ["", "en/precision/formats/", "en/parameters/counting/"])
@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_nothing_that_moves_misses_a_rule(visitors: Visitors, path: str, device: str) -> None:
    """Nor is there in what scripts add: search and its results, menus, tooltips, receipts."""

    def check(page: Page, missing: list[str]) -> None:
        assert page.evaluate(_MATCHED, missing) == []

    with visitors.visit(device) as visit:
        page = visit.go(path, wait_until="networkidle")
        missing = lost(page, visitors.site)
        check(page, missing)
        page.keyboard.press("f")
        page.keyboard.type("FP16")
        page.locator(".md-search-result__item").first.wait_for()
        check(page, missing)
        page.keyboard.press("Escape")
        page.locator("#__drawer").evaluate("(box) => box.click()")
        check(page, missing)
        page.locator("#__drawer").evaluate("(box) => box.click()")
        page.locator("data.n").first.focus()
        page.mouse.wheel(0, 3000)
        page.wait_for_timeout(300)
        check(page, missing)
