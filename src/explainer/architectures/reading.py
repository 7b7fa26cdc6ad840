"""From a Hugging Face style configuration to the sizes of one of four kinds of model."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from explainer.architectures.bart import BART
from explainer.architectures.bert import BERT
from explainer.architectures.decoder import Attention, Decoder, FeedForward
from explainer.architectures.families import DECODERS, Family
from explainer.architectures.fields import Fields, shortened
from explainer.architectures.gpt2 import GPT2

Sizes = Decoder | GPT2 | BERT | BART

GPT2_DEFAULTS = {
    **{"vocab_size": 50257, "n_positions": 1024, "n_embd": 768, "n_layer": 12, "n_head": 12},
    "tie_word_embeddings": True,
}
BERT_DEFAULTS = {
    **{"vocab_size": 30522, "hidden_size": 768, "num_hidden_layers": 12},
    **{"num_attention_heads": 12, "intermediate_size": 3072, "max_position_embeddings": 512},
    **{"type_vocab_size": 2, "tie_word_embeddings": True},
}
BART_DEFAULTS = {
    **{"vocab_size": 50265, "d_model": 1024, "max_position_embeddings": 1024},
    **{"encoder_layers": 12, "encoder_ffn_dim": 4096, "encoder_attention_heads": 16},
    **{"decoder_layers": 12, "decoder_ffn_dim": 4096, "decoder_attention_heads": 16},
    "tie_word_embeddings": True,
}
INNER_TYPES = {"gemma3": "gemma3_text", "llava": "llama", "llava_next": "llama"}
"""Families of the `text_config` of models that do not name it there."""

MODEL_TYPES = tuple(sorted({*DECODERS, "gpt2", "bert", "bart", "mbart", "gemma3"}))
"""Every `model_type` that can be counted."""


def read_sizes(config: Mapping[str, Any], *, mtp: str = "none") -> Sizes:
    """Return the sizes that a configuration describes.

    Args:
        config: The object of a `config.json`. Of one with a `text_config`, that part is read.
        mtp: Layers of multi-token prediction: `none`, `unique` (what they add to the model) or
            `stored` (with the copies of embedding and head that a checkpoint keeps for them).

    Returns:
        Sizes of a decoder, a GPT-2, a BERT or a BART.

    Raises:
        ValueError: If a key is missing, unknown or contradictory; the message names it.
    """
    inner = config.get("text_config")
    values: dict[str, Any] = dict(config)
    if inner is not None:
        if not isinstance(inner, Mapping):
            raise ValueError(f"`text_config` (={shortened(inner)}) must be an object")
        kept = ("tie_word_embeddings", "architectures")
        outer = {key: config[key] for key in kept if config.get(key) is not None}
        inner = {key: value for key, value in inner.items() if key != "architectures"}
        outer_type = config.get("model_type")
        fallback = {"model_type": INNER_TYPES.get(str(outer_type), outer_type)}
        values = {**fallback, **outer, **inner}
    model_type = _model_type(values)
    nested = inner is not None
    if mtp != "none" and not _predicts_further(model_type):
        raise ValueError(f"`model_type` (={model_type!r}) has no layers of multi-token prediction")
    if model_type == "gpt2":
        return _gpt2(Fields(values, GPT2_DEFAULTS, nested))
    if model_type == "bert":
        return _bert(Fields(values, BERT_DEFAULTS, nested))
    if model_type in ("bart", "mbart"):
        return _bart(Fields(values, BART_DEFAULTS, nested), mbart=model_type == "mbart")
    family = DECODERS[model_type]
    return _decoder(Fields(values, family.defaults, nested), family, mtp)


def _model_type(values: Mapping[str, Any]) -> str:
    """Return the family's name, or say which are known."""
    value = values.get("model_type")
    if value is None:
        raise ValueError("`model_type` is missing; add the family, such as 'llama'")
    if value == "gemma3":
        return "gemma3_text"
    if not isinstance(value, str) or value not in MODEL_TYPES:
        near = difflib.get_close_matches(str(value)[:40], MODEL_TYPES, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise ValueError(
            f"`model_type` (={shortened(value)}) is not known; {hint}if its layers are those of a "
            f"known family, name that one: {', '.join(MODEL_TYPES)}"
        )
    return value


def _predicts_further(model_type: str) -> bool:
    return model_type in DECODERS and DECODERS[model_type].predicts_further


def _has_head(fields: Fields) -> bool:
    """Return whether the model has a language-modelling head, by the name of its class."""
    name = _class_name(fields)
    if name is None or name.endswith(("ForCausalLM", "LMHeadModel", "ForConditionalGeneration")):
        return True
    if name.endswith("Model"):
        return False
    raise ValueError(
        f"`architectures` (={shortened(name)}) has a head that is not counted; name the "
        "causal language model or the bare model instead, or remove the key"
    )


def _class_name(fields: Fields) -> str | None:
    names = fields.values.get("architectures")
    if names is None or names == []:
        return None
    if not isinstance(names, list) or not isinstance(names[0], str):
        raise ValueError(f"`architectures` (={shortened(names)}) must be a list of class names")
    return names[0]


def _is_on(fields: Fields, switch: bool | str) -> bool:
    """Return a family's constant, or the value of the key that decides."""
    return fields.flag(switch) if isinstance(switch, str) else switch


def _decoder(fields: Fields, family: Family, mtp: str) -> Decoder:
    D, L = fields.size("hidden_size"), fields.layers()
    N = fields.size("num_attention_heads")
    experts = family.experts(fields, L) if family.experts else None
    dense = experts is None or len(experts.layers) < L
    tied = fields.flag("tie_word_embeddings")
    norms = family.norms
    if family.single_norm_key is not None and fields.flag(family.single_norm_key):
        norms = norms[:1]
    return Decoder(
        vocab_size=fields.size("vocab_size"),
        d_model=D,
        num_layers=L,
        attention=family.latent(fields, N) if family.latent else _attention(fields, family, D, N),
        feed_forward=_feed_forward(fields, family) if dense else None,
        experts=experts,
        tied=tied if _has_head(fields) else None,
        norms=norms,
        norm_bias=family.norm_bias,
        final_norm=family.final_norm,
        head_bias=family.head_bias,
        prediction_layers=_prediction_layers(fields) if mtp != "none" else 0,
        prediction_ends=mtp == "stored",
    )


def _prediction_layers(fields: Fields) -> int:
    return fields.optional_size("num_nextn_predict_layers", least=0, most=100) or 0


def _attention(fields: Fields, family: Family, D: int, N: int) -> Attention:
    K = fields.optional_size("num_key_value_heads") or N
    fields.divided("num_attention_heads", N, "num_key_value_heads", K)
    H = fields.optional_size("head_dim")
    if H is None:
        fix = "; add `head_dim` if heads have a width of their own"
        H = fields.divided("hidden_size", D, "num_attention_heads", N, fix)
    normed = family.qk_norm_key is None or fields.flag(family.qk_norm_key)
    return Attention(
        num_heads=N,
        num_kv_heads=K,
        d_head=H,
        qkv_bias=_is_on(fields, family.qkv_bias),
        output_bias=_is_on(fields, family.output_bias),
        qk_norm=family.qk_norm if normed else "none",
        qk_norm_bias=family.qk_norm_bias,
        sinks=family.sinks,
        fused=family.fused_attention,
        output_name=family.output_name,
        qk_norm_names=family.qk_norm_names,
    )


def _feed_forward(fields: Fields, family: Family) -> FeedForward:
    return FeedForward(
        d_ff=fields.size("intermediate_size"),
        names=family.feed_forward_names,
        bias=_is_on(fields, family.feed_forward_bias),
        fused=family.fused_feed_forward,
    )


def _gpt2(fields: Fields) -> GPT2:
    D, N = fields.size("n_embd", "hidden_size"), fields.size("n_head", "num_attention_heads")
    fields.divided("n_embd", D, "n_head", N)
    _refuse(fields, "add_cross_attention")
    return GPT2(
        vocab_size=fields.size("vocab_size"),
        num_positions=fields.size("n_positions", "max_position_embeddings"),
        d_model=D,
        num_layers=fields.size("n_layer", "num_hidden_layers", most=100_000),
        num_heads=N,
        d_ff=fields.optional_size("n_inner") or 4 * D,
        tied=fields.flag("tie_word_embeddings") if _has_head(fields) else None,
    )


def _bert(fields: Fields) -> BERT:
    D, N = fields.size("hidden_size"), fields.size("num_attention_heads")
    fields.divided("hidden_size", D, "num_attention_heads", N)
    _refuse(fields, "add_cross_attention")
    head = _class_name(fields) or "BertModel"
    if head not in ("BertModel", "BertForMaskedLM", "BertForPreTraining"):
        raise ValueError(
            f"`architectures` (={shortened(head)}) must be BertModel, BertForMaskedLM or "
            "BertForPreTraining; remove the key to count the bare model"
        )
    masked = head != "BertModel"
    return BERT(
        vocab_size=fields.size("vocab_size"),
        num_positions=fields.size("max_position_embeddings"),
        num_types=fields.size("type_vocab_size"),
        d_model=D,
        num_layers=fields.layers(),
        num_heads=N,
        d_ff=fields.size("intermediate_size"),
        pooler=head != "BertForMaskedLM",
        masked_head=masked,
        next_sentence_head=head == "BertForPreTraining",
        tied=fields.flag("tie_word_embeddings") if masked else None,
    )


def _bart(fields: Fields, *, mbart: bool) -> BART:
    D = fields.size("d_model", "hidden_size")
    heads = {side: fields.size(f"{side}_attention_heads") for side in ("encoder", "decoder")}
    for side, N in heads.items():
        fields.divided("d_model", D, f"{side}_attention_heads", N)
    if not fields.flag("tie_word_embeddings"):
        raise ValueError("`tie_word_embeddings` (=False) must be true: BART shares one table")
    return BART(
        vocab_size=fields.size("vocab_size"),
        num_positions=fields.size("max_position_embeddings"),
        d_model=D,
        encoder_layers=fields.layers("encoder_layers"),
        encoder_heads=heads["encoder"],
        encoder_d_ff=fields.size("encoder_ffn_dim"),
        decoder_layers=fields.layers("decoder_layers"),
        decoder_heads=heads["decoder"],
        decoder_d_ff=fields.size("decoder_ffn_dim"),
        last_norm=mbart,
        generates=_has_head(fields),
    )


def _refuse(fields: Fields, key: str) -> None:
    """Refuse a switch that adds tensors which are not counted."""
    if fields.flag(key):
        raise ValueError(f"`{key}` (=True) must be false; such a model is not counted")
