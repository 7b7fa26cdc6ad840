"""What is known of a page before it is read: its time, its answer, when it changed."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from explainer.site import feed, reading
from tests.site.tiny import Tiny

SENTENCE = {
    "zh": '!!! sentence "一句话"\n    两点定一条线。',
    "en": '!!! sentence "In one sentence"\n    Two points, & one line.',
}


def test_time_counts_what_is_read() -> None:
    """Chinese by characters, English by words, both where they mix; tables are not read."""
    assert reading.minutes("<p>" + "字" * 2550 + "</p>") == 10
    assert reading.minutes("<p>" + "word " * 2280 + "</p>") == 10
    assert reading.minutes("<p>" + "字" * 1275 + "word " * 1140 + "</p>") == 10
    assert reading.minutes("<table><tr><td>" + "word " * 9999 + "</td></tr></table>") == 1


@pytest.mark.site
def test_a_page_says_its_time_and_answer(tiny: Tiny) -> None:
    """Both stand in the page, in its language; a list without an answer shows no time."""
    tiny.page(SENTENCE["en"], SENTENCE["zh"])
    site = tiny.build()
    english = (site / "en/index.html").read_text(encoding="utf-8")
    assert '<meta name="description" content="Two points, &amp; one line.">' in english
    assert '<meta property="og:description" content="Two points, &amp; one line.">' in english
    assert re.search(r'</h1><p class="reading-time"[^>]*>1 min read</p>', english)
    chinese = (site / "index.html").read_text(encoding="utf-8")
    assert '<meta name="description" content="两点定一条线。">' in chinese
    assert "阅读约\u20091\u2009分钟" in chinese


@pytest.mark.site
def test_the_feed_follows_the_history(tiny: Tiny) -> None:
    """A page is dated by its last commit; outside a checkout the feed is empty, and valid."""
    site = tiny.build()
    atom = "{http://www.w3.org/2005/Atom}"
    assert not ElementTree.parse(site / feed.FILE).getroot().findall(f"{atom}entry")
    when = "2026-01-02T03:04:05+00:00"
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.c"]
    for command in (["init", "-q"], ["add", "docs"], ["commit", "-qm", "first", "--date", when]):
        subprocess.run(
            [*git, *command], cwd=tiny.root, check=True, env={"GIT_COMMITTER_DATE": when}
        )
    tiny.page(SENTENCE["en"], SENTENCE["zh"])
    site = tiny.build()
    for folder, title, summary in (
        ("", "一条线", "两点定一条线。"),
        ("en/", "A line", "Two points, & one line."),
    ):
        root = ElementTree.parse(site / folder / feed.FILE).getroot()
        (entry,) = root.findall(f"{atom}entry")
        assert entry.findtext(f"{atom}title") == title
        assert entry.findtext(f"{atom}summary") == summary
        assert entry.findtext(f"{atom}updated") == when
        assert (entry.findtext(f"{atom}id") or "").endswith("/" + folder)


def test_only_the_newest_pages_are_listed() -> None:
    """Newest first, and no more than fit."""
    entries = [feed.Entry(f"docs/en/{n}.md", f"u{n}", f"t{n}", "") for n in range(40)]
    dates = {
        entry.path: datetime(2026, 1, 1 + n % 28, tzinfo=UTC) for n, entry in enumerate(entries)
    }
    text = feed.render(entries, dates, title="t", url="u/", language="en")
    assert text.count("<entry>") == feed.ENTRIES
    stamps = re.findall(r"<updated>(.*?)</updated>", text)
    assert stamps[1:] == sorted(stamps[1:], reverse=True) and stamps[0] == stamps[1]
