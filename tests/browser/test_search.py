"""Search finds words in the reader's language."""

from __future__ import annotations

import gzip
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

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
# Scripts mixed in one query, and names with digits; and a page among the first hits.
MIXED = {
    "zh": {
        "KL散度": "distillation/soft-labels/",
        "4位量化": "quantization/idea/",
        "FP16": "precision/formats/",
        "7B参数": "parameters/real-models/",
        "E2M3": "precision/formats/",
    },
    "en": {
        "KL divergence": "distillation/soft-labels/",
        "4-bit quantization": "quantization/blocks/",
        "FP16": "precision/formats/",
        "E2M3": "precision/formats/",
    },
}
FIRST = 5
MOST_INDEX_BYTES = 150_000

SAID = "document.querySelector('.md-search-result__meta').textContent.trim()"
# Whatever was found before is gone, and then there is an answer, as long as the count says.
EMPTY = f"""() => document.querySelector(".md-search-result__list").children.length === 0
  && !/\\d|没有|No match/.test({SAID})"""
ANSWERED = f"""() => /没有|No match/.test({SAID})
  || document.querySelector(".md-search-result__list a.md-search-result__link")"""

# Material's own worker, set up as the page has set it up; but nothing is drawn for each answer.
LISTEN = """
  window.Worker = class extends Worker {
    constructor(address) { super(address); this.address = address; }
    postMessage(message) {
      if (message.type === 0) window.searching = {address: this.address, message};
      super.postMessage(message);
    }
  };
"""
ASK = """async (words) => {
  const {address, message} = window.searching;
  const worker = new Worker(address), answers = [];
  const asked = new Promise((resolve) => worker.addEventListener("message", ({data}) => {
    if (data.type === 3 && answers.push(data.data.items) === words.length) resolve();
  }));
  worker.postMessage(message);
  for (const word of words) worker.postMessage({type: 2, data: word});
  await asked;
  worker.terminate();
  return answers.map((items) => items.map((sections) =>
    sections.filter(({score}) => score > 0).map(({location}) => location)));
}"""


class Entry(NamedTuple):
    """What the index has of a page's section."""

    location: str
    title: str
    text: str

    @property
    def page(self) -> str:
        """Return the address of the page below its language's root."""
        return self.location.partition("#")[0]


class Search:
    """The search of one language: its index, and its answers."""

    def __init__(self, page: Page, index: dict[str, Any]) -> None:
        """Take an open page, and the index that it reads."""
        self.page = page
        self.separator = re.compile(index["config"]["separator"])
        self.entries = [
            Entry(one["location"], re.sub("<[^>]*>", "", one["title"]), one["text"])
            for one in index["docs"]
        ]

    def ask(self, words: Sequence[str]) -> dict[str, list[list[str]]]:
        """Return for each word the pages found, best first, each by the sections that were hit."""
        return dict(zip(words, self.page.evaluate(ASK, list(words)), strict=True))

    def words(self, text: str) -> set[str]:
        """Return the words of a text that have more than one character."""
        plain = re.sub("<[^>]*>|&[a-z]+;", " ", text)
        found = (word.lower() for word in self.separator.split(plain))
        return {word for word in found if len(word) > 1}


@contextmanager
def searching(visitors: Visitors, language: str) -> Iterator[Search]:
    """Open a page of a language and wait until its search is set up."""
    path = visitors.site.folder / LANGUAGES[language] / "search" / "search_index.json"
    with visitors.visit() as visit:
        visit.page.add_init_script(LISTEN)
        page = visit.go(LANGUAGES[language] + "parameters/counting/")
        page.wait_for_function("() => window.searching")
        yield Search(page, json.loads(path.read_text(encoding="utf-8")))


def pages(answer: list[list[str]]) -> list[str]:
    """Return the pages of an answer, best first."""
    return [sections[0].partition("#")[0] for sections in answer if sections]


def unfound(search: Search, where: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Return the words that do not find all pages where they stand, and the pages they miss."""
    answers = search.ask(list(where))
    lost = {word: here - set(pages(answers[word])) for word, here in where.items()}
    return {word: here for word, here in lost.items() if here}


def hits(page: Page, word: str) -> list[str]:
    """Type a word into the search box; return where the hits lead."""
    box = page.locator("input.md-search__input")
    box.click()
    for text, done in (("", EMPTY), (word, ANSWERED)):
        box.fill(text)
        box.press("End")  # Material listens to keys, not to input
        page.wait_for_function(done)
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
def test_search_finds_every_term_first(visitors: Visitors, language: str) -> None:
    """Whatever word the glossary explains, its entry there or its page is the first hit."""
    glossary = tomllib.loads((ROOT / "docs" / "glossary.toml").read_text(encoding="utf-8"))
    terms = {term[language]: (id, term.get("page", "")) for id, term in glossary["terms"].items()}
    with searching(visitors, language) as search:
        lost = []
        for word, answer in search.ask(list(terms)).items():
            id, taught = terms[word]
            own = re.sub(r"(^|/)index\.md$|\.md$", r"\1/", taught)
            first = answer[0] if answer else []
            if f"glossary/#{id}" not in first and (not own or own not in pages(answer)[:1]):
                lost.append((word, first[:3]))
    assert lost == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_search_leads_to_the_entry(visitors: Visitors, language: str) -> None:
    """Of the glossary's entries the term's own is among the first three, but for one in twenty.

    Those few are names of columns made of words that other names have too.
    """
    glossary = tomllib.loads((ROOT / "docs" / "glossary.toml").read_text(encoding="utf-8"))
    terms = {term[language]: f"glossary/#{id}" for id, term in glossary["terms"].items()}
    with searching(visitors, language) as search:
        answers = search.ask(list(terms))
    late = []
    for word, answer in answers.items():
        entries = [one for found in answer for one in found if one.startswith("glossary/#")]
        if terms[word] not in entries[:3]:
            late.append((word, entries[:3]))
    assert len(late) < len(terms) / 20, late


@pytest.mark.parametrize("language", LANGUAGES)
def test_search_finds_the_words_of_headings(visitors: Visitors, language: str) -> None:
    """Each word of a heading finds the page that it stands on."""
    with searching(visitors, language) as search:
        where: dict[str, set[str]] = {}
        for entry in search.entries:
            for word in search.words(entry.title):
                where.setdefault(word, set()).add(entry.page)
        assert len(where) > 400
        assert unfound(search, where) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_search_finds_words_with_digits(visitors: Visitors, language: str) -> None:
    """E2M3, GPT-2, INT8: what is made of letters and digits finds each page that has it."""
    with searching(visitors, language) as search:
        where: dict[str, set[str]] = {}
        for entry in search.entries:
            for word in search.words(f"{entry.title} {entry.text}"):
                if re.fullmatch(r"(?=.*[a-z])(?=.*\d)[a-z0-9.]+", word):
                    where.setdefault(word, set()).add(entry.page)
        assert {"e2m3", "fp16"} <= where.keys()
        assert unfound(search, where) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_search_finds_mixed_words(visitors: Visitors, language: str) -> None:
    """A query of letters, digits and Chinese in one finds what is meant among the first."""
    with searching(visitors, language) as search:
        answers = search.ask(list(MIXED[language]))
    found = {word: pages(answer)[:FIRST] for word, answer in answers.items()}
    assert {w: p for w, p in found.items() if MIXED[language][w] not in p} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_index_is_light(visitors: Visitors, language: str) -> None:
    """What search needs to know of a language is less than 150 KB, compressed."""
    path = visitors.site.folder / LANGUAGES[language] / "search" / "search_index.json"
    size_bytes = len(gzip.compress(path.read_bytes(), compresslevel=6))
    print(f"{language}: {size_bytes:,} bytes")
    assert size_bytes < MOST_INDEX_BYTES
