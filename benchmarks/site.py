"""What building and serving the site costs: warm, cold, after an edit, from a fresh clone."""

from __future__ import annotations

import gzip
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import plain
from benchmarks.processes import Timing, best

ROOT = Path(__file__).parent.parent
ROUNDS = 5
ENV = os.environ | {"NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": "1767225600"}
# One process builds both languages, as ours does: two process starts would flatter us.
BUILD_BOTH = (
    "import sys; from mkdocs.config import load_config; from mkdocs.commands.build import build\n"
    "build(load_config('mkdocs.yml', site_dir='site'))\n"
    "build(load_config('mkdocs.en.yml', site_dir='site/en'))\n"
)


def rows() -> list[tuple[str, str, str]]:
    """Measure and return (what, measured, target) of each figure."""
    with tempfile.TemporaryDirectory(prefix="explainer-bench-") as folder:
        ours, typed = Path(folder) / "ours", Path(folder) / "plain"
        _copy(ours)
        cold = _timed(_build(), ours)
        records = [json.loads(p.read_text()) for p in (ours / ".explainer/runs").rglob("*.json")]
        plain.write(ours, typed)
        _timed([sys.executable, "-c", BUILD_BOTH], typed)  # notebooks into its own store
        warm, static = _side_by_side(ours, typed)
        return [
            *_warm(warm, static),
            _cold(cold, warm, records),
            *_edits(ours),
            _weight(ours / "site"),
            _fresh(Path(folder)),
        ]


def _build() -> list[str]:
    return [sys.executable, "-m", "mkdocs", "build", "-d", "site"]


def _copy(target: Path) -> None:
    """Copy the files that git knows, and those it does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def _timed(command: list[str], cwd: Path) -> Timing:
    """Run a command and time it; its processor time takes in all that it started."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=cwd, env=ENV, check=False, capture_output=True, text=True)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        said = done.stdout[-3000:] + done.stderr[-3000:]
        raise RuntimeError(f"{' '.join(command[:4])} failed in {cwd}:\n{said}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Timing(wall, cpu, done.stderr)


def _side_by_side(ours: Path, typed: Path) -> tuple[list[Timing], list[Timing]]:
    """Build both in turn, so that a change in the machine's speed meets both."""
    warm, static = [], []
    for _ in range(ROUNDS):
        warm.append(_timed(_build(), ours))
        static.append(_timed([sys.executable, "-c", BUILD_BOTH], typed))
    return warm, static


def _warm(warm: list[Timing], static: list[Timing]) -> Iterator[tuple[str, str, str]]:
    pairs = list(zip(warm, static, strict=True))
    ratio = statistics.median(a.wall_seconds / b.wall_seconds for a, b in pairs)
    cpu = statistics.median(a.cpu_seconds / b.cpu_seconds for a, b in pairs)
    shown = f"{ratio:.2f} times ({cpu:.2f} times its CPU s), median of {len(pairs)} pairs"
    yield "warm build, against the same pages typed by hand", shown, "at most 1.3 times"
    yield "warm build", f"{best(warm)}; typed by hand {best(static)}", "under 15 s"


def _cold(
    cold: Timing, warm: list[Timing], records: list[dict[str, float]]
) -> tuple[str, str, str]:
    cores = len(os.sched_getaffinity(0))
    cpu = sum(record["cpu_seconds"] for record in records)
    floor = max(cpu / cores, *(record["seconds"] for record in records))
    bound = 1.2 * floor + statistics.median(timing.wall_seconds for timing in warm)
    shown = (
        f"{cold.wall_seconds:.1f} s ({cold.cpu_seconds:.1f} s of CPU, "
        f"{cpu:.1f} s in {len(records)} snippets; {cores} cores)"
    )
    return "cold build", shown, f"at most {bound:.1f} s = 1.2 times {floor:.1f} s + warm"


def _edits(ours: Path) -> Iterator[tuple[str, str, str]]:
    """Time a prose edit until the page is served anew; with many more snippets too."""
    yield "prose edit to refreshed page", f"{_edit(ours):.2f} s", "about 1 s"
    folder = ours / "snippets" / "index"
    folder.mkdir(exist_ok=True)
    for number in range(100):
        (folder / f"extra{number}.py").write_text(f"# %% a\nx{number} = {number}\n")
    page = ours / "docs/{}/glossary.md"
    for language in ("zh", "en"):
        path = Path(str(page).format(language))
        quotes = "".join(f"{{{{ index.extra{n}.x{n} }}}} " for n in range(100))
        path.write_text(path.read_text() + "\n" + quotes + "\n")
    _timed(_build(), ours)
    yield "the same with 100 snippets more", f"{_edit(ours):.2f} s", "as above"


def _edit(ours: Path) -> float:
    page = ours / "docs/en/parameters/counting.md"
    text = page.read_text(encoding="utf-8")
    with _served(ours) as url:
        times = []
        for word in ("altogether", "besides", "certainly"):
            page.write_text(text + f"\nThis sentence is new, {word}.\n", encoding="utf-8")
            started = time.perf_counter()
            while f"new, {word}" not in _get(url + "en/parameters/counting/"):
                time.sleep(0.02)
            times.append(time.perf_counter() - started)
            time.sleep(1.5)
    page.write_text(text, encoding="utf-8")
    return statistics.median(times)


@contextmanager
def _served(root: Path, command: list[str] | None = None, port: int = 8907) -> Iterator[str]:
    """Serve a project; yield its address once the home page answers."""
    url = f"http://127.0.0.1:{port}/"
    serve = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}"]
    child = subprocess.Popen(
        command or serve, cwd=root, env=ENV | {"SITE_URL": url}, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while not _get(url):
            if child.poll() is not None:
                raise RuntimeError(f"{' '.join(command or serve)} ended in {root}")
            time.sleep(0.1)
        yield url
    finally:
        os.killpg(child.pid, 15)
        child.wait(30)


def _get(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return str(answer.read().decode())
    except OSError:
        return ""


def _weight(site: Path) -> tuple[str, str, str]:
    """Return the heaviest page with all that it loads at once, gzip, search index left out."""
    weights = {}
    for page in site.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        names = re.findall(r'<(?:link|script|img)[^>]*?(?:href|src)="?([^">\s]+)', html)
        files = {(page.parent / n.split("#")[0].split("?")[0]).resolve() for n in names}
        loaded = {f for f in files if f.suffix in {".css", ".js", ".svg", ".png", ".woff2"}}
        weights[page] = sum(
            len(gzip.compress(f.read_bytes())) for f in {page, *loaded} if f.is_file()
        )
    page = max(weights, key=lambda p: weights[p])
    shown = f"{weights[page] / 1000:.0f} kB ({page.relative_to(site).parent.as_posix()})"
    return "heaviest page with its scripts and styles, gzip", shown, "under 250 kB"


def _fresh(folder: Path) -> tuple[str, str, str]:
    """Time `make serve` in a fresh clone until a page is served; packages downloaded before."""
    for name in ("first", "second"):
        subprocess.run(["git", "clone", "-q", str(ROOT), str(folder / name)], check=True)
    # The first fills the installer's cache.
    subprocess.run(
        ["make", "setup"], cwd=folder / "first", env=ENV, check=True, capture_output=True
    )
    started = time.perf_counter()
    with _served(folder / "second", ["make", "serve", "PORT=8908"], port=8908) as url:
        first = time.perf_counter() - started
        names = [path.parent.name + "/" + path.stem for path in (ROOT / "docs/en").glob("*/*.md")]
        while any("This page is being computed" in _get(f"{url}en/{name}/") for name in names):
            time.sleep(1)
        whole = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    shown = f"{first:.0f} s; the last page {whole:.0f} s (largest process {peak:.0f} MiB)"
    return "fresh clone to page served, packages at hand", shown, "under 120 s"
