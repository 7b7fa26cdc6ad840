"""Serving: rebuild the language that changed, and show a refusal in the browser too."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort

from explainer.site import backlog

if TYPE_CHECKING:
    from mkdocs.livereload import LiveReloadServer

WATCHED = ("docs", "snippets", "src/explainer", "mkdocs.en.yml")


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
        self.seen = self._stamps()

    def __call__(self) -> None:
        """Rebuild; keep a refusal for the browser instead of ending the server."""
        now = self._stamps()
        changed = {part for part in now if now[part] != self.seen[part]}
        try:
            if changed == {"en"} and not self.error:
                self._build("mkdocs.en.yml", self.site / "en", "en/")
            elif changed == {"zh"} and not self.error:
                with self._kept(self.site / "en"):
                    self._build("mkdocs.yml", self.site, "")
            else:
                self.whole()
            self.error, self.seen = "", now
        except (Abort, SystemExit) as error:
            self.error = str(getattr(error, "message", error))
            print(self.error)
        except Exception as error:
            self.error = f"{type(error).__name__}: {error}"
            print(self.error)

    def _build(self, file: str, site: Path, prefix: str) -> None:
        from mkdocs.commands.build import build

        config = load_config(str(self.root / file), site_dir=str(site), strict=self.config.strict)
        config.site_url = (self.config.site_url or "/") + prefix
        config.plugins["explainer"].config["nested"] = False  # the other language stands
        build(config, serve_url=config.site_url)

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

    def _stamps(self) -> dict[str, int]:
        """Return the newest change below each part: zh, en, and all that both rest on."""
        parts = {"zh": self.root / "docs" / "zh", "en": self.root / "docs" / "en"}
        stamps = {name: _stamp(folder.rglob("*")) for name, folder in parts.items()}
        shared = [
            *(self.root / "docs").glob("*.toml"),
            *(self.root / "snippets").rglob("*.py"),
            *(self.root / "src" / "explainer").rglob("*.[!p]*"),
            *(self.root / "src" / "explainer").rglob("*.py"),
            *self.root.glob("mkdocs*.yml"),
        ]
        return stamps | {"shared": _stamp(iter(shared))}


def _stamp(paths: Iterator[Path]) -> int:
    """Return a number that changes when a file is written, added or removed."""
    states = []
    for path in paths:
        with contextlib.suppress(OSError):
            states.append((str(path), path.stat().st_mtime_ns))
    return hash(tuple(sorted(states)))


def error_page(message: str) -> str:
    """Return the page that stands in for the site while it cannot be built."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Not built</title>'
        "<style>body{font:16px/1.6 system-ui;margin:3rem auto;max-width:60rem;padding:0 1rem}"
        "pre{white-space:pre-wrap;border-left:4px solid #b93a2b;padding:1rem;background:#fbfaf7;"
        "color:#1f2430}</style></head><body><h1>The site was not built</h1>"
        f"<pre>{escape(message)}</pre><p>Mend it and save; this page reloads by itself.</p>"
        "</body></html>"
    )
