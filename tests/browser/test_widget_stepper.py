"""The tiny GPT in the page: every number that it shows is the library's."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from explainer.gpt import GPTConfig, sort_letters, tokens_of, trace_gpt, trained_gpt
from tests.browser.visiting import LANGUAGES, PATIENCE, Visit, Visitors

PAGE = "tiny-gpt/inside/"
FACE = "#stepper"


def opened(visit: Visit, query: str = "", language: str = "en") -> Page:
    """Open the page where the weights have come."""
    page = visit.go(f"{LANGUAGES[language]}{PAGE}?{query}")
    page.locator(FACE).scroll_into_view_if_needed()
    expect(page.locator(f"{FACE} .gpt-text > button").first).to_be_visible(timeout=PATIENCE)
    return page


def traced(letters: str) -> dict[str, Any]:
    """Return what the library computes on the way."""
    return trace_gpt(trained_gpt(), tokens_of(letters), GPTConfig())


@pytest.mark.parametrize("language", LANGUAGES)
def test_continues_own_letters(visitors: Visitors, language: str) -> None:
    """Six typed letters are continued letter by letter, by the keyboard, as the library does."""
    with visitors.visit() as visit:
        page = opened(visit, language=language)
        page.locator(f"{FACE} input[type=text]").fill("cacbab")
        page.keyboard.press("Tab")
        for _ in range(6):
            page.keyboard.press("Enter")
        wanted = "CACBAB" + sort_letters(trained_gpt(), "CACBAB", GPTConfig())
        expect(page.locator(f"{FACE} .gpt-text")).to_have_text(wanted)
        expect(page).to_have_url(re.compile(re.escape("stepper.letters=CACBAB")), timeout=PATIENCE)
        expect(page).to_have_url(re.compile(re.escape("stepper.said=6")), timeout=PATIENCE)
        assert visit.troubles == []


@pytest.mark.parametrize("step", ["query", "attention", "up", "residual ", "logits"])
def test_numbers_are_the_librarys(visitors: Visitors, step: str) -> None:
    """The numbers of a letter, in a layer or behind them all, are those of `trace_gpt`."""
    read, place, layer = "CBABBCAB", 7, 2
    seen = traced(read)
    name = step.strip()
    whole = np.asarray(seen["blocks"][name][layer - 1] if name in seen["blocks"] else seen[name])
    query = f"stepper.said=2&stepper.place={place}&stepper.layer={layer}&stepper.at={step}"
    with visitors.visit("phone") as visit:
        page = opened(visit, query.replace(" ", "%20"))
        said = page.locator(f"{FACE} .gpt-values").inner_text().partition(":")[2]
        numbers = [
            float(one.replace("\u2212", "-")) for one in said.strip(" …").split() if one != "|"
        ]
        wanted = whole[..., place, :].reshape(-1)
        shown = wanted if whole.ndim == 3 else wanted[:48]
        np.testing.assert_allclose(numbers, shown, rtol=0, atol=0.00501)
        title = page.locator(f"{FACE} .gpt-title").first.inner_text()
        assert f"{whole.size:,} numbers" in title
        probabilities = [float(one) for one in page.locator(f"{FACE} dd").all_inner_texts()]
        np.testing.assert_allclose(probabilities, seen["probabilities"][-1], rtol=0, atol=5.1e-5)
        assert visit.troubles == []


def test_parameters_are_counted(visitors: Visitors) -> None:
    """A step that reads parameters says how many, one that reads none says so."""
    counts = {"query": 48 * 48 + 48, "down": 192 * 48 + 48, "ln_final": 96, "position": 11 * 48}
    with visitors.visit() as visit:
        page = opened(visit)
        made = page.locator(f"{FACE} .gpt-title").nth(1)
        for step, count in counts.items():
            page.get_by_role("button", name=step, exact=True).click()
            expect(made).to_contain_text(f"made it: {count:,} parameters")
        page.get_by_role("button", name="mix", exact=True).click()
        expect(made).to_have_text("This step reads no parameter.")


def test_weights_come_with_the_reader(visitors: Visitors) -> None:
    """Nothing is fetched at the top of the page; the weights take at most 100 KB."""
    with visitors.visit() as visit:
        asked: list[str] = []
        visit.page.on("request", lambda one: asked.append(one.url) if ".bin" in one.url else None)
        page = visit.go("en/" + PAGE)
        page.wait_for_timeout(500)
        assert asked == []
        with page.expect_response(lambda answer: ".bin" in answer.url, timeout=PATIENCE) as answer:
            page.locator(FACE).scroll_into_view_if_needed()
        expect(page.locator(f"{FACE} .gpt-text > button").first).to_be_visible(timeout=PATIENCE)
        assert len(asked) == 1 and 0 < len(answer.value.body()) <= 100_000


def test_without_its_weights_it_says_so(visitors: Visitors) -> None:
    """Where the file does not come, the widget says what happened."""
    with visitors.visit() as visit:
        visit.page.route("**/*.bin", lambda route: route.fulfill(status=404))
        page = visit.go("en/" + PAGE)
        page.locator(FACE).scroll_into_view_if_needed()
        expect(page.locator(f"{FACE} .gpt-title").first).to_contain_text("did not come")
