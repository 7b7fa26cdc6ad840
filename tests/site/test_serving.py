"""What a server's builds must put up with: requests meanwhile, and pages that are unfinished."""

from __future__ import annotations

import logging
import shutil

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.utils import CountHandler

from explainer.site import serve
from tests.site.tiny import Tiny


@pytest.mark.parametrize("is_unfinished", [True, False])
def test_only_the_faults_of_pages_count(is_unfinished: bool) -> None:
    """A request that fails is none; a dead link is one unless figures are still to come."""
    logger, counter = logging.getLogger("mkdocs"), CountHandler()
    logger.addHandler(counter)
    try:
        serve.pardon(lambda: is_unfinished)
        for name in ("livereload", "structure.pages", "plugins.other"):
            logging.getLogger(f"mkdocs.{name}").warning("no such place")
    finally:
        logger.removeHandler(counter)
    assert dict(counter.get_counts()) == {"WARNING": 1 if is_unfinished else 2}


@pytest.mark.site
def test_one_page_is_drawn_while_the_page_of_a_new_run_is_not(
    tiny: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that ended since the last whole build has no page yet, and nothing is copied there."""
    monkeypatch.setattr("explainer.site.publishing.publish", lambda *_: None)  # as under `serve`
    site = tiny.build()
    shutil.rmtree(site / "snippets")
    tiny.page("These words are new.")
    config = load_config(str(tiny.root / "mkdocs.yml"), site_dir=str(site), strict=False)
    config.plugins["explainer"].config |= {"nested": False, "only": "index.md"}
    build(config, dirty=True)
    assert "These words are new." in (site / "index.html").read_text(encoding="utf-8")
    assert not (site / "snippets/index/line.ipynb").exists()
