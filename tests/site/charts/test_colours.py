"""The colours of charts.css by the formulas of WCAG 2.2 and of Machado et al. 2009."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import numpy as np
import pytest

from explainer.site.charts.heatmap import TEXT_SHADE
from explainer.site.charts.spec import ROLES
from explainer.site.charts.treemap import TINTS

CSS = Path(__file__).parents[3] / "src/explainer/site/theme/assets/charts.css"
SCHEMES = ("default", "slate")
# Severe protanopia, deuteranopia, tritanopia on linear RGB: Machado, Oliveira, Fernandes 2009.
_SIGHTS = (
    np.eye(3),
    np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
)
# OKLab: Ottosson 2020.
_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def variables(scheme: str) -> dict[str, str]:
    """Return the custom properties of a scheme."""
    css = CSS.read_text(encoding="utf-8")
    block = re.search(rf'\[data-md-color-scheme="{scheme}"\] \{{(.*?)\}}', css, re.S)
    assert block
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block[1]))


def rgb(colour: str) -> np.ndarray:
    """Return red, green, blue from 0 to 1."""
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255


def linear(colour: np.ndarray) -> np.ndarray:
    """Undo the transfer curve of sRGB."""
    return np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)


def contrast(one: np.ndarray, other: np.ndarray) -> float:
    """Return the contrast ratio of WCAG 2.2."""
    low, high = sorted(float(linear(c) @ np.array([0.2126, 0.7152, 0.0722])) for c in (one, other))
    return (high + 0.05) / (low + 0.05)


def distance(one: str, other: str, sight: np.ndarray) -> float:
    """Return a hundred times the OKLab distance, as seen by someone."""
    seen = [np.clip(sight @ linear(rgb(c)), 0, 1) for c in (one, other)]
    a, b = (_LAB @ np.cbrt(_LMS @ c) for c in seen)
    return 100 * float(np.linalg.norm(a - b))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("role", ROLES)
def test_roles_pass_as_text_on_the_paper(scheme: str, role: str) -> None:
    """A label in the colour of its role reaches 4.5:1, and so its mark more than 3:1."""
    found = variables(scheme)
    assert contrast(rgb(found[f"role-{role}"]), rgb(found["chart-paper"])) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_ticks_and_axes_pass(scheme: str) -> None:
    """Ticks reach 4.5:1 as text, axis lines 3:1 as graphics."""
    found = variables(scheme)
    paper = rgb(found["chart-paper"])
    for name in ("chart-soft", "chart-ink"):
        assert contrast(rgb(found[name]), paper) >= 4.5
    assert contrast(rgb(found["chart-axis"]), paper) >= 3


@pytest.mark.parametrize(("scheme", "least"), [("default", 4.0), ("slate", 8.0)])
def test_roles_are_told_apart_by_the_colour_blind(scheme: str, least: float) -> None:
    """Any two roles differ for every kind of sight; 2 is a just noticeable difference."""
    found = variables(scheme)
    roles = [role for role in ROLES if role != "neutral"]
    for one, other in itertools.combinations(roles, 2):
        for sight in _SIGHTS:
            seen = distance(found[f"role-{one}"], found[f"role-{other}"], sight)
            assert seen >= least, (one, other, seen)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("role", ROLES)
def test_ink_passes_on_shaded_cells(scheme: str, role: str) -> None:
    """Text in the darkest lettered cell and box still reaches 4.5:1."""
    found = variables(scheme)
    paper, ink = rgb(found["chart-paper"]), rgb(found["chart-ink"])
    for shade in (TEXT_SHADE, *TINTS):
        ground = shade * rgb(found[f"role-{role}"]) + (1 - shade) * paper
        assert contrast(ink, ground) >= 4.5, shade


def test_each_scheme_names_every_role() -> None:
    """Both schemes define the same properties."""
    assert set(variables("default")) == set(variables("slate"))
