"""Golden cases of the families: what the library's own table says of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from explainer.architectures.families import DECODERS, Family
from explainer.architectures.reading import BART_DEFAULTS, BERT_DEFAULTS, GPT2_DEFAULTS


def families_cases() -> dict[str, Any]:
    """Return each decoder's row, without what is as in Llama; and the defaults of the others."""
    others = {"GPT2": GPT2_DEFAULTS, "BERT": BERT_DEFAULTS, "BART": BART_DEFAULTS}
    return {
        "decoders": {name: _given(_row(family)) for name, family in DECODERS.items()},
        "others": {name: _given(defaults) for name, defaults in others.items()},
    }


def _row(family: Family) -> dict[str, Any]:
    """Return a family under the names of families.js; tensors' names do not matter there."""
    # One for each head, or one over all at once, is as many.
    normed = {"none": None, "each": "all"}.get(family.qk_norm, family.qk_norm)
    return {
        "defaults": _given(family.defaults),
        "qkv": family.qkv_bias,
        "output": family.output_bias,
        "hidden": family.feed_forward_bias,
        "normed": normed,
        "normedBy": family.qk_norm_key,
        "normedBias": family.qk_norm_bias,
        "sinks": family.sinks,
        "plain": len(family.feed_forward_names) == 2,
        "norms": None if len(family.norms) == 2 else len(family.norms),
        "oneNormBy": family.single_norm_key,
        "normBias": family.norm_bias,
        "endless": family.final_norm is None,
        "headBias": family.head_bias,
        "latent": family.latent is not None,
        "experts": family.experts is not None,
    }


UNUSED = "num_nextn_predict_layers"
"""Layers of multi-token prediction are not counted there."""


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in values.items() if value is not None}
    return {name: value for name, value in given.items() if value is not False and name != UNUSED}
