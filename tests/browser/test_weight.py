"""What a first visit costs."""

from __future__ import annotations

from tests.browser.serving import Server
from tests.browser.visiting import LANGUAGES, Visitors

MOST_BYTES = 250_000
MOST_INDEX_BYTES = 150_000


def test_first_visit_is_light(visitors: Visitors, server: Server) -> None:
    """Every page comes with less than 250 KB, compressed, the search index not counted."""
    weights, indexes = {}, {}
    site = visitors.site
    for language in LANGUAGES:
        for path in [*site.pages(language), site.notebooks(language)[0]]:
            with visitors.visit() as visit:
                server.sent.clear()
                visit.go(path, wait_until="networkidle")
                sent = list(server.sent)
            weights[path] = sum(size for name, size in sent if "search_index" not in name)
            indexes[path] = sum(size for name, size in sent if "search_index" in name)
    heaviest = sorted(weights, key=weights.__getitem__, reverse=True)[:3]
    shown = [f"{path or 'home'}: {weights[path]:,} bytes" for path in heaviest]
    print("heaviest:", *shown)
    assert weights[heaviest[0]] < MOST_BYTES, shown
    assert min(weights.values()) > 10_000, "nothing was counted"
    assert max(indexes.values()) < MOST_INDEX_BYTES, indexes
