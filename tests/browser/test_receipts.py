"""The receipt of a number: by mouse, keyboard and finger."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import ROOT
from tests.browser.serving import serving
from tests.browser.visiting import LANGUAGES, Site, Visitors
from tests.site.tiny import Tiny

COUNTING = "parameters/counting/"
KINDS = {"zh": "算得", "en": "Computed"}
# For each number: its card must lie within the window.
OUTSIDE = """() => [...document.querySelectorAll("article data.n[role]")].flatMap((number) => {
  if (!number.checkVisibility()) return [];
  number.scrollIntoView({block: "center", behavior: "instant"});
  number.click();
  const card = document.getElementById("receipt");
  const box = card.getBoundingClientRect();
  const shown = !card.hidden && card.querySelector(".receipt-value") !== null;
  number.click();
  const fits = box.left >= 0 && box.right <= innerWidth && box.width > 200
    && box.bottom > 0 && box.top < innerHeight;
  return shown && fits ? [] : [`${number.dataset.expr}: ${JSON.stringify(box)}`];
})"""
UNFOLD = "document.querySelectorAll('details').forEach((one) => (one.open = true))"
BOXES = """() => [...document.querySelectorAll("article *")].map((node) => {
  const {x, y, width, height} = node.getBoundingClientRect();
  return [node.tagName, x, y, width, height].join();
})"""


def number(page: Page) -> Locator:
    """Return the first number of the page's prose."""
    return page.locator("article > p > data.n").first


def expect_receipt(page: Page, one: Locator, language: str) -> None:
    """Check a card against what the number itself and the page's record say."""
    card = page.locator("#receipt")
    expect(card).to_be_visible()
    record = json.loads(page.locator("template.receipts").evaluate("t => t.content.textContent"))
    run_id = one.get_attribute("data-run") or ""
    source = one.get_attribute("data-source") or ""
    run = record["runs"][run_id]
    path, _, place = source.rpartition(":")
    line = (ROOT / path).read_text(encoding="utf-8").splitlines()[int(place) - 1]
    said = card.inner_text()
    value = card.locator(".receipt-value").inner_text()
    assert value.replace(",", "") == one.get_attribute("value")
    for part in (
        KINDS[language],
        one.get_attribute("data-expr") or "?",
        source,
        line.strip(),
        run["device"],
        *(f"{name} {version}" for name, version in run["versions"].items()),
    ):
        assert part in said, said
    file = (page.url, source)
    assert source.startswith(f"snippets/{run_id}.py:"), file


@pytest.mark.parametrize("language", LANGUAGES)
def test_hover_shows_the_receipt(visitors: Visitors, language: str) -> None:
    """A mouse over a number shows value, kind, expression, code, device and versions."""
    with visitors.visit() as visit:
        page = visit.go(LANGUAGES[language] + COUNTING)
        one = number(page)
        one.hover()
        expect_receipt(page, one, language)
        page.locator("#receipt").hover()
        page.wait_for_timeout(400)
        expect(page.locator("#receipt")).to_be_visible()  # the card can be reached
        page.mouse.move(2, 450)
        expect(page.locator("#receipt")).to_be_hidden()


def test_keyboard_opens_and_closes(visitors: Visitors) -> None:
    """Focus shows the receipt, Enter goes into it, Escape closes it and comes back."""
    with visitors.visit() as visit:
        page = visit.go("en/" + COUNTING)
        one = number(page)
        one.focus()
        page.keyboard.press("Shift+Tab")
        expect(page.locator("#receipt")).to_be_hidden()
        page.keyboard.press("Tab")
        expect(one).to_be_focused()
        expect_receipt(page, one, "en")
        page.keyboard.press("Enter")
        expect(page.locator("#receipt")).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.locator("#receipt a").first).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("#receipt")).to_be_hidden()
        expect(one).to_be_focused()


@pytest.mark.parametrize("language", LANGUAGES)
def test_tap_shows_the_receipt(visitors: Visitors, language: str) -> None:
    """A finger opens the receipt and, elsewhere on the page, closes it."""
    with visitors.visit("phone", is_mobile=True) as visit:
        page = visit.go(LANGUAGES[language] + COUNTING)
        one = number(page)
        one.tap()
        expect_receipt(page, one, language)
        page.locator("article h2").first.tap(position={"x": 5, "y": 5})
        expect(page.locator("#receipt")).to_be_hidden()


def test_receipts_stay_within_a_phone(visitors: Visitors) -> None:
    """No number's receipt leaves a window of 360 px, on any page of either language."""
    with visitors.visit("phone") as visit:
        for language in LANGUAGES:
            for path in visitors.site.pages(language):
                page = visit.go(path)
                page.evaluate(UNFOLD)
                if page.locator("article data.n[role]").count():
                    page.locator("article data.n[role]").first.dispatch_event("click")
                    page.locator("#receipt .receipt-value").wait_for(state="attached")
                    page.keyboard.press("Escape")
                assert page.evaluate(OUTSIDE) == [], path


def test_receipt_leads_to_its_code(visitors: Visitors) -> None:
    """The link of a receipt goes to the block on the page that holds the line."""
    with visitors.visit() as visit:
        page = visit.go(COUNTING)
        one = number(page)
        line = (one.get_attribute("data-source") or "").rpartition(":")[2]
        one.click()
        page.locator("#receipt a", has_text="看代码").click()
        page.wait_for_url("**/#code-*")
        block = page.locator("#" + page.url.rpartition("#")[2])
        expect(block).to_be_in_viewport()
        start, end = map(int, (block.get_attribute("data-lines") or "").split("-"))
        assert start <= int(line) <= end
        expect(page.locator("#receipt")).to_be_hidden()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_can_be_reported(visitors: Visitors, language: str) -> None:
    """The draft names the number, its value and line, the device, the versions and the page."""
    with visitors.visit() as visit:
        page = visit.go(LANGUAGES[language] + COUNTING)
        one = number(page)
        one.click()
        link = page.locator("#receipt .receipt-links a").last
        address = urlsplit(link.get_attribute("href") or "")
        asked = parse_qs(address.query)
        assert address.scheme == "mailto"
        assert asked["subject"] == [f"{one.inner_text()} · {one.get_attribute('data-expr')}"]
        (body,) = asked["body"]
        for name in ("value", "data-expr", "data-kind", "data-source"):
            assert (one.get_attribute(name) or "?") in body
        assert page.url.partition("#")[0] in body and "jax " in body
        assert visit.troubles == []


def test_receipts_after_instant_navigation(visitors: Visitors) -> None:
    """A page that was swapped in has receipts, and they are its own."""
    with visitors.visit() as visit:
        page = visit.go("en/glossary/")
        page.evaluate("window.sameDocument = true")
        page.locator(".md-nav--primary a[href$='counting/']").click()
        page.wait_for_url("**/counting/")
        visit.settle()
        assert page.evaluate("window.sameDocument")
        one = number(page)
        one.click()
        expect_receipt(page, one, "en")


def test_opening_a_receipt_moves_nothing(visitors: Visitors) -> None:
    """The card lies over the page: every box of the text stays where it is."""
    with visitors.visit() as visit:
        page = visit.go(COUNTING)
        one = number(page)
        one.scroll_into_view_if_needed()
        before = page.evaluate(BOXES)
        one.click()
        expect(page.locator("#receipt")).to_be_visible()
        assert page.evaluate(BOXES) == before


def test_home_shows_one_receipt_at_once(visitors: Visitors) -> None:
    """The first number of the home page stands there with its receipt open."""
    with visitors.visit() as visit:
        page = visit.go("")
        still = page.locator(".hero .receipt")
        expect(still).to_be_in_viewport()
        value = page.locator(".hero data.n").first.get_attribute("value")
        assert still.locator(".receipt-value").inner_text().replace(",", "") == value


def test_cited_number_links_its_source(browser: Browser, tmp_path: Path) -> None:
    """A number that was not computed says so, with its unit and a link to where it stands."""
    tiny = Tiny(tmp_path)
    tiny.page("{{ facts.spreadsheet.rows }}")
    folder = tiny.build()
    with serving() as server:
        server.folder = folder
        with Visitors(browser, Site(server.url, folder)).visit() as visit:
            page = visit.go("en/")
            page.locator("data.n[data-kind=cited]").click()
            card = page.locator("#receipt")
            expect(card.locator(".receipt-value")).to_have_text("1,048,576")
            expect(card).to_contain_text("Cited")
            expect(card).to_contain_text("rows")
            link = card.get_by_role("link", name="Excel specifications and limits")
            expect(link).to_have_attribute("href", re.compile("^https://support.microsoft.com/"))
