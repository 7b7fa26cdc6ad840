"""Both languages side by side: the same site, and every failure of either ends the build."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from mkdocs.exceptions import Abort

from explainer.site import abreast
from tests.site.tiny import Tiny

FORKS = pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2, reason="forks are not used here"
)
# Other tests of this process may have loaded JAX, which warns; these forks do not touch it.
BESIDE_JAX = pytest.mark.filterwarnings("ignore:os.fork:RuntimeWarning")
BOOM = """
from mkdocs.exceptions import PluginError
def on_page_content(html, page, config, files):
    if page.file.src_uri == "index.md":
        raise {error}
"""


def command(tiny: Tiny, *options: str) -> subprocess.CompletedProcess[str]:
    """Build by the command, in a process that has one thread."""
    config = str(tiny.root / "mkdocs.yml")
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-f", config, *options],
        cwd=tiny.root, capture_output=True, text=True,
    )  # fmt: skip


def files(site: Path) -> dict[str, bytes]:
    """Return the files of a site but for the compressed sitemap, which carries the time."""
    found = (path for path in site.rglob("*") if path.is_file() and path.suffix != ".gz")
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in found}


@pytest.mark.site
def test_side_by_side_or_in_turn_the_site_is_the_same(
    tiny: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The build of one process and that of two give the same bytes, cold and warm."""
    monkeypatch.setattr(abreast, "start", abreast.Later)
    in_turn = files(tiny.build())
    for _ in ("cold", "warm"):
        done = command(tiny, "-d", "beside")
        assert done.returncode == 0, done.stderr
        beside = files(tiny.root / "beside")
        assert beside.keys() == in_turn.keys()
        assert [name for name in beside if beside[name] != in_turn[name]] == []


@pytest.mark.site
@pytest.mark.parametrize("error", ["PluginError('the page fell over')", "ValueError('no value')"])
def test_an_error_of_the_other_language_ends_the_build(tiny: Tiny, error: str) -> None:
    """What only the English build meets fails the one command, with its message."""
    tiny.write("boom.py", BOOM.format(error=error))
    tiny.write("mkdocs.en.yml", tiny.read("mkdocs.en.yml") + "\nhooks: [boom.py]\n")
    done = command(tiny)
    assert done.returncode != 0
    assert error.split("'")[1] in done.stdout + done.stderr


@FORKS
@BESIDE_JAX
def test_a_failure_comes_through_with_its_message() -> None:
    """A refusal arrives as it is, any other error with its traceback, a killed process as such."""

    def refuse() -> None:
        raise Abort("docs/en/index.md:3: no")

    def fail() -> None:
        raise ValueError("broken")

    for work, message in (
        (refuse, "^docs/en/index.md:3: no$"),
        (fail, "Traceback(.|\n)*ValueError: broken"),
        (lambda: os.kill(os.getpid(), signal.SIGKILL), "ended from outside"),
    ):
        with pytest.raises(Abort, match=message):
            abreast.Forked(work).join()
    abreast.Forked(lambda: None).join()


@FORKS
@BESIDE_JAX
def test_what_is_ended_does_not_go_on(tmp_path: Path) -> None:
    """Work that is no longer wanted stops where it stands."""

    def count() -> None:
        for number in range(1000):
            (tmp_path / "count").write_text(str(number))
            time.sleep(0.01)

    work = abreast.Forked(count)
    while not (tmp_path / "count").exists():
        time.sleep(0.01)
    work.end()
    before = (tmp_path / "count").read_text()
    time.sleep(0.1)
    assert (tmp_path / "count").read_text() == before


def test_no_fork_beside_another_thread() -> None:
    """Where another thread runs, the work waits for its join."""
    done, stop = [], threading.Event()
    other = threading.Thread(target=stop.wait)
    other.start()
    try:
        work = abreast.start(lambda: done.append(1))
        assert isinstance(work, abreast.Later) and done == []
        work.join()
        assert done == [1]
    finally:
        stop.set()
        other.join()
