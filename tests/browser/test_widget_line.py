"""The line: points and ends that a mouse, a finger and keys can move."""

from __future__ import annotations

import re

import numpy as np
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_widgets import ready
from tests.browser.visiting import Visitors

PAGE, NAME = "parameters/what-is-a-parameter/", "few-points"


def numbers(face: Locator) -> list[float]:
    """Return slope, intercept, loss and the lowest possible loss, as shown."""
    return [float(text.replace("\u2212", "-")) for text in face.locator("dd").all_inner_texts()[:4]]


def points(page: Page) -> tuple[list[float], list[float]]:
    """Return the points, as a screen reader is told them."""
    told = page.locator(f"#{NAME} [role=slider].role-data").evaluate_all(
        "(nodes) => nodes.map((node) => node.getAttribute('aria-valuetext'))"
    )
    pairs = [re.findall(r"[\u2212\d.]+", text) for text in told]
    x, y = ([float(pair[at].replace("\u2212", "-")) for pair in pairs] for at in (0, 1))
    return x, y


def expect_best(page: Page, face: Locator) -> None:
    """Check the numbers against NumPy's fit of the points that are told, to a tenth."""
    slope, intercept = np.polyfit(*points(page), 1)
    shown = numbers(face)
    assert abs(shown[0] - slope) < 0.1
    assert abs(shown[1] - intercept) < 0.3
    assert shown[2] == shown[3]


def test_mouse_drags_a_point(visitors: Visitors) -> None:
    """The best line follows a point that the mouse drags, and stays the best."""
    with visitors.visit() as visit:
        page = visit.go("en/" + PAGE)
        face = ready(page, NAME)
        expect_best(page, face)
        before = numbers(face)
        point = face.locator("[role=slider].role-data").last
        box = point.bounding_box()
        assert box
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x, y + 40)
        page.mouse.move(x, y + 90)
        page.mouse.up()
        assert numbers(face)[0] < before[0] - 0.1
        expect_best(page, face)
        page.mouse.move(x, y)
        expect_best(page, face)  # the point has been let go


def test_own_line_is_never_better(visitors: Visitors) -> None:
    """An end moved by keys gives a line of one's own, with more loss; a button goes back."""
    with visitors.visit() as visit:
        page = visit.go("en/" + PAGE)
        face = ready(page, NAME)
        best = numbers(face)
        face.locator("[role=slider].role-parameter").first.focus()
        for _ in range(12):
            page.keyboard.press("ArrowDown")
        own = numbers(face)
        assert own[2] > own[3] == best[3]
        face.get_by_role("button", name="Find the best line").click()
        assert numbers(face) == best
        expect(face.locator(".widget-said")).to_contain_text("loss")


def test_finger_drags_without_scrolling(visitors: Visitors) -> None:
    """A finger that starts on a point moves the point, not the page."""
    with visitors.visit("phone", is_mobile=True) as visit:
        page = visit.go(PAGE)
        face = ready(page, NAME)
        before = points(page)
        point = face.locator("[role=slider].role-data").first
        point.scroll_into_view_if_needed()
        box = point.bounding_box()
        assert box
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        scrolled = page.evaluate("scrollY")
        touch = page.context.new_cdp_session(page)
        for kind, down in (("touchStart", 0), ("touchMove", -20), ("touchMove", -60)):
            at = [{"x": x, "y": y + down}]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        after = points(page)
        assert after[1][0] > before[1][0] + 1
        assert after[1][1:] == before[1][1:]
        assert page.evaluate("scrollY") == scrolled
