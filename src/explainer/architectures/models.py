"""From a name, a path or an object to the architecture; the named models and their sources."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from explainer.architectures.config_file import MODEL_SUFFIXES, read_config_file
from explainer.architectures.reading import read_sizes
from explainer.architectures.tensors import Architecture
from explainer.architectures.verification import closed_form, tensors_of, verify

DATA = Path(__file__).parent.parent / "data" / "models.toml"

Source = Mapping[str, Any] | str | Path
Prediction = Literal["none", "unique", "stored"]


class UnknownModelError(ValueError):
    """A name that is neither a known model nor a file."""


def architecture(source: Source, *, mtp: Prediction = "none") -> Architecture:
    """Return a model's parameters as shapes, checked against their closed form.

    Args:
        source: A known name, the path of a `config.json` or of its directory, or its object.
        mtp: Whether layers of multi-token prediction are counted: `none`, `unique` for what they
            add to the model, `stored` with the copies of embedding and head that a checkpoint
            keeps for them.

    Returns:
        The architecture; `.total`, `.active`, `.components` and `.kinds` are exact integers.

    Raises:
        ValueError: If the configuration is unknown or contradictory; the message names the key.
        UnknownModelError: If a name is not known.
        OSError: If the file cannot be read.

    Examples:
        >>> architecture("gpt2").total
        124439808
        >>> architecture("deepseek-r1").active
        37552282624
    """
    config = read_config(source)
    sizes = read_sizes(config, mtp=mtp)
    notes = []
    if isinstance(config.get("vision_config"), Mapping):
        notes.append("The vision tower and its projector are not counted, only the text model.")
    if config.get("num_nextn_predict_layers") and mtp == "none":
        notes.append("Layers of multi-token prediction are not counted.")
    known = None if isinstance(source, Mapping) else _resolved(str(source))
    if known is not None and "note" in _models()[known]:
        notes.append(_models()[known]["note"])
    formulas = closed_form(sizes)
    model = Architecture(
        name=known or _name_of(source, config),
        model_type=str(config.get("model_type")),
        tensors=tensors_of(sizes),
        tied=sizes.tied,
        closed_form=sum(formulas.values()) - formulas.get("buffers", 0),
        notes=tuple(notes),
    )
    verify(model, formulas)
    return model


def read_config(source: Source) -> dict[str, Any]:
    """Return the configuration that a name, a path or an object stands for.

    Args:
        source: A known name, the path of a `config.json` or of its directory, or its object. A
            known name wins over a file of the same name; `./gpt2` is the file.

    Returns:
        The object.

    Raises:
        ValueError: If the file is no JSON object.
        UnknownModelError: If a name is not known.
        OSError: If the file cannot be read.

    Examples:
        >>> read_config("gpt2")["n_layer"]
        12
    """
    if isinstance(source, Mapping):
        return dict(source)
    name = _resolved(str(source))
    if name is not None:
        return dict(_models()[name]["config"])
    path = Path(source)
    if not str(source).strip() or (not path.exists() and _looks_like_a_name(str(source))):
        near = difflib.get_close_matches(str(source).lower(), known_models(), n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}? " if near else ""
        raise UnknownModelError(
            f"{str(source)[:80]!r} is neither a known model nor a file; {hint}"
            "`explainer models` lists the names"
        )
    if path.is_dir():
        path = path / "config.json"
    return read_config_file(path)


def known_models() -> tuple[str, ...]:
    """Return the names of the known models, in the order of the data file: by family, by size.

    Examples:
        >>> known_models()[0]
        'gpt2'
    """
    return tuple(_models())


def known_source(name: str) -> str:
    """Return where the configuration of a known model was taken from.

    Args:
        name: A known name, or another name of the same model.

    Returns:
        Repositories, papers and their revisions.

    Raises:
        UnknownModelError: If the name is not known.

    Examples:
        >>> "arXiv:2005.14165" in known_source("gpt3-175b")
        True
    """
    found = _resolved(name)
    if found is None:
        raise UnknownModelError(f"{name!r} is not known; `explainer models` lists the names")
    return str(_models()[found]["source"])


def known_config(name: str) -> dict[str, Any]:
    """Return the configuration of a known model; `known_source` says where it is from.

    Args:
        name: A known name, or another name of the same model.

    Returns:
        The keys that decide its parameters.

    Raises:
        UnknownModelError: If the name is not known.

    Examples:
        >>> known_config("gpt2")["vocab_size"]
        50257
    """
    known_source(name)
    return read_config(name)


def _looks_like_a_name(source: str) -> bool:
    """Return whether a user meant `model` or `organisation/model`, rather than a path."""
    is_path = source.endswith((".json", *MODEL_SUFFIXES)) or source[0] in "./~"
    return not is_path and source.count("/") <= 1


@cache
def _models() -> dict[str, dict[str, Any]]:
    """Return the data file, read once."""
    with DATA.open("rb") as file:
        return tomllib.load(file)


@cache
def _other_names() -> dict[str, str]:
    """Return each lower-case second name with the known name that it stands for."""
    return {
        alias.lower(): name for name, model in _models().items() for alias in model.get("also", [])
    }


def _resolved(name: str) -> str | None:
    """Return the known name that a user's name stands for, or None."""
    key = name.strip().lower()
    organisation, _, rest = key.rpartition("/")
    if (
        "/" not in organisation
        and organisation
        and organisation[0] not in "./~"
        and not Path(name).exists()
    ):
        key = rest  # as the Hugging Face Hub writes it; a path of this form is a path
    return key if key in _models() else _other_names().get(key)


def _name_of(source: Source, config: Mapping[str, Any]) -> str:
    """Return what to call a model of no known name: its file or directory, or its own word."""
    path = None if isinstance(source, Mapping) else Path(source)
    if path is not None and path.is_file() and path.name != "config.json":
        name = path.stem
    elif path is not None and (path.is_file() or path.is_dir()):
        name = (path if path.is_dir() else path.parent).resolve().name
    else:
        name = str(config.get("_name_or_path") or config.get("model_type"))
    # A name may come from a stranger's file: what cannot be printed would steer the terminal.
    return "".join(letter if letter.isprintable() else "?" for letter in name[:200]) or "model"
