"""The words of a chart can be read: none is cut off, none lies on another."""

from __future__ import annotations

import pytest

from tests.browser.visiting import LANGUAGES, WIDTHS, Visitors

# What is wrong with the lettering of the charts shown. A text's box is as high as its font's line;
# what counts is the ink in it. A drawing cuts nothing off, and letters may overhang by a pixel.
FAULTS = """() => {
  const pen = document.createElement("canvas").getContext("2d");
  const ink = (text, scale) => {
    const {left, right, top, bottom} = text.getBoundingClientRect();
    const {fontStyle, fontWeight, fontSize, fontFamily} = getComputedStyle(text);
    pen.font = `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`;
    const of = pen.measureText(text.textContent);
    const above = of.fontBoundingBoxAscent - of.actualBoundingBoxAscent;
    const below = of.fontBoundingBoxDescent - of.actualBoundingBoxDescent;
    return {left, right, top: top + above * scale, bottom: bottom - below * scale};
  };
  const faults = [];
  window.lettered = 0;
  for (const svg of document.querySelectorAll("figure.chart svg[role=img]")) {
    const frame = svg.getBoundingClientRect();
    if (!frame.width) continue;
    const scale = frame.width / svg.viewBox.baseVal.width;
    const texts = [...svg.querySelectorAll("text")]
      .filter((text) => text.textContent.trim())
      .map((text) => ({says: text.textContent.trim(), ...ink(text, scale)}));
    window.lettered += texts.length;
    texts.forEach((one, i) => {
      const past = Math.max(frame.left - one.left, one.right - frame.right,
        frame.top - one.top, one.bottom - frame.bottom);
      if (past > 1.25)
        faults.push(`${svg.parentNode.id}: “${one.says}” is ${past.toFixed(1)} px past the edge`);
      for (const other of texts.slice(0, i)) {
        const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        if (wide > 0.5 && high > 0.5)
          faults.push(`${svg.parentNode.id}: “${one.says}” lies on “${other.says}”`);
      }
    });
  }
  return faults;
}"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_a_chart_is_cut_or_covered(visitors: Visitors, language: str) -> None:
    """In the drawing for a phone and in the one for a desktop, on every page."""
    found, lettered = [], 0
    with visitors.visit() as visit:
        for path in visitors.site.pages(language):
            page = visit.go(path)
            if not page.locator("figure.chart").count():
                continue
            for device in ("phone", "desktop"):
                width, height = WIDTHS[device]
                page.set_viewport_size({"width": width, "height": height})
                found += [f"{device} {path} {one}" for one in page.evaluate(FAULTS)]
                lettered += page.evaluate("() => window.lettered")
    assert lettered > 1000
    assert found == [], "\n".join(found)
