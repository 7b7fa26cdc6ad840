"""The float inspector: bits, numbers and formats on the page are those of the library."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from explainer.formats import FORMATS, bit_string, number_format, store
from tests.browser.visiting import LANGUAGES, PATIENCE, Visit, Visitors

PAGE = "precision/formats/"
FACE = "#inspector"


def opened(visit: Visit, language: str = "en") -> Page:
    """Open the page where the inspector stands ready."""
    return visit.widget(LANGUAGES[language] + PAGE, "inspector")


def bits(page: Page) -> str:
    """Return the bits that can be flipped, as they stand."""
    return "".join(page.locator(f"{FACE} .bits button").all_inner_texts())


def stored(page: Page) -> str:
    """Return the value that the page says is stored."""
    return page.locator(f"{FACE} dd").first.inner_text().replace("\u2212", "-")


def row(page: Page, label: str) -> tuple[str, str]:
    """Return bits and value of a format in the list of all."""
    cells = page.locator(f"{FACE} tr", has=page.get_by_role("button", name=label, exact=True))
    code, value = cells.locator("td").all_inner_texts()
    return "".join(code.split()), value.replace("\u2212", "-")


@pytest.mark.parametrize("text", ["70000", "-0.3", "257", "3.5", "1e-7", "inf", "nan", "-0"])
def test_every_format_stores_a_number_as_the_library_does(visitors: Visitors, text: str) -> None:
    """A typed number shows, in each format, the bits and the value that the library finds."""
    with visitors.visit() as visit:
        page = opened(visit)
        page.locator(f"{FACE} input[type=text]").fill(text)
        for format in FORMATS.values():
            wanted = store(format, float(text))
            code, value = row(page, format.label)
            assert code == wanted.bits, format.name
            shown = float(value.replace("…", "").replace("∞", "inf"))
            assert shown == pytest.approx(wanted.value, rel=1e-15, nan_ok=True), format.name
        assert visit.troubles == []


def test_a_bit_is_flipped_by_mouse_and_keyboard(visitors: Visitors) -> None:
    """Flipping a bit shows what the new code means, and says which code the address keeps."""
    bfloat16 = number_format("bfloat16")
    with visitors.visit() as visit:
        page = opened(visit)
        first = page.locator(f"{FACE} .bits button").first
        first.click()
        code = int(store(bfloat16, -0.1).bits, 2)
        assert bits(page) == bit_string(bfloat16, code)
        assert float(stored(page)) == store(bfloat16, -0.1).value
        first.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        assert bits(page) == bit_string(bfloat16, code ^ 1 << 14)
        expect(page).to_have_url(
            re.compile(re.escape(f"inspector.code={code ^ 1 << 14:x}")), timeout=PATIENCE
        )
        assert page.evaluate("document.activeElement.textContent") == "1"
        assert visit.troubles == []


def test_arrow_keys_go_to_the_next_value(visitors: Visitors) -> None:
    """In the field, one key up is the value next above, and one down from there goes back."""
    stored_tenth = store(number_format("bfloat16"), 0.1)
    with visitors.visit() as visit:
        page = opened(visit)
        field = page.locator(f"{FACE} input[type=text]")
        field.focus()
        page.keyboard.press("ArrowUp")
        assert float(field.input_value()) == stored_tenth.above
        page.keyboard.press("ArrowDown")
        assert float(field.input_value()) == stored_tenth.value


def test_rounding_toward_zero_cuts_off(visitors: Visitors) -> None:
    """The other way of rounding gives the library's other code."""
    with visitors.visit("phone") as visit:
        page = opened(visit, "zh")
        page.locator(f"{FACE} input[value=toward_zero]").check(force=True)
        wanted = store(number_format("bfloat16"), 0.1, rounding="toward_zero")
        assert bits(page) == wanted.bits
        assert float(stored(page)) == wanted.value


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_no_number_is_refused(visitors: Visitors, language: str) -> None:
    """Text that is no number marks the field, and changes nothing."""
    with visitors.visit() as visit:
        page = opened(visit, language)
        field = page.locator(f"{FACE} input[type=text]")
        before = bits(page)
        field.fill("twelve")
        expect(field).to_have_attribute("aria-invalid", "true")
        assert bits(page) == before
        field.fill("12")
        expect(field).to_have_attribute("aria-invalid", "false")
