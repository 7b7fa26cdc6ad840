"""Every widget by keyboard alone: controls in order, focus in sight, and what changes is said."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_widgets import found, ready
from tests.browser.visiting import LANGUAGES, Visitors

MOST_STOPS = 60
# A link before the widget, from where a reader comes.
BEFORE = """(figure) => {
  const link = document.createElement("a");
  link.href = "#";
  figure.before(link);
  link.focus();
}"""
WANTED = """(figure) => {
  const parts = ":is(a[href], button, input, select, textarea, summary, [tabindex='0'])";
  const stops = [...figure.querySelectorAll(`.widget-face ${parts}`)].filter((node) => {
    const isFolded = node.closest("details:not([open])") && node.localName !== "summary";
    const isPassed = node.disabled || node.tabIndex < 0 || (node.type === "radio" && !node.checked);
    return node.getClientRects().length > 0 && !isFolded && !isPassed;
  });
  for (const [at, node] of stops.entries()) node.dataset.stop = at;
  return stops.length;
}"""
# Which stop it is, and whether its place is within the window, below the page's header.
HERE = """(figure) => {
  const node = document.activeElement;
  const { top, bottom } = node.getBoundingClientRect();
  const header = document.querySelector(".md-header").getBoundingClientRect().bottom;
  const kind = `${node.localName} ${node.type} ${node.closest("[class]")?.getAttribute("class")}`;
  return {
    stop: figure.contains(node) ? Number(node.dataset.stop ?? -1) : null,
    isSeen: top >= header - 1 && bottom <= innerHeight + 1,
    kind,
  };
}"""
CONTROLS = "[role=slider], input:not([type=file]):enabled, select, button:enabled, textarea"


@pytest.mark.parametrize(
    ("language", "device", "night"), [("en", "desktop", False), ("zh", "phone", True)]
)
def test_each_control_is_reached_in_sight_and_left(
    visitors: Visitors, language: str, device: str, night: bool
) -> None:
    """Tab goes through all controls in order and out again, and so does Shift with it."""
    wrong: list[str] = []
    with visitors.visit(device, night=night, reduced_motion="reduce") as visit:
        for path, name in found(visitors.site.folder):
            page = visit.go(LANGUAGES[language] + path)
            ready(page, name)
            page.locator(f"#{name}").evaluate(BEFORE)
            wanted = list(range(page.locator(f"#{name}").evaluate(WANTED)))
            there = _walk(page, name, "Tab", wrong)
            assert there == wanted, (path, name, there)
            back = _walk(page, name, "Shift+Tab", wrong)
            assert back == wanted[::-1], (path, name, back)
    assert wrong == []


def _walk(page: Page, name: str, key: str, wrong: list[str]) -> list[int]:
    """Return the stops in their order; note those out of sight, and those that look as before."""
    stops: list[int] = []
    kinds = set()
    for _ in range(MOST_STOPS):
        page.keyboard.press(key)
        here: dict[str, Any] = page.locator(f"#{name}").evaluate(HERE)
        if here["stop"] is None and stops:
            return stops
        if here["stop"] is None or here["stop"] < 0:
            continue
        stops.append(here["stop"])
        if not here["isSeen"]:
            wrong.append(f"{name}: {key} leads to {here['kind']}, out of sight")
        if key == "Tab" and here["kind"] not in kinds:
            kinds.add(here["kind"])
            if not _shows_focus(page):
                wrong.append(f"{name}: nothing shows that {here['kind']} has the focus")
    raise AssertionError(f"{name}: no way out by {key}")


def _shows_focus(page: Page) -> bool:
    """Return whether the place of the focused control looks another way without the focus."""
    box = page.evaluate(
        """() => {
          const { x, y, width, height } = document.activeElement.getBoundingClientRect();
          return [Math.max(0, x - 12), Math.max(0, y - 12), width + 24, height + 24];
        }"""
    )
    clip = dict(zip(("x", "y", "width", "height"), box, strict=True))
    focused = page.screenshot(clip=clip)  # type: ignore[arg-type]
    page.evaluate("() => { window.last = document.activeElement; last.blur(); }")
    without = page.screenshot(clip=clip)  # type: ignore[arg-type]
    page.evaluate("() => window.last.focus({ preventScroll: true })")
    return focused != without


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_keys_change_is_said(visitors: Visitors, language: str) -> None:
    """The first control of each sort, moved by a key, is told in the page's language."""
    silent: list[str] = []
    with visitors.visit(reduced_motion="reduce") as visit:
        for path, name in found(visitors.site.folder):
            page = visit.go(LANGUAGES[language] + path)
            face = ready(page, name)
            kinds = set()
            for control in face.locator(".widget-stage").locator(CONTROLS).all():
                kind = control.evaluate(
                    "(e) => `${e.localName} ${e.type} ${e.closest('fieldset, div').className}`"
                )
                if kind in kinds:
                    continue
                kinds.add(kind)
                said = _said(page, name, control)
                is_ours = bool(re.search(r"[\u4e00-\u9fff]", said)) == (language == "zh")
                is_value = re.fullmatch(r"[A-Z0-9 ]+[:：] ?\S+", said)  # a format and a number
                if not said or not (is_ours or is_value):
                    silent.append(f"{name}: {kind}: {said!r}")
            for slider in face.locator("[role=slider], [type=range]").all():
                assert slider.get_attribute("aria-valuetext"), (path, name)
    assert silent == []


def _said(page: Page, name: str, control: Any) -> str:
    """Return what is told once a control was moved; where it is at its end, by the other way."""
    told = page.locator(f"#{name} .widget-said")
    told.evaluate("(node) => { node.textContent = ''; }")
    control.evaluate("(node) => node.focus()")
    type = control.evaluate("(node) => node.type ?? node.role")
    keys = {"radio": ["ArrowRight", "ArrowLeft"], "text": ["ArrowDown", "Backspace"]}
    keys |= {"textarea": ["Space"], "button": ["Enter"], "submit": ["Enter"]}
    for key in keys.get(type, ["ArrowUp", "ArrowDown"]):
        page.keyboard.press(key)
        try:
            expect(told).not_to_be_empty(timeout=1500)
            break
        except AssertionError:
            continue
    return told.inner_text()


def test_keys_of_a_handle(visitors: Visitors) -> None:
    """Pages go ten steps, Home and End to the ends; nothing is left to the mouse."""
    with visitors.visit() as visit:
        page = visit.widget("en/parameters/what-is-a-parameter/", "few-points")
        handle = page.locator("#few-points [role=slider]").nth(2)
        handle.focus()
        seen = []
        for key in ("PageUp", "PageDown", "End", "Home", "ArrowUp"):
            page.keyboard.press(key)
            seen.append(float(handle.get_attribute("aria-valuenow") or "nan"))
        ends = [float(handle.get_attribute(f"aria-value{end}") or "nan") for end in ("max", "min")]
        assert seen[2:4] == ends
        step = seen[4] - ends[1]
        assert step > 0
        assert seen[0] - seen[1] == pytest.approx(10 * step)


def test_focus_stays_where_a_button_ends(visitors: Visitors) -> None:
    """A button that has done all it can hands the keyboard on."""
    with visitors.visit() as visit:
        page = visit.widget("en/parameters/what-is-a-parameter/", "few-points")
        page.locator("#few-points [role=slider]").first.focus()
        page.keyboard.press("ArrowUp")
        fit = page.locator("#few-points .widget-bar button").first
        fit.focus()
        page.keyboard.press("Enter")
        expect(fit).to_be_disabled()
        expect(page.locator("#few-points [role=slider]").first).to_be_focused()
