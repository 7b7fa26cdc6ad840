"""The quantization playground: what it shows of a corner of a layer is what the library finds."""

from __future__ import annotations

import re
from itertools import product

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from explainer.checkpoints import read, read_tensor
from explainer.models import path
from explainer.quantization import quantize
from explainer.quantization.calibration import Granularity
from tests.browser.visiting import LANGUAGES, PATIENCE, Visit, Visitors

PAGE = "quantization/idea/"
ID = "playground-widget"
LAYER = "encoder.layer.0.output.dense.weight"
GRANULARITIES: tuple[Granularity, ...] = ("tensor", "channel", "group")


def opened(visit: Visit, query: str = "", language: str = "en") -> Page:
    """Open the page where the playground stands ready."""
    return visit.widget(f"{LANGUAGES[language]}{PAGE}?{query}", ID)


def shown(page: Page) -> list[str]:
    """Return the numbers below the drawings."""
    return page.locator(f"#{ID} dd").all_inner_texts()


def expected(bits: int, symmetric: bool, granularity: Granularity, outlier: float) -> list[str]:
    """Return the same numbers by the library, as English writes them."""
    corner = np.array(read_tensor(read(path("minilm")), LAYER)[92:108, 832:896])
    corner[np.unravel_index(np.abs(corner).argmax(), corner.shape)] = outlier
    found = quantize(corner, bits=bits, symmetric=symmetric, granularity=granularity)
    back = np.asarray(found.dequantize(), np.float64)
    error = np.linalg.norm(back - corner) / np.linalg.norm(corner)
    width = f"{found.bits_per_weight:.4g}"
    return [f"{error:.2%}", f"{(back == 0).sum():,} of 1,024", width, str(found.scale.size)]


@pytest.mark.parametrize(("symmetric", "granularity"), list(product((True, False), GRANULARITIES)))
def test_shows_what_the_library_finds(
    visitors: Visitors, symmetric: bool, granularity: Granularity
) -> None:
    """Error, zeros, true bits per weight and scales are the library's, whatever the outlier."""
    with visitors.visit() as visit:
        for bits, outlier in ((2, 7.5), (3, 0.25), (5, 1.0), (8, 3.0)):
            settings: dict[str, object] = {
                "bits": bits,
                "granularity": granularity,
                "outlier": outlier,
            }
            settings["scheme"] = "symmetric" if symmetric else "affine"
            page = opened(visit, "&".join(f"{ID}.{key}={one}" for key, one in settings.items()))
            assert shown(page) == expected(bits, symmetric, granularity, outlier), settings
        assert visit.troubles == []


def test_sliders_move_by_keyboard(visitors: Visitors) -> None:
    """One key more is one bit more; the address keeps it, and the picture has more steps."""
    with visitors.visit("phone") as visit:
        page = opened(visit, f"{ID}.granularity=channel")
        steps = page.locator(f"#{ID} .label.role-seal")
        expect(steps).to_have_text("steps in sight: 15")
        page.locator(f"#{ID} input[type=range]").first.focus()
        page.keyboard.press("ArrowRight")
        expect(steps).to_have_text("steps in sight: 31")
        expect(page).to_have_url(re.compile(re.escape(f"{ID}.bits=5")), timeout=PATIENCE)
        assert visit.troubles == []
