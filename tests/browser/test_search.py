"""Search finds words in the reader's language."""

from __future__ import annotations

import tomllib

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import ROOT
from tests.browser.visiting import LANGUAGES, Visitors

# A word from the middle of a title, or of a text; and a page that must be among the hits.
WORDS = {
    "zh": {
        "参数": "parameters/counting/",  # 怎么数参数？
        "直线": "parameters/what-is-a-parameter/",  # 两个数，装下一整条直线
        "方程": "parameters/what-is-a-parameter/",  # 不解方程，也能学到这两个数
        "矩阵": "parameters/counting/",  # 三个矩阵，不是两个
        "量化": "glossary/",
        "偏置": "glossary/",
        "偏置参数": "glossary/",
        "quantization": "glossary/",  # what the Chinese gives in brackets
    },
    "en": {
        "parameter": "en/parameters/counting/",
        "count": "en/parameters/counting/",
        "matrices": "en/parameters/counting/",
        "quantization": "en/glossary/",
        "bias": "en/glossary/",
    },
}
# The results are those of this word: they have not changed for a while.
SETTLED = """(word) => {
  const said = document.querySelector(".md-search-result__meta").textContent.trim();
  const shown = document.querySelector(".md-search-result__list").textContent;
  const now = [word, said, shown].join();
  if (window.searched !== now) { window.searched = now; window.since = performance.now(); }
  return /\\d|没有|No match/.test(said) && performance.now() - window.since > 100;
}"""


def hits(page: Page, word: str) -> list[str]:
    """Type a word into the search box; return where the hits lead."""
    box = page.locator("input.md-search__input")
    box.click()
    box.fill(word)
    box.press("End")  # Material listens to keys, not to input
    page.wait_for_function(SETTLED, arg=word)
    links = page.locator(".md-search-result__list a.md-search-result__link")
    return list(links.evaluate_all("(links) => links.map((link) => link.href)"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_search_finds_words(visitors: Visitors, language: str) -> None:
    """Words of titles and texts are found, and all hits are in the reader's language."""
    url, found = visitors.site.url, {}
    with visitors.visit() as visit:
        page = visit.go(LANGUAGES[language])
        for word, wanted in WORDS[language].items():
            paths = [hit.removeprefix(url).partition("?")[0] for hit in hits(page, word)]
            found[word] = wanted in paths
            assert all(path.startswith("en/") == (language == "en") for path in paths), paths
    assert [word for word, is_found in found.items() if not is_found] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_search_finds_every_term(visitors: Visitors, language: str) -> None:
    """Whatever word the glossary explains, searching for it finds the glossary."""
    glossary = tomllib.loads((ROOT / "docs" / "glossary.toml").read_text(encoding="utf-8"))
    lost = []
    with visitors.visit() as visit:
        page = visit.go(LANGUAGES[language])
        for term in glossary["terms"].values():
            if not any("/glossary/" in hit for hit in hits(page, term[language])):
                lost.append(term[language])
    assert lost == []
