"""A visit to a built site, and what went wrong during it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, Route, expect

PATIENCE = 30_000  # milliseconds, for what a widget does on a machine that does much else
LANGUAGES = {"zh": "", "en": "en/"}
WIDTHS = {"phone": (360, 740), "tablet": (768, 1024), "desktop": (1440, 900)}
# What the page's scripts do once it is there: numbers can be reached.
READY = "() => !document.querySelector('p data.n:not([role]):not(a *):not(summary *)')"


@dataclass(frozen=True)
class Site:
    """A built site behind a server.

    Args:
        url: Address of its root.
        folder: Where its files are.
    """

    url: str
    folder: Path

    def pages(self, language: str) -> list[str]:
        """Return the addresses of a language's pages below the root, home first."""
        start = self.folder / LANGUAGES[language]
        nested = [self.folder / prefix for prefix in LANGUAGES.values() if prefix]
        found = []
        for file in start.rglob("index.html"):
            below = file.parent.relative_to(start)
            own = start in nested or not any(file.is_relative_to(other) for other in nested)
            if own and below.parts[:1] != ("snippets",):
                found.append(LANGUAGES[language] + "".join(f"{part}/" for part in below.parts))
        return sorted(found)

    def notebooks(self, language: str) -> list[str]:
        """Return the addresses of a language's notebook pages."""
        start = self.folder / LANGUAGES[language] / "snippets"
        return sorted(
            f"{LANGUAGES[language]}snippets/{file.parent.relative_to(start)}/"
            for file in start.rglob("index.html")
        )

    def counterpart(self, path: str) -> str:
        """Return the address of the same page in the other language."""
        return path.removeprefix("en/") if path.startswith("en/") else f"en/{path}"


def language_of(path: str) -> str:
    """Return the language of an address."""
    return "en" if path.startswith("en/") else "zh"


@dataclass
class Visit:
    """One reader's browser: a page, and all that was not as it should be."""

    page: Page
    site: Site
    troubles: list[str] = field(default_factory=list)

    def go(self, path: str, **options: Any) -> Page:
        """Open a page of the site and wait until its scripts have done their part."""
        self.page.goto(self.site.url + path, **options)
        self.settle()
        return self.page

    def widget(self, path: str, id: str) -> Page:
        """Open a page where a widget is, and wait until it stands ready."""
        page = self.go(path)
        page.locator(f"#{id}").scroll_into_view_if_needed()
        expect(page.locator(f"#{id} .ready")).to_be_visible(timeout=PATIENCE)
        return page

    def settle(self) -> None:
        """Wait until the numbers of the page can be reached and its fonts are there."""
        if self.page.evaluate("document.documentElement.classList.contains('js')"):
            self.page.wait_for_function(READY)
            self.page.evaluate("document.fonts.ready.then(() => null)")

    def listen(self) -> None:
        """Write down what the console says, what fails, and who else is asked."""
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self._note(f"error: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._response)
        self.page.context.route("**/*", self._route)

    def _note(self, what: str) -> None:
        self.troubles.append(f"{self.page.url}: {what}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._note(f"console {message.type}: {message.text}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the reader went on before it came
            self._note(f"failed: {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self._note(f"status {response.status}: {response.url}")

    def _route(self, route: Route) -> None:
        url = route.request.url
        if url.startswith((self.site.url, "data:", "blob:")):
            route.continue_()
        else:
            self._note(f"asks another host: {url}")
            route.abort()


class Visitors:
    """Opens visits: a context each, in the one browser of the session."""

    def __init__(self, browser: Browser, site: Site) -> None:
        """Take the browser and the site."""
        self.browser, self.site = browser, site

    @contextmanager
    def visit(
        self,
        device: str = "desktop",
        *,
        night: bool = False,
        first: bool = False,
        **options: Any,
    ) -> Iterator[Visit]:
        """Open a reader's browser.

        Args:
            device: "phone", "tablet" or "desktop"; a phone is touched.
            night: Whether the reader's system is dark.
            first: Whether this reader was never here before, and is asked for the language.
            options: What else Playwright's context takes.
        """
        width, height = WIDTHS[device]
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if night else "light",
            has_touch=device == "phone",
            service_workers="block",
            **options,
        )
        context.set_default_timeout(30_000)
        # Behind a service worker no request would be seen; test_offline has a browser of its own.
        context.add_init_script("delete Navigator.prototype.serviceWorker")
        if not first:
            context.add_init_script("try { localStorage.setItem('language', 'known') } catch {}")
        visit = Visit(context.new_page(), self.site)
        visit.listen()
        try:
            yield visit
        finally:
            context.close()
