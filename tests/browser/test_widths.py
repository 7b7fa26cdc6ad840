"""Every page fits every screen, by day and by night, and stands still."""

from __future__ import annotations

import pytest

from tests.browser.visiting import LANGUAGES, WIDTHS, Visitors

# What reaches past the screen's edge without being in something that scrolls or is cut on purpose.
OVERFLOWING = """() => {
  const cut = (node) => {
    for (let up = node.parentElement; up && up !== document.body; up = up.parentElement)
      if (getComputedStyle(up).overflowX !== "visible") return true;
    return false;
  };
  return [...document.querySelectorAll(".md-content *, .md-footer *")]
    .filter((node) => node.checkVisibility({visibilityProperty: true}) && !cut(node))
    .filter((node) => {
      const box = node.getBoundingClientRect();
      return box.width > 0 && (box.right > innerWidth + 1 || box.left < -1);
    })
    .map((node) => `${node.tagName}.${node.getAttribute("class")}#${node.id}`);
}"""
# Code in lines of at most 100 signs, as our formatter writes it, that scrolls all the same.
CUT = """() => [...document.querySelectorAll(".snippet code")]
  .filter((code) => code.checkVisibility() && code.scrollWidth > code.clientWidth)
  .filter((code) => code.textContent.split("\\n").every((line) => line.length <= 100))
  .map((code) => code.closest(".snippet").id)
"""
SHIFT = """
  window.shift = 0; window.shifted = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      window.shift += entry.value;
      window.shifted.push(...entry.sources.map(({node}) => node?.className || node?.nodeName));
    }
  }).observe({type: "layout-shift", buffered: true});
"""
MOST_SHIFT = 0.02
GROUND = "() => getComputedStyle(document.body).backgroundColor"


def brightness(color: str) -> float:
    """Return the mean of the channels of "rgb(r, g, b)"."""
    channels = [float(part) for part in color[color.index("(") + 1 : -1].split(",")[:3]]
    return sum(channels) / 3


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits_every_screen(visitors: Visitors, language: str, night: bool) -> None:
    """Nothing scrolls sideways or reaches past the edge, and a desktop shows code whole."""
    site, found = visitors.site, []
    with visitors.visit(night=night) as visit:
        for path in [*site.pages(language), site.notebooks(language)[0]]:
            page = visit.go(path)
            assert (brightness(page.evaluate(GROUND)) < 128) == night, path
            for width, height in WIDTHS.values():
                page.set_viewport_size({"width": width, "height": height})
                wide = page.evaluate("document.documentElement.scrollWidth")
                if wide > width:
                    found.append(f"{path} at {width} px is {wide} px wide")
                found += [f"{path} at {width} px: {one}" for one in page.evaluate(OVERFLOWING)]
            found += [f"{path} cuts {one}" for one in page.evaluate(CUT)]  # at the widest, the last
    assert found == []


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_pages_stand_still(visitors: Visitors, device: str) -> None:
    """Receipts, charts and fonts move nothing while a page loads."""
    found = []
    with visitors.visit(device) as visit:
        visit.page.add_init_script(SHIFT)
        for language in LANGUAGES:
            for path in visitors.site.pages(language):
                page = visit.go(path)
                page.wait_for_timeout(250)
                if (shift := page.evaluate("window.shift")) >= MOST_SHIFT:
                    found.append((path, shift, page.evaluate("window.shifted")))
    assert found == []
