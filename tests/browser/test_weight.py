"""What a first visit costs."""

from __future__ import annotations

from tests.browser.serving import APART, Server
from tests.browser.visiting import LANGUAGES, Visitors

MOST_BYTES = 250_000
MOST_BYTES_OF_A_CHAPTER = 120_000
CHARTS = range(2, 7)  # of such a chapter, beside a widget
MOST_INDEX_BYTES = 150_000


def test_first_visit_is_light(visitors: Visitors, server: Server) -> None:
    """Every page comes with less than 250 KB, compressed, the search index not counted.

    A chapter with a few charts and a widget has less than 120 KB, the font of formulas and the
    weights of a model not counted either, and asks for at most 20 files.
    """
    weights, indexes, chapters, requests = {}, {}, {}, {}
    site = visitors.site
    for language in LANGUAGES:
        for path in [*site.pages(language), site.notebooks(language)[0]]:
            with visitors.visit() as visit:
                server.sent.clear()
                visit.go(path, wait_until="networkidle")
                sent = list(server.sent)
                html = visit.page.content()
            weights[path] = sum(size for name, size in sent if "search_index" not in name)
            indexes[path] = sum(size for name, size in sent if "search_index" in name)
            charts, widgets = (html.count(f'<figure class="{c}"') for c in ("chart", "widget"))
            if charts in CHARTS and widgets:
                chapters[path] = sum(size for name, size in sent if not APART.search(name))
                requests[path] = len(sent)
    heaviest = sorted(weights, key=weights.__getitem__, reverse=True)[:3]
    shown = [f"{path or 'home'}: {weights[path]:,} bytes" for path in heaviest]
    print("heaviest:", *shown)
    assert weights[heaviest[0]] < MOST_BYTES, shown
    assert min(weights.values()) > 10_000, "nothing was counted"
    assert max(indexes.values()) < MOST_INDEX_BYTES, indexes
    assert len(chapters) > 10
    assert max(chapters.values()) <= MOST_BYTES_OF_A_CHAPTER, chapters
    assert max(requests.values()) <= 20, requests
