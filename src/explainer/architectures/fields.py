"""Reading a `config.json` key by key: each value is checked where it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LARGEST = 10**9
"""No width, vocabulary or count of layers is above this; what is, is a slip or an attack."""

MANY_LAYERS = 100_000


@dataclass(frozen=True)
class Fields:
    """A configuration, and what `transformers` assumes for keys that it leaves out."""

    values: Mapping[str, Any]
    defaults: Mapping[str, Any]
    nested: bool = False
    """True inside a `text_config`, which leaves out all that equals the defaults; a configuration
    at the top level writes its sizes down, so a size that is missing there is an error."""

    def has(self, key: str) -> bool:
        """Return whether the configuration gives this key a value of its own."""
        return self.values.get(key) is not None

    def size(self, *keys: str, least: int = 1, most: int = LARGEST) -> int:
        """Return an integer, under the first of its names that is present.

        Args:
            keys: Names of the same quantity, preferred first. They must not contradict each other.
            least: Smallest value that makes sense.
            most: Largest.

        Returns:
            The value, or the family's default.

        Raises:
            ValueError: If it is missing, no integer, out of range, or given twice differently.
        """
        found = self.optional_size(*keys, least=least, most=most)
        if found is None:
            raise ValueError(f"`{keys[0]}` is missing; add it to the configuration")
        return found

    def optional_size(self, *keys: str, least: int = 1, most: int = LARGEST) -> int | None:
        """Return an integer as `size` does, or None where it is absent or null."""
        given = {key: self.values[key] for key in keys if self.has(key)}
        absent = not any(key in self.values for key in keys)
        if absent and (self.nested or keys[0] not in REQUIRED):
            given = {key: self.defaults[key] for key in keys if self.defaults.get(key) is not None}
        for key, value in given.items():
            if isinstance(value, bool) or not isinstance(value, int):
                raise ValueError(f"`{key}` (={shortened(value)}) must be an integer")
            if not least <= value <= most:
                bound = f"at least {least}" if value < least else f"at most {most:,}"
                raise ValueError(f"`{key}` (={shortened(value)}) must be {bound}")
        if len(set(given.values())) > 1:
            both = " and ".join(f"`{key}` (={value})" for key, value in given.items())
            raise ValueError(f"{both} name the same quantity and must agree; remove one")
        return next(iter(given.values()), None)

    def layers(self, key: str = "num_hidden_layers") -> int:
        """Return a number of layers."""
        return self.size(key, most=MANY_LAYERS)

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return a Boolean; a value of another type is an error."""
        value = self.values.get(key)
        if value is None:
            value = self.defaults.get(key, default)
        if not isinstance(value, bool):
            raise ValueError(f"`{key}` (={shortened(value)}) must be true or false")
        return value

    def indices(self, key: str, *, below: int) -> frozenset[int]:
        """Return a list of layer numbers, each below `below`."""
        value = self.values.get(key)
        value = self.defaults.get(key, []) if value is None else value
        if not isinstance(value, list) or any(type(index) is not int for index in value):
            raise ValueError(f"`{key}` (={shortened(value)}) must be a list of layer numbers")
        return frozenset(index for index in value if 0 <= index < below)

    def divided(self, key: str, whole: int, by_key: str, parts: int, fix: str = "") -> int:
        """Return `whole / parts`, or say which two keys do not fit."""
        if whole % parts:
            raise ValueError(f"`{key}` (={whole}) must be divisible by `{by_key}` (={parts}){fix}")
        return whole // parts


REQUIRED = frozenset(
    {
        *("vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads"),
        *("intermediate_size", "moe_intermediate_size", "n_embd", "n_layer", "n_head"),
        *("d_model", "encoder_layers", "decoder_layers", "encoder_ffn_dim", "decoder_ffn_dim"),
        *("encoder_attention_heads", "decoder_attention_heads", "num_local_experts"),
        *("num_experts", "n_routed_experts", "num_experts_per_tok"),
    }
)
"""Sizes that a configuration must write down itself."""


def shortened(value: object) -> str:
    """Return a value for an error message, on one line and not too long."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # an integer of too many digits, a list too deep
        text = "a value too large to print"
    return text if len(text) <= 60 else text[:57] + "..."
