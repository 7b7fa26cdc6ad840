"""The attention view: its shares are SmolLM2's, for any word, layer and head."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import Page, expect

from explainer.models.llama import load_smollm2, trace_llama
from tests.browser.visiting import LANGUAGES, PATIENCE, Visit, Visitors

PAGE = "vectors/attention/"
ID = "head-by-head"
SENTENCE = "The animal didn't cross the street because it was too tired"


@pytest.fixture(scope="module")
def maps() -> npt.NDArray[np.float32]:
    """Attention of every layer and head, [layer, head, asks, is seen]."""
    model = load_smollm2()
    ids = np.array(model.tokenizer.encode(SENTENCE).ids)
    return np.asarray(trace_llama(model.params, ids, model.config).attention)


def opened(visit: Visit, query: str = "", language: str = "en") -> Page:
    """Open the page where the view stands ready."""
    return visit.widget(f"{LANGUAGES[language]}{PAGE}?{query}", ID)


def shown(page: Page) -> list[int]:
    """Return the share of each word on the right, in percent; none is nothing."""
    texts = page.locator(f"#{ID} .widget-plot text:not([text-anchor])").all_text_contents()[1:]
    return [int(text.split()[-1].rstrip("%")) if "%" in text else 0 for text in texts]


def test_shares_are_the_models(visitors: Visitors, maps: npt.NDArray[np.float32]) -> None:
    """For each layer of the page, two words and two heads, the percents are the model's."""
    with visitors.visit() as visit:
        page = opened(visit)
        layers = page.locator(f"#{ID} input[type=radio]").evaluate_all(
            "all => all.map((one) => Number(one.value))"
        )
        assert len(layers) == 4
        for layer in layers:
            for head, asks in ((1, 8), (9, 11)):
                settings = {"layer": layer, "head": head, "asks": asks}
                page = opened(visit, "&".join(f"{ID}.{key}={one}" for key, one in settings.items()))
                wanted = 100 * maps[layer - 1, head - 1, asks]
                np.testing.assert_allclose(shown(page), wanted, rtol=0, atol=0.51)
        assert visit.troubles == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_and_head_are_chosen_by_keyboard(visitors: Visitors, language: str) -> None:
    """A word and a head chosen with Enter are shown, and stand in the address."""
    with visitors.visit("phone") as visit:
        page = opened(visit, language=language)
        word = page.locator(f"#{ID} .heads-words button").first
        word.focus()
        page.keyboard.press("Enter")
        page.locator(f"#{ID} .heads button").nth(2).focus()
        page.keyboard.press("Enter")
        expect(word).to_have_attribute("aria-pressed", "true")
        assert shown(page)[0] == 100  # the first word sees only itself
        expect(page).to_have_url(re.compile(re.escape(f"{ID}.asks=0")), timeout=PATIENCE)
        expect(page).to_have_url(re.compile(re.escape(f"{ID}.head=3")), timeout=PATIENCE)
        assert visit.troubles == []
