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
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.site import ENV, ROOT
from tests.browser import chromium
from tests.browser.serving import APART, Server, serving
from tests.javascript.test_sizes import needed

WEIGHTS = "downloads/tiny_gpt/tiny-gpt.bin"
SHIFTS = """new Promise((found) => {
  let sum = 0;
  const add = (list) => list.getEntries().forEach((entry) => (sum += entry.value));
  new PerformanceObserver(add).observe({type: "layout-shift", buffered: true});
  setTimeout(() => found(sum), 300);
})"""
_ON_DEMAND = re.compile(r"""\bimport\(["'](\.{1,2}/[^"']+)["']\)(?!\.)""")  # but for types
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
    everywhere = needed(assets / "receipt.js") | needed(assets / "page.js")
    shared = needed(assets / "widgets/base.js") | needed(assets / "widgets/plot.js")
    sizes, later = {}, {}
    for file in sorted((assets / "widgets").glob("*.js")):
        if file not in shared:
            own = needed(file) - everywhere - shared
            sizes[file.stem] = _bytes(own)
            asked = _ON_DEMAND.findall(file.read_text(encoding="utf-8"))
            on_demand = set[Path]().union(
                *(needed((file.parent / name).resolve()) for name in asked)
            )
            if on_demand:
                later[file.stem] = _bytes(on_demand - own - everywhere - shared)
    return [
        ("a widget with all that it needs to stand, kB", _listed(sizes), "at most 6"),
        ("what it reads once it is used, kB", _listed(later), ""),
        ("what all widgets share", f"{_bytes(shared - everywhere) / 1000:.1f} kB", ""),
    ]


def _bytes(files: Iterable[Path]) -> int:
    return sum(len(gzip.compress(file.read_bytes())) for file in files)


def _listed(sizes: dict[str, int]) -> str:
    order = sorted(sizes, key=lambda name: sizes[name])
    return "; ".join(f"{name} {sizes[name] / 1000:.1f}" for name in order)


def _weights(file: Path) -> tuple[str, str, str]:
    size = len(gzip.compress(file.read_bytes()))
    return "the tiny GPT's weights, on demand", f"{size / 1000:.0f} kB", "at most 100"
