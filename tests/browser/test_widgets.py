"""Every widget of the site: by keyboard alone, by address, in both languages, and without scripts.

The widgets are found on the built pages; what only one kind promises is tested beside this file.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.visiting import LANGUAGES, Visitors
from tests.javascript import node
from tests.javascript.test_compute import TOPICS, write

# What a reader sees of a widget: its numbers, its controls, where its handles are.
SEEN = """(face) => {
  const all = (part) => [...face.querySelectorAll(`.widget-stage ${part}`)];
  return [
    ...all(":is(dd, output)").map((node) => node.textContent),
    ...all("[role=slider]").map((node) => node.getAttribute("aria-valuenow")),
    ...all(":is(input, select)").map((node) => [node.value, node.checked]),
    ...all("button[aria-pressed]").map((node) => node.getAttribute("aria-pressed")),
  ].join();
}"""
# Its first controls that a hand can move.
CONTROLS = ".widget-stage :is([role=slider], input, select, button, [tabindex='0'])"
KEYS = ("ArrowUp", "ArrowRight", "ArrowLeft", "ArrowDown", "Space", "Enter")


@cache
def found(folder: Path) -> tuple[tuple[str, str], ...]:
    """Return page and id of each widget of the English site."""
    pages = sorted((folder / "en").rglob("index.html"))
    return tuple(
        (page.parent.relative_to(folder / "en").as_posix() + "/", name)
        for page in pages
        for name in re.findall(r'<figure class="widget" id="([^"]+)"', page.read_text("utf-8"))
    )


def ready(page: Page, name: str) -> Locator:
    """Go to a widget and wait until it stands."""
    face = page.locator(f"#{name} > .widget-face")
    face.scroll_into_view_if_needed()
    expect(face).to_have_class(re.compile(r"\bready\b"))
    return face


def move(page: Page, face: Locator) -> str:
    """Change the widget by keyboard alone; return what is seen then."""
    before = face.evaluate(SEEN)
    for control in face.locator(CONTROLS).all()[:6]:
        if not control.is_visible() or control.is_disabled():
            continue
        control.focus()
        for key in KEYS:
            page.keyboard.press(key)
            after = str(face.evaluate(SEEN))
            if after != before:
                return after
    raise AssertionError("no key changes anything")


def test_each_language_has_the_same_widgets(visitors: Visitors) -> None:
    """There are widgets, and each stands in both languages."""
    folder = visitors.site.folder
    for path, name in found(folder):
        assert f'id="{name}"' in (folder / path / "index.html").read_text("utf-8")
    assert len(found(folder)) >= 5


@pytest.mark.parametrize("device", ["phone", "desktop"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_widgets_stand_where_room_is_kept(visitors: Visitors, language: str, device: str) -> None:
    """Each comes up without a word on the console, in the room that its page keeps for it."""
    tall = []
    with visitors.visit(device) as visit:
        for path, name in found(visitors.site.folder):
            page = visit.go(LANGUAGES[language] + path)
            face = ready(page, name)
            kept = float(face.evaluate("(e) => parseFloat(getComputedStyle(e).minHeight)"))
            height = float(face.evaluate("(e) => e.getBoundingClientRect().height"))
            if height > kept + 1:
                tall.append(f"{path}#{name}: {height} px, {kept} are kept")
        assert visit.troubles == []
    assert tall == []


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
def test_axe_finds_nothing_in_widgets(visitors: Visitors, night: bool) -> None:
    """A widget that stands, its table unfolded, breaks no rule of axe."""
    wrong: list[str] = []
    with visitors.visit("phone" if night else "desktop", night=night) as visit:
        for path, name in found(visitors.site.folder):
            page = visit.go("en/" + path)
            face = ready(page, name)
            face.locator("details.twin > summary").click()
            answer: dict[str, Any] = Axe().run(page, f"#{name}").response
            wrong += [
                f"{path}#{name} {one['id']}: {[part['target'] for part in one['nodes'][:3]]}"
                for one in answer["violations"]
            ]
    assert wrong == []


def test_keyboard_address_reset_and_language(visitors: Visitors) -> None:
    """Keys alone move a widget; its address keeps that, in both languages; reset ends it."""
    with visitors.visit() as visit:
        for path, name in found(visitors.site.folder):
            page = visit.go("en/" + path)
            face = ready(page, name)
            start = face.evaluate(SEEN)
            moved = move(page, face)
            page.wait_for_url(re.compile(rf"[?&]{name}\."))
            page.reload()
            visit.settle()
            assert ready(page, name).evaluate(SEEN) == moved, (path, name)
            page.locator("header a.language").click()
            page.wait_for_url(lambda url: "/en/" not in url)
            visit.settle()
            other = ready(page, name)
            assert re.search(rf"[?&]{name}\.", page.url), (path, name)
            other.locator(".widget-reset").focus()
            page.keyboard.press("Enter")
            page.wait_for_url(re.compile(rf"^(?!.*[?&]{name}\.)"))
            page.goto(visitors.site.url + "en/" + path)
            visit.settle()
            assert ready(page, name).evaluate(SEEN) == start, (path, name)
        assert visit.troubles == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_table_stands_without_scripts(visitors: Visitors, language: str) -> None:
    """Where scripts are off, the table is there, open, with numbers that have receipts."""
    with visitors.visit(java_script_enabled=False) as visit:
        for path, name in found(visitors.site.folder):
            page = visit.go(LANGUAGES[language] + path)
            twin = page.locator(f"#{name} .widget-twin")
            expect(twin.locator("td").first).to_be_visible()
            expect(twin.locator("data.n").first).to_be_visible()


def test_code_can_be_reached(visitors: Visitors) -> None:
    """Each widget leads to the code that computed where it starts."""
    with visitors.visit() as visit:
        for path, name in found(visitors.site.folder):
            page = visit.go("en/" + path)
            link = ready(page, name).locator(".widget-bar a").last
            href = link.get_attribute("href") or ""
            assert "#code-" in href or "snippets/" in href, (path, name, href)


@pytest.mark.parametrize("topic", TOPICS)
def test_pages_compute_what_the_library_computes(
    visitors: Visitors, tmp_path: Path, topic: str
) -> None:
    """The scripts that the site serves pass, in the page, the cases that the library wrote."""
    # As text: what is nested deeply would be too deep for the way into the page.
    golden = write(topic, tmp_path).read_text("utf-8")
    with visitors.visit() as visit:
        page = visit.go("en/glossary/")
        # From the same host, as the page's policy asks for.
        page.route(
            "**/checks/*.js",
            lambda route: route.fulfill(
                path=node.FOLDER / Path(route.request.url).name, content_type="text/javascript"
            ),
        )
        urls = [f"{visitors.site.url}{part}/{topic}.js" for part in ("en/assets/compute", "checks")]
        answer = page.evaluate(
            """async ([urls, golden]) => {
              const [compute, { check }] = await Promise.all(urls.map((url) => import(url)));
              const { compared, wrong } = check(compute, JSON.parse(golden));
              return { compared, wrong };
            }""",
            [urls, golden],
        )
    assert answer["wrong"] == []
    assert answer["compared"] > 0
