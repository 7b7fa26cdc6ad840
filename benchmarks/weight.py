"""What readers wait for: bytes and requests of a first visit, each widget, the tiny GPT's weights.

Pages are visited in Chromium, on a server that compresses as a host would. What the issue sets
apart is not counted: search index, model weights, the font of formulas.
"""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.site import ENV, ROOT
from tests.browser import chromium
from tests.browser.serving import APART, Server, serving

WEIGHTS = "downloads/tiny_gpt/tiny-gpt.bin"
SHIFTS = """new Promise((found) => {
  let sum = 0;
  const add = (list) => list.getEntries().forEach((entry) => (sum += entry.value));
  new PerformanceObserver(add).observe({type: "layout-shift", buffered: true});
  setTimeout(() => found(sum), 300);
})"""
_IMPORT = re.compile(r"""(?:from|import)\s*["'](\.{1,2}/[^"']+)["']""")
# Measured from their repositories' published pages, of the dates given; not by this run.
OTHERS = (
    ("stock Material, zh and en, first visit", "83 kB, 13 requests (9.8, measured before)"),
    ("scaling-book, a chapter", "at least 930 kB before other hosts, 23 requests (2025-02)"),
    ("transformer-explainer", "at least 1,940 kB before the model, 21 requests (2025-12)"),
)


def rows() -> list[tuple[str, str, str]]:
    """Return name, measurement and target of each figure."""
    if (program := chromium.find()) is None:
        return [("first visits", "left out: no Chromium (`make browser` installs it)", "")]
    with tempfile.TemporaryDirectory() as folder, serving() as server:
        command = [sys.executable, "-m", "mkdocs", "build", "-q", "-d", folder]
        subprocess.run(command, cwd=ROOT, env=ENV, check=True, capture_output=True)
        server.folder = Path(folder)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=program, args=list(chromium.ARGUMENTS)
            )
            found = [*_pages(browser, server), *_widgets(server.folder / "assets")]
            found.append(_weights(server.folder / WEIGHTS))
            browser.close()
        return [*found, *((f"beside it: {name}", said, "") for name, said in OTHERS)]


def _pages(browser: Browser, server: Server) -> list[tuple[str, str, str]]:
    visits = []
    for file in sorted(server.folder.glob("en/*/*/index.html")):
        html = file.read_text(encoding="utf-8")
        if html.count('<figure class="chart"') >= 2 and '<figure class="widget' in html:
            path = file.parent.relative_to(server.folder).as_posix()
            visits.append((*_visit(browser, server, path + "/"), path))
    listed = "; ".join(f"{path[3:]} {size / 1000:.0f}" for size, *_, path in sorted(visits))
    return [
        ("first visit of pages with charts and a widget, kB", listed, "at most 120"),
        ("most requests of these", str(max(visit[1] for visit in visits)), "at most 20"),
        ("largest layout shift (CLS)", f"{max(visit[2] for visit in visits):.3f}", "under 0.02"),
    ]


def _visit(browser: Browser, server: Server, path: str) -> tuple[int, int, float]:
    """Return bytes, requests and layout shifts of a first visit."""
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    server.sent.clear()
    page.goto(server.url + path, wait_until="networkidle")
    sent = list(server.sent)
    shifts = float(page.evaluate(SHIFTS))
    context.close()
    return sum(size for name, size in sent if not APART.search(name)), len(sent), shifts


def _widgets(assets: Path) -> list[tuple[str, str, str]]:
    """Return what each widget takes with its arithmetic; what all share is a row of its own."""
    everywhere = _needed(assets / "receipt.js", _needed(assets / "page.js", set()))
    shared = _needed(assets / "widgets/base.js", _needed(assets / "widgets/plot.js", set()))
    shared -= everywhere
    sizes = {}
    for file in sorted((assets / "widgets").glob("*.js")):
        if file not in shared:
            needed = _needed(file, set()) - everywhere - shared
            sizes[file.stem] = sum(len(gzip.compress(one.read_bytes())) for one in needed)
    listed = "; ".join(
        f"{name} {sizes[name] / 1000:.1f}" for name in sorted(sizes, key=lambda name: sizes[name])
    )
    base = sum(len(gzip.compress(file.read_bytes())) for file in shared)
    return [
        ("a widget with all that it needs to stand, kB", listed, "at most 6"),
        ("what all widgets share", f"{base / 1000:.1f} kB", ""),
    ]


def _weights(file: Path) -> tuple[str, str, str]:
    size = len(gzip.compress(file.read_bytes()))
    return "the tiny GPT's weights, on demand", f"{size / 1000:.0f} kB", "at most 100"


def _needed(file: Path, seen: set[Path]) -> set[Path]:
    """Return a script with all that it imports at once; what it imports later is not awaited."""
    if file not in seen:
        seen.add(file)
        for name in _IMPORT.findall(file.read_text(encoding="utf-8")):
            _needed((file.parent / name).resolve(), seen)
    return seen
