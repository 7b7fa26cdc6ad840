"""The site of this repository, built once by the real command, and one Chromium."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import chromium
from tests.browser.serving import Server, serving
from tests.browser.visiting import Site, Visitors

ROOT = Path(__file__).parents[2]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without Chromium leave these tests out; the summary says so."""
    mine = [item for item in items if item.path.is_relative_to(chromium.FOLDER)]
    for item in mine:
        item.add_marker(pytest.mark.browser)
    if chromium.find() is None:
        items[:] = [item for item in items if item not in mine]
        config.hook.pytest_deselected(items=mine)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server that compresses; its port is known before the site is built."""
    with serving() as server:
        yield server


@pytest.fixture(scope="session")
def site(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site of this repository, built by `mkdocs build` for the address where it is served."""
    folder = tmp_path_factory.mktemp("site")
    # Not the tests' eight simulated devices: the runs are those that readers get.
    ours = {k: v for k, v in os.environ.items() if k not in ("XLA_FLAGS", "JAX_PLATFORMS")}
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--site-dir", str(folder)],
        cwd=ROOT,
        env=ours | {"SITE_URL": server.url, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=1500,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    server.folder = folder
    return Site(server.url, folder)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.find(), args=list(chromium.ARGUMENTS)
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def visitors(browser: Browser, site: Site) -> Visitors:
    """Readers of the site."""
    return Visitors(browser, site)
