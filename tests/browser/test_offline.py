"""Once visited, the site is read without a server; and it allows no script but its own."""

from __future__ import annotations

import json
import time

from playwright.sync_api import Browser, expect

from tests.browser.serving import serving
from tests.browser.visiting import Site, Visitors

HANG_SECONDS = 120
COUNT = """async () => {
  const [name] = await caches.keys();
  return name ? (await (await caches.open(name)).keys()).length : 0;
}"""


def test_whole_site_without_its_server(browser: Browser, site: Site) -> None:
    """After one visit every page of both languages opens with the server gone, searches too."""
    kept = json.loads((site.folder / "offline.json").read_text(encoding="utf-8"))
    count = sum(map(len, kept.values())) + 1  # and the list itself
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(120_000)
    with serving() as server:
        server.folder = site.folder
        url = server.url
        page.goto(url + "en/")
        # Asked from here, as Playwright's own waiting takes a promise for its fulfilment.
        end = time.monotonic() + HANG_SECONDS
        while page.evaluate(COUNT) < count:
            assert time.monotonic() < end, "the worker did not fetch all files"
            page.wait_for_timeout(200)
    for path in (*site.pages("zh"), *site.pages("en"), site.notebooks("en")[0]):
        page.goto(url + path)
        expect(page.locator("h1").first).to_be_attached()
        assert "No such page" not in page.title()
    page.goto(url + "en/parameters/counting/?from=elsewhere#layer")
    expect(page.locator(".md-content h1")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).getPropertyValue('--seal') !== ''")
    box = page.locator(".md-search__input")
    box.click()
    box.type("quantization")
    expect(page.locator(".md-search-result__link").first).to_be_visible()
    page.goto(url + "no/such/page/")
    expect(page.locator(".md-content")).to_contain_text("No such page")
    context.close()


def test_a_foreign_script_does_not_run(visitors: Visitors) -> None:
    """What is written into a page later, or comes from elsewhere, is refused by its policy."""
    with visitors.visit() as visit:
        page = visit.go("en/")
        page.evaluate(
            """() => {
              const script = document.createElement("script");
              script.textContent = "window.foreign = true";
              document.body.append(script);
              const image = document.createElement("div");
              image.innerHTML = "<img src=x onerror='window.foreign = true'>";
              document.body.append(image);
            }"""
        )
        page.wait_for_timeout(300)
        assert page.evaluate("window.foreign === undefined")
        assert any("Content Security Policy" in trouble for trouble in visit.troubles)
