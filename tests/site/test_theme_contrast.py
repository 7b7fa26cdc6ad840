"""The theme's colours can be read, by day and by night."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import explainer.site

ASSETS = Path(explainer.site.__file__).parent / "theme" / "assets"
SHEETS = ("explainer.css", "charts.css")
DAY = '[data-md-color-scheme="default"]'
NIGHT = '[data-md-color-scheme="slate"]'
UNSCRIPTED_NIGHT = ".no-js body:not([data-md-color-media])"

# Text that stands on paper and on the sheets of code, tables and receipts.
TEXT = (
    "--ink",
    "--ink-soft",
    "--seal",
    "--role-parameter",
    "--role-bias",
    "--role-vector",
    "--role-error",
)
GROUNDS = ("--paper", "--sheet")
AA_TEXT = 4.5  # WCAG 2.2, success criterion 1.4.3
AAA_TEXT = 7.0  # 1.4.6; for what is read for an hour


def scheme(selector: str, sheet: str) -> dict[str, str]:
    """Return the custom properties that one rule of a style sheet sets to a colour."""
    css = re.sub(r"/\*.*?\*/", "", (ASSETS / sheet).read_text(encoding="utf-8"), flags=re.DOTALL)
    body = re.search(rf"{re.escape(selector)}\s*\{{([^{{}}]*)\}}", css)
    assert body, f"{sheet} has no rule for {selector}"
    return dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-f]{6});", body[1]))


def colours(selector: str) -> dict[str, str]:
    """Return the colours of one scheme from all sheets."""
    return {name: value for sheet in SHEETS for name, value in scheme(selector, sheet).items()}


def luminance(colour: str) -> float:
    """Return the relative luminance that WCAG 2.2 defines, of `#rrggbb`."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_is_that_of_wcag() -> None:
    """Black on white is 21, and the grey that WCAG's authors name as the first to pass passes."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#777777", "#ffffff") < AA_TEXT


@pytest.mark.parametrize("selector", [DAY, NIGHT])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXT)
def test_text_reaches_aa(selector: str, ground: str, text: str) -> None:
    """Every colour of text reaches AA on every ground on which it stands."""
    scheme = colours(selector)
    assert contrast(scheme[text], scheme[ground]) >= AA_TEXT


@pytest.mark.parametrize("selector", [DAY, NIGHT])
def test_ink_reaches_aaa(selector: str) -> None:
    """Running text reaches AAA on paper."""
    scheme = colours(selector)
    assert contrast(scheme["--ink"], scheme["--paper"]) >= AAA_TEXT


@pytest.mark.parametrize("sheet", SHEETS)
def test_night_needs_no_script(sheet: str) -> None:
    """With JavaScript off, night has the very colours of the chosen night."""
    assert scheme(UNSCRIPTED_NIGHT, sheet) == scheme(NIGHT, sheet) != scheme(DAY, sheet)
