"""Serving: rebuild the page or the language that changed, and show a refusal in the browser too.

An edit of one page draws that page alone. Search, the ledger and the titles that other pages show
follow with the next build of more than it: an edit of another kind, or a start.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.utils import CountHandler

from explainer.site import backlog

if TYPE_CHECKING:
    from mkdocs.livereload import LiveReloadServer

WATCHED = ("docs", "snippets", "src/explainer", "mkdocs.en.yml")
# While no server of MkDocs runs whose script would do it.
_RELOADING = """<script>
const said = (page) => page.querySelector("pre")?.textContent;
setInterval(async () => {
  const found = await fetch(location.href).then((answer) => answer.text(), () => "");
  const page = new DOMParser().parseFromString(found, "text/html");
  if (found && said(page) !== said(document)) location.reload();
}, 500);
</script>"""


def is_running() -> bool:
    """Return whether the command is `mkdocs serve`, which shows drafts too."""
    context = click.get_current_context(silent=True)
    return context is not None and context.info_name == "serve"


def attach(server: LiveReloadServer, root: Path, config: MkDocsConfig) -> None:
    """Make a server of MkDocs' rebuild by language and show errors in the page."""
    for path in WATCHED:
        server.watch(str(root / path))
    builder = Rebuilder(root, config, server.builder)
    server.builder = builder
    app = server.serve_request

    def show(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        wants_page = path.endswith("/") or path.endswith(".html")
        if builder.error and wants_page:
            start_response(
                "500 Internal Server Error", [("Content-Type", "text/html; charset=utf-8")]
            )
            html = error_page(builder.error).encode()
            # MkDocs' own script for reloading; not public, so a test drives it.
            return [server._inject_js_into_html(html, server._visible_epoch)]  # type: ignore[no-untyped-call]
        return app(environ, start_response)

    server.set_app(show)

    def rebuild() -> None:
        with server._rebuild_cond:  # as its own watcher does; not public, so a test drives it
            server._want_rebuild = True
            server._rebuild_cond.notify_all()

    backlog.of(root).listen(rebuild)


class Rebuilder:
    """Build what changed since the last good build.

    Args:
        root: The project's root.
        config: The configuration that the server started with.
        whole: MkDocs' own builder, for both languages.
    """

    def __init__(self, root: Path, config: MkDocsConfig, whole: Callable[[], None]) -> None:
        """Remember how the files are now."""
        self.root, self.config, self.whole = root, config, whole
        self.site = Path(config.site_dir)
        self.error = ""
        self.seen = _stamps(root)

    def __call__(self) -> None:
        """Rebuild; keep a refusal for the browser instead of ending the server."""
        now = _stamps(self.root)
        changed = {part for part in now if now[part] != self.seen[part]}
        try:
            if len(changed) == 1 and changed <= {"zh", "en"} and not self.error:
                (language,) = changed
                self._language(language, _edited(self.seen[language], now[language]))
            else:
                self.whole()
            self.error, self.seen = "", now
        except (Abort, SystemExit) as error:
            self.error = str(getattr(error, "message", error))
            print(self.error)
        except Exception as error:
            self.error = f"{type(error).__name__}: {error}"
            print(self.error)

    def _language(self, language: str, edited: str) -> None:
        """Rebuild one page of a language, or where more than one changed, all of it."""
        if language == "en":
            self._build("mkdocs.en.yml", self.site / "en", "en/", edited)
        elif edited:
            self._build("mkdocs.yml", self.site, "", edited)
        else:
            with self._kept(self.site / "en"):
                self._build("mkdocs.yml", self.site, "", "")

    def _build(self, file: str, site: Path, prefix: str, edited: str) -> None:
        from mkdocs.commands.build import build

        # MkDocs warns of every build that leaves pages as they are, and strictness is final.
        strict = self.config.strict and not edited
        config = load_config(str(self.root / file), site_dir=str(site), strict=strict)
        config.site_url = (self.config.site_url or "/") + prefix
        config.plugins["explainer"].config["nested"] = False  # the other language stands
        config.plugins["explainer"].config["only"] = edited
        # The index of one page must not take the place of that of all.
        index = site / "search" / "search_index.json"
        kept = index.read_bytes() if edited and index.is_file() else None
        build(config, serve_url=config.site_url, dirty=bool(edited))
        if kept is not None:
            index.write_bytes(kept)

    @contextlib.contextmanager
    def _kept(self, folder: Path) -> Iterator[None]:
        """Keep a folder from being cleaned away with the one above it."""
        aside = folder.parent.with_name(folder.parent.name + "-" + folder.name)
        shutil.rmtree(aside, ignore_errors=True)
        os.replace(folder, aside)
        try:
            yield
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            os.replace(aside, folder)


def wait_for_mending(root: Path, address: tuple[str, int], message: str) -> None:
    """Show why the first build was refused, in terminal and browser, until a file changes.

    Args:
        root: The project's root.
        address: Host and port on which the site will be served.
        message: What the build says.
    """
    print(message, flush=True)
    seen, page = _stamps(root), error_page(message, _RELOADING).encode()

    class Refused(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(500)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(address, Refused) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(f"\nServing this message on http://{address[0]}:{address[1]}/", flush=True)
        while _stamps(root) == seen:
            time.sleep(0.3)
        server.shutdown()


def start_again(site_dir: str) -> None:
    """Put the same command in this process's place; `site_dir` is of this one, and goes."""
    shutil.rmtree(site_dir)
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def _stamps(root: Path) -> dict[str, dict[str, int]]:
    """Return when the files of each part changed: zh, en, and all that both rest on."""
    docs = {name: root / "docs" / name for name in ("zh", "en")}
    shared = [
        *(root / "docs").glob("*.toml"),
        *(root / "snippets").rglob("*.py"),
        *(root / "src" / "explainer").rglob("*.[!p]*"),
        *(root / "src" / "explainer").rglob("*.py"),
        *root.glob("mkdocs*.yml"),
    ]
    parts = {name: _times(folder, folder.rglob("*")) for name, folder in docs.items()}
    return parts | {"shared": _times(root, iter(shared))}


def pardon(is_unfinished: Callable[[], bool]) -> None:
    """Keep a strict build from counting as its own what is no fault of its pages.

    Browsers ask for pages meanwhile and the server warns of what it could not give them; and pages
    whose snippets still run lack the figures that links lead to.

    Args:
        is_unfinished: Says whether any page lacks figures; asked when there is a warning.
    """

    def counts(record: logging.LogRecord) -> bool:
        is_link = record.name.startswith("mkdocs.structure")
        return record.name != "mkdocs.livereload" and not (is_link and is_unfinished())

    for handler in logging.getLogger("mkdocs").handlers:
        if isinstance(handler, CountHandler):
            handler.addFilter(counts)


def _times(root: Path, paths: Iterator[Path]) -> dict[str, int]:
    """Return when each file changed, by its path below a folder."""
    times = {}
    for path in paths:
        with contextlib.suppress(OSError):
            times[path.relative_to(root).as_posix()] = path.stat().st_mtime_ns
    return times


def _edited(before: dict[str, int], now: dict[str, int]) -> str:
    """Return the one page that was edited, or "" if it is another change than that."""
    changed = [name for name in now if now[name] != before.get(name)]
    is_page = before.keys() == now.keys() and len(changed) == 1 and changed[0].endswith(".md")
    return changed[0] if is_page else ""


def error_page(message: str, script: str = "") -> str:
    """Return the page that stands in for the site while it cannot be built."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Not built</title>'
        "<style>body{font:16px/1.6 system-ui;margin:3rem auto;max-width:60rem;padding:0 1rem}"
        "pre{white-space:pre-wrap;border-left:4px solid #b93a2b;padding:1rem;background:#fbfaf7;"
        "color:#1f2430}</style></head><body><h1>The site was not built</h1>"
        f"<pre>{escape(message)}</pre><p>Mend it and save; this page reloads by itself.</p>"
        f"{script}</body></html>"
    )
