"""The memory calculator: its answers are those of the command that it shows, to the byte."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import pytest
from click.testing import CliRunner
from playwright.sync_api import Locator, Page, expect

from explainer.architectures import architecture
from explainer.cli.memory import command
from explainer.memory.classic import classic_bytes
from tests.browser.visiting import LANGUAGES, PATIENCE, Visit, Visitors

PAGE = "memory/formula/"
ID = "calculator"
PARTS = ("weights", "kv_cache", "activation", "optimizer", "overhead", "total")
ASKED: tuple[dict[str, Any], ...] = (
    {},
    {"model": "qwen2.5-0.5b", "format": "q4_k_m", "kv": "q8_0", "context": 32_768},
    {"model": "llama-2-70b", "format": "iq3_xs", "batch": 7},
    {"model": "mixtral-8x7b", "format": "q3_k_m", "context": 5_000},
    {"model": "deepseek-v3", "format": "fp8", "context": 131_072, "batch": 64},
    {"model": "gpt-oss-120b", "format": "mxfp4_moe", "kv": "q4_0", "context": 1_000_000},
    {"model": "bart-large", "format": "nf4_double", "context": 1_024},
    {"model": "gemma-3-27b", "use": "adamw", "context": 2_048, "batch": 8},
    {"model": "llama-3.1-405b", "use": "adamw-8bit", "context": 1_048_576, "batch": 1_024},
)


def opened(visit: Visit, asked: dict[str, Any] | None = None, language: str = "en") -> Page:
    """Open the page where the calculator stands ready."""
    query = "&".join(f"{ID}.{key}={value}" for key, value in (asked or {}).items())
    return visit.widget(f"{LANGUAGES[language]}{PAGE}?{query}", ID)


def part(page: Page, of: str) -> Locator:
    """Return something that the calculator shows."""
    return page.locator(f"#{ID} .widget-stage {of}")


def shown_bytes(page: Page) -> list[int]:
    """Return the bytes of each part, of all together, and of the formula."""
    return [
        int(text.replace(",", ""))
        for text in part(page, ".memory-table > tr > td:nth-child(2)").all_inner_texts()
    ]


def answer(page: Page) -> dict[str, Any]:
    """Return what the command that the page shows prints."""
    words = shlex.split(part(page, "> code").inner_text())
    assert words[:2] == ["explainer", "memory"]
    done = CliRunner().invoke(command, [*words[2:], "--json"])
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.output))


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_as_the_command_does(visitors: Visitors, language: str) -> None:
    """Every part, the total and the devices are those of `explainer memory`, in exact bytes."""
    with visitors.visit() as visit:
        for asked in ASKED:
            page = opened(visit, asked, language)
            wanted = answer(page)
            name = str(asked.get("model", "llama-3.1-8b"))
            bits = {"fp8": 8, "q3_k_m": 3, "iq3_xs": 3}.get(str(asked.get("format")), 4)
            bits = 16 if "use" in asked else bits
            formula = classic_bytes(architecture(name).total, bits)
            assert shown_bytes(page) == [*(wanted[f"{one}_bytes"] for one in PARTS), formula], asked
            verdicts = part(page, ".memory-fits > li")
            fits = [("fits" in str(one.get_attribute("class"))) for one in verdicts.all()]
            assert fits == [one["fits"] for one in wanted["fits"]], asked
            first = part(page, ".memory-table th[scope=row]").first
            expect(first).to_contain_text(f"{wanted['bits_per_weight']:.3f}")
        assert visit.troubles == []


def test_training_sets_its_formats(visitors: Visitors) -> None:
    """Where a model is trained, its format and that of a cache cannot be chosen."""
    with visitors.visit("phone") as visit:
        page = opened(visit)
        fields = part(page, "select")
        expect(fields.nth(1)).to_be_enabled()
        fields.nth(2).select_option("adamw")
        expect(fields.nth(1)).to_be_disabled()
        expect(fields.nth(3)).to_be_disabled()
        assert shown_bytes(page)[:2] == [2 * 8_030_261_248, 0]
        expect(part(page, ".widget-note")).to_have_text("")
        assert visit.troubles == []


def test_tokens_are_typed_or_doubled(visitors: Visitors) -> None:
    """Any number of tokens can be typed; a key of the slider doubles them; the address keeps it."""
    with visitors.visit() as visit:
        page = opened(visit)
        typed = part(page, "input[type=number]").first
        slider = part(page, "input[type=range]").first
        typed.fill("10000")
        page.keyboard.press("Tab")
        assert shown_bytes(page)[1] == 10_000 * 131_072
        expect(page).to_have_url(re.compile(rf"{ID}\.context=10000"), timeout=PATIENCE)
        slider.focus()
        page.keyboard.press("ArrowRight")
        expect(typed).to_have_value("16384")
        typed.fill("-3")
        page.keyboard.press("Tab")
        expect(typed).to_have_value("1")
        assert visit.troubles == []


def test_says_what_does_not_exist(visitors: Visitors) -> None:
    """A file that llama.cpp does not make has no numbers, and a strange address no effect."""
    with visitors.visit() as visit:
        page = opened(visit, {"model": "bart-large", "format": "q4_k_m"})
        expect(part(page, ".widget-note")).to_have_text("llama.cpp makes no q4_k_m of bart-large.")
        expect(part(page, ".memory-table")).to_be_hidden()
        for strange in ({"use": "constructor"}, {"kv": "toString"}, {"batch": 0.5}, {"model": ""}):
            page = opened(visit, strange)
            assert answer(page)["total_bytes"] == shown_bytes(page)[5]
            expect(part(page, "select").first).to_have_value("llama-3.1-8b")
        assert visit.troubles == []
