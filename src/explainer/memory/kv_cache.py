r"""The KV cache: what every token read leaves behind, exactly, for each kind of attention.

Each layer keeps a key and a value for every head that has them: $2 K H$ numbers a token. Multi-head
latent attention keeps one latent vector and one rotated key instead. A layer with a sliding window
keeps no more than the window less one token, since the newest brings its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from explainer.architectures.bart import BART
from explainer.architectures.bert import BERT
from explainer.architectures.decoder import LatentAttention
from explainer.architectures.fields import Fields
from explainer.architectures.gpt2 import GPT2
from explainer.architectures.models import Source, architecture, known_models, read_config
from explainer.architectures.reading import Sizes, read_sizes

KV_FORMATS: dict[str, Fraction] = {
    "fp32": Fraction(4),
    "fp16": Fraction(2),
    "bf16": Fraction(2),
    "fp8": Fraction(1),
    "q8_0": Fraction(34, 32),
    "q4_0": Fraction(18, 32),
}
"""Bytes of one cached number; the last two are GGUF blocks of 32, as llama.cpp can cache."""

_PERIODS = {"gemma2": 2, "gemma3_text": 6, "gpt_oss": 2, "cohere2": 4, "olmo3": 4}
"""One layer in so many sees everything, the last of each group; the others have a window."""

_WINDOWS = {"gemma2": 4096, "gemma3_text": 4096, "gpt_oss": 128, "cohere2": 4096, "olmo3": 4096}
"""Windows that `transformers` 5.23 assumes where a configuration names none."""

_KNOWN_WINDOWS = {
    "mistral-7b-v0.1": 4096,
    "gemma-3-1b": 512,
    **dict.fromkeys(("gemma-3-4b", "gemma-3-12b", "gemma-3-27b"), 1024),
}
"""Windows of known models, whose stored configurations hold only what decides parameters.

References: Jiang et al. 2023, Mistral 7B, table 1; Gemma Team 2025, Gemma 3, section 2 and the
published configurations.
"""

_SWITCHED = frozenset({"qwen2", "qwen2_moe", "qwen3", "qwen3_moe", "smollm3"})
"""Families whose window counts only where `use_sliding_window` is true."""


@dataclass(frozen=True)
class LayerCache:
    """What one layer keeps.

    Args:
        values_per_token: Numbers kept for a token.
        window: Tokens that a token sees, itself included; None for all.
    """

    values_per_token: int
    window: int | None = None

    def tokens(self, context: int) -> int:
        """Return how many of `context` tokens the layer keeps between two steps."""
        return context if self.window is None else min(context, self.window - 1)


def layer_caches(source: Source, *, latent: bool = True) -> tuple[LayerCache, ...]:
    """Return what each layer of a decoder keeps of its own tokens.

    Args:
        source: A known name, the path of a `config.json`, or its object.
        latent: Whether latent attention keeps its latent; False for software that expands it.

    Returns:
        One entry a layer; none for an encoder, which has no cache.

    Raises:
        ValueError: If the configuration is contradictory.
        UnknownModelError: If a name is not known.

    Examples:
        >>> layer_caches("llama-3.1-8b")[0]
        LayerCache(values_per_token=2048, window=None)
    """
    config = read_config(source)
    sizes = read_sizes(config)
    if isinstance(sizes, BERT):
        return ()
    if isinstance(sizes, BART):
        return (LayerCache(2 * sizes.d_model),) * sizes.decoder_layers
    kept = _values_per_token(sizes, latent=latent)
    if isinstance(sizes, GPT2):
        return (LayerCache(kept),) * sizes.num_layers
    windows = _windows(_text_config(config), sizes.num_layers, _known_name(source))
    return tuple(LayerCache(kept, window) for window in windows)


def bytes_per_token(
    source: Source, bytes_per_value: int | float | Fraction = 2, *, latent: bool = True
) -> int:
    r"""Return the bytes that one more token takes while no window is full, $2 L K H b$.

    Args:
        source: A known name, the path of a `config.json`, or its object.
        bytes_per_value: Bytes of one number, above 0; see `KV_FORMATS`.
        latent: As in `layer_caches`.

    Returns:
        Bytes, rounded up.

    Raises:
        ValueError: If `bytes_per_value` is not above 0.

    Examples:
        >>> bytes_per_token("llama-3.1-8b"), bytes_per_token("deepseek-r1")
        (131072, 70272)
    """
    values = sum(layer.values_per_token for layer in layer_caches(source, latent=latent))
    return _bytes(values, bytes_per_value)


def total_bytes(
    source: Source,
    context: int,
    batch: int = 1,
    bytes_per_value: int | float | Fraction = 2,
    *,
    latent: bool = True,
) -> int:
    """Return the bytes of a whole cache.

    A model with an encoder keeps, in each layer of its decoder, keys and values of the encoder's
    text too, which is taken to be as long as the context.

    Args:
        source: A known name, the path of a `config.json`, or its object.
        context: Tokens of each text, at least 0.
        batch: Texts at once, at least 1.
        bytes_per_value: Bytes of one number, above 0; see `KV_FORMATS`.
        latent: As in `layer_caches`.

    Returns:
        Bytes, rounded up.

    Raises:
        ValueError: If a number is out of range.

    Examples:
        >>> total_bytes("llama-2-7b", context=4096) == 2 * 2**30
        True
    """
    if context < 0:
        raise ValueError(f"`context` (={context}) must be at least 0")
    if batch < 1:
        raise ValueError(f"`batch` (={batch}) must be at least 1")
    layers = layer_caches(source, latent=latent)
    values = sum(layer.values_per_token * layer.tokens(context) for layer in layers)
    if isinstance(read_sizes(read_config(source)), BART):
        values *= 2
    return _bytes(batch * values, bytes_per_value)


def context_at(
    source: Source, num_bytes: int, bytes_per_value: int | float | Fraction = 2
) -> int | None:
    """Return the first context whose cache is larger than `num_bytes`.

    Args:
        source: A known name, the path of a `config.json`, or its object.
        num_bytes: A size to outgrow, such as that of the weights; at least 0.
        bytes_per_value: Bytes of one number, above 0.

    Returns:
        Tokens; None where windows or the lack of a cache keep it smaller for ever.

    Examples:
        >>> context_at("llama-2-7b", 2 * 2**30)
        4097
    """
    largest = 1
    while total_bytes(source, largest, 1, bytes_per_value) <= num_bytes:
        largest *= 2
        if largest > 2**60:
            return None
    low = largest // 2
    while largest - low > 1:
        middle = (low + largest) // 2
        if total_bytes(source, middle, 1, bytes_per_value) <= num_bytes:
            low = middle
        else:
            largest = middle
    return largest


def _bytes(values: int, bytes_per_value: int | float | Fraction) -> int:
    if not bytes_per_value > 0:
        raise ValueError(f"`bytes_per_value` (={bytes_per_value}) must be above 0")
    return math.ceil(values * Fraction(bytes_per_value))


def _values_per_token(sizes: Sizes, *, latent: bool) -> int:
    assert not isinstance(sizes, BERT | BART)
    if isinstance(sizes, GPT2):
        return 2 * sizes.d_model
    heads = sizes.attention
    if not isinstance(heads, LatentAttention):
        return 2 * heads.d_keys
    if latent:
        return heads.kv_rank + heads.d_rope
    return heads.num_heads * (heads.d_nope + heads.d_rope + heads.d_value)


def _windows(config: Mapping[str, Any], num_layers: int, known: str | None) -> list[int | None]:
    """Return each layer's window, or None."""
    family = str(config["model_type"])
    fields = Fields(config, {})
    if family in _SWITCHED and not fields.flag("use_sliding_window"):
        return [None] * num_layers
    window = fields.optional_size("sliding_window", least=0) or None
    if "sliding_window" not in config:
        window = _KNOWN_WINDOWS.get(known or "", _WINDOWS.get(family))
    if window is None:
        return [None] * num_layers
    kinds = config.get("layer_types")
    if kinds is not None:
        if not isinstance(kinds, list) or len(kinds) != num_layers:
            raise ValueError(f"`layer_types` must list one kind for each of {num_layers} layers")
        return [window if kind == "sliding_attention" else None for kind in kinds]
    if family in _SWITCHED:
        first = fields.optional_size("max_window_layers", least=0) or 0
        return [window if layer >= first else None for layer in range(num_layers)]
    period = fields.optional_size("sliding_window_pattern") or _PERIODS.get(family)
    if period is None:
        return [window] * num_layers
    return [window if (layer + 1) % period else None for layer in range(num_layers)]


def _text_config(config: Mapping[str, Any]) -> dict[str, Any]:
    inner = config.get("text_config")
    found = {**config, **inner} if isinstance(inner, Mapping) else dict(config)
    if str(found.get("model_type")) == "gemma3":
        found["model_type"] = "gemma3_text"
    return found


def _known_name(source: Source) -> str | None:
    """Return the name of a known model; a mapping or a file has none."""
    if isinstance(source, Mapping):
        return None
    name = architecture(source).name
    return name if name in known_models() and read_config(name) == read_config(source) else None
