"""A server for a built site: compresses as a host would, and remembers what it sent."""

from __future__ import annotations

import gzip
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".ipynb": "application/json",
    ".xml": "application/xml",
    ".svg": "image/svg+xml",
    ".py": "text/x-python; charset=utf-8",
    ".woff2": "font/woff2",
    ".png": "image/png",
}
# What a first visit is not charged with: search, the font of formulas, a model's weights.
APART = re.compile(r"search_index|\.woff2$|tiny-gpt\.bin$")
COMPRESSED = {".html", ".css", ".js", ".json", ".ipynb", ".xml", ".svg", ".py"}


class Server(ThreadingHTTPServer):
    """Serves one folder on a free port of this machine."""

    daemon_threads = True

    def __init__(self) -> None:
        """Take a free port; the folder comes later, as its pages name the address."""
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = Path()
        self.sent: list[tuple[str, int]] = []

    @property
    def url(self) -> str:
        """Return the address of the root, with a slash at its end."""
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def find(self, path: str) -> Path | None:
        """Return the file that an address names."""
        file = self.folder / unquote(urlsplit(path).path).lstrip("/")
        file = file / "index.html" if file.is_dir() else file
        return file if file.is_file() else None


class Handler(BaseHTTPRequestHandler):
    """Answers with a file, or with the site's own page for what is not there."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        """Send one file."""
        file = self.server.find(self.path)
        status = 200 if file else 404
        file = file or self.server.folder / "404.html"
        body = packed(file) if file.suffix in COMPRESSED else file.read_bytes()
        self.send_response(status)
        self.send_header("Content-Type", TYPES.get(file.suffix, "application/octet-stream"))
        self.send_header("Content-Length", str(len(body)))
        if file.suffix in COMPRESSED:
            self.send_header("Content-Encoding", "gzip")
        size_bytes = len(body) + sum(map(len, getattr(self, "_headers_buffer", [])))
        self.server.sent.append((self.path, size_bytes))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing; the tests ask `sent`."""


@cache
def packed(file: Path) -> bytes:
    """Return a file as a host would send it."""
    return gzip.compress(file.read_bytes(), compresslevel=6, mtime=0)


@contextmanager
def serving() -> Iterator[Server]:
    """Run a server for as long as the block lasts."""
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
