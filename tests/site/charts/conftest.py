"""A page made of a dictionary, for charts to be drawn on."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from explainer.site import charts

CHINESE = {"step": "训练步", "loss": "损失", "component": "部件", "head": "输出层"}


@dataclass(frozen=True)
class Studio:
    """Draws charts whose expressions are names in a dictionary."""

    language: str = "en"

    def html(self, spec: Mapping[str, Any], values: Mapping[str, Any] | None = None) -> str:
        """Return a figure."""
        known = dict(values or {})

        def evaluate(expression: str) -> Any:
            return known[expression]

        def term(id: str) -> str:
            return CHINESE.get(id, id) if self.language == "zh" else id

        return charts.figure(
            spec, evaluate=evaluate, text=str, term=term, language=self.language, id=str(spec["id"])
        )

    def figure(
        self, spec: Mapping[str, Any], values: Mapping[str, Any] | None = None
    ) -> ET.Element:
        """Return a figure parsed as XML."""
        return ET.fromstring(self.html(spec, values))

    def plot(self, *marks: Mapping[str, Any], **keys: Any) -> dict[str, Any]:
        """Return the spec of a small plot."""
        spec = {"id": "fit", "title": "A message", "description": "What it shows"}
        axes = {"x": {"term": "step"}, "y": {"term": "loss"}, "marks": list(marks)}
        return spec | axes | keys


@pytest.fixture(params=["en", "zh"])
def studio(request: pytest.FixtureRequest) -> Studio:
    """Return a studio for each language."""
    return Studio(request.param)


@pytest.fixture
def english() -> Studio:
    """Return a studio in English."""
    return Studio("en")


@pytest.fixture
def chinese() -> Studio:
    """Return a studio in Chinese."""
    return Studio("zh")
