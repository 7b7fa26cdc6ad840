"""Golden cases of counting: every model and family that the library knows, and what it refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from explainer.architectures import (
    Architecture,
    architecture,
    known_config,
    known_models,
    parse_config,
)

DATA = Path(__file__).parents[1] / "data"
ORACLE: dict[str, Any] = json.loads((DATA / "param_oracle.json").read_text())["models"]
TRANSFORMERS: dict[str, Any] = json.loads((DATA / "transformers_shapes.json").read_text())

GEMMA = {"hidden_size": 2560, "intermediate_size": 10240, "num_hidden_layers": 34}

# Changes to a model that make it another, or none at all.
CHANGES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("llama-2-7b", {"num_key_value_heads": None}),
    ("llama-2-7b", {"architectures": ["LlamaModel"]}),
    ("llama-2-7b", {"architectures": [], "attention_bias": True, "mlp_bias": True}),
    ("llama-2-7b", {"hidden_size": 10**9, "vocab_size": 10**9, "num_hidden_layers": 100_000}),
    ("llama-2-7b", {"head_dim": 96, "num_attention_heads": 30, "num_key_value_heads": 15}),
    ("gemma-2-2b", {"tie_word_embeddings": None, "head_dim": None}),
    ("bert-base", {"architectures": ["BertForMaskedLM"]}),
    ("bert-base", {"architectures": ["BertForPreTraining"], "tie_word_embeddings": False}),
    ("bart-large", {"architectures": ["BartModel"]}),
    ("gpt2", {"n_inner": 1000, "tie_word_embeddings": False}),
    ("qwen3-30b-a3b", {"mlp_only_layers": [0, 5, 99, -1], "decoder_sparse_step": 3}),
    ("qwen3-30b-a3b", {"num_local_experts": 0}),
    ("deepseek-v3", {"q_lora_rank": None, "attention_bias": True}),
    ("deepseek-v3", {"first_k_dense_replace": 100, "n_shared_experts": 0}),
    ("deepseek-v3", {"n_routed_experts": 0}),
    ("mixtral-8x7b", {"num_experts_per_tok": 3}),
    *(("llama-2-7b", {"model_type": kind}) for kind in ("", "lama", "constructor", 7, None)),
    *(("llama-2-7b", {"hidden_size": value}) for value in (None, -1, 0, True, "9", 1.5, 10**30)),
    ("llama-2-7b", {"num_hidden_layers": 10**9}),
    ("llama-2-7b", {"num_attention_heads": 30, "num_key_value_heads": None}),
    ("llama-2-7b", {"num_key_value_heads": 5}),
    ("llama-2-7b", {"num_key_value_heads": 64}),
    ("llama-2-7b", {"tie_word_embeddings": "yes"}),
    ("llama-2-7b", {"attention_bias": 1}),
    ("llama-2-7b", {"architectures": "Llama"}),
    ("llama-2-7b", {"architectures": [None]}),
    ("llama-2-7b", {"architectures": ["LlamaForSequenceClassification"]}),
    ("llama-2-7b", {"text_config": 7}),
    ("mixtral-8x7b", {"num_experts_per_tok": 9}),
    ("qwen3-30b-a3b", {"num_experts": 64}),
    ("qwen3-30b-a3b", {"mlp_only_layers": "0"}),
    ("deepseek-v3", {"kv_lora_rank": 0}),
    ("deepseek-v3", {"moe_layer_freq": 2}),
    ("gpt2", {"n_head": 7}),
    ("gpt2", {"add_cross_attention": True}),
    ("bart-large", {"tie_word_embeddings": False}),
    ("bert-base", {"architectures": ["BertForQuestionAnswering"]}),
)


LINES = {
    **dict.fromkeys(("hidden_size", "num_key_value_heads", "head_dim"), "llama-2-7b"),
    **dict.fromkeys(("vocab_size", "num_hidden_layers", "tie_word_embeddings"), "llama-2-7b"),
    **dict.fromkeys(("model_type", "architectures", "vision_config", "text_config"), "llama-2-7b"),
    **dict.fromkeys(("num_experts", "mlp_only_layers", "decoder_sparse_step"), "qwen3-30b-a3b"),
    **dict.fromkeys(("num_nextn_predict_layers", "moe_layer_freq", "q_lora_rank"), "deepseek-v3"),
    **dict.fromkeys(("n_routed_experts", "first_k_dense_replace"), "deepseek-v3"),
    **dict.fromkeys(("add_cross_attention", "n_inner", "n_positions"), "gpt2"),
    **dict.fromkeys(("type_vocab_size", "unasked"), "bert-base"),
}
"""Keys that are written in other ways, and the model whose configuration they change."""
WRITTEN = (
    *("32", "32.0", "3.2e1", "32e0", "320e-1", "-0", "0", "-0.0", "0e9", "1", "-32", "64", "4096"),
    *("NaN", "Infinity", "-Infinity", "1e400", "9007199254740993", "1" + "0" * 30, "032", "0x20"),
    *("null", "true", "false", '"32"', '"true"', '""', "[]", "[32]", "{}", '{"a": 1}', '[""]'),
    *('"llama"', '["llama"]', '["LlamaModel"]', '["LlamaForCausalLM", 3]', '["BertModel"]', "[[]]"),
    *("[0, 1, 2]", "[1.0]", "[1e0]", "[true]", "[-0]", "[1" + "0" * 30 + "]", "[NaN]", '["1"]'),
    *('{"model_type": "llama"}', '{"model_type": ["gemma3"]}', '{"model_type": null}'),
    *('{"hidden_size": 64, "hidden_size": 32}', '{"architectures": ["X"], "head_dim": 64}'),
)
TEXTED = (
    *(f'{{"model_type": "gemma3", "text_config": {text}}}' for text in ("{}", "[]", "null", "3.0")),
    '{"model_type": ["gemma3"], "text_config": {}}',
    '{"model_type": "gemma3", "text_config": {"hidden_size": 2560.0}}',
    '{"model_type": "gemma3", "text_config": {"hidden_size": 2560, "tie_word_embeddings": null}}',
    '{"model_type": "llava", "hidden_size": "x", "text_config": {"model_type": "mistral"}}',
    '{"model_type": "toString", "text_config": {}}',
    '{"model_type": "__proto__"}',
    '{"__proto__": {"model_type": "llama"}}',
    '{"model_type": "gpt2", "__proto__": {"n_embd": 768}, "n_layer": 12, "n_head": 12}',
    '{"model_type": "bert", "architectures": [""]}',
)


def counting_cases() -> dict[str, list[dict[str, Any]]]:
    """Return configurations, each with its count or with the key that is at fault; and texts."""
    return {
        "configs": [case(config, counted) for config, counted in _configs()],
        "texts": [_of_text(text) for text in _texts_of_configs()],
    }


def _texts_of_configs() -> Iterator[str]:
    """Yield configurations of which one value is written in another way."""
    yield from TEXTED
    for key, name in LINES.items():
        lines = [f"{json.dumps(k)}: {json.dumps(v)}" for k, v in known_config(name).items()]
        others = [line for line in lines if not line.startswith(f'"{key}"')]
        for value in WRITTEN:
            yield "{" + ", ".join([*others, f'"{key}": {value}']) + "}"


def _of_text(text: str) -> dict[str, Any]:
    try:
        config = parse_config(text.encode(), "text")
    except ValueError:
        return {"text": text, "refused": True}
    found = case(config, None)
    del found["config"]
    return {"text": text, **found}


def _configs() -> Iterator[tuple[Mapping[str, Any], Any]]:
    """Yield configurations, and what another counter says of them, or None."""
    for name in known_models():
        yield known_config(name), {"total": TRANSFORMERS["known"][name]}
    for entry in ORACLE.values():
        yield entry["config"], {key: entry[key] for key in ("total", "biases")}
    for entry in TRANSFORMERS["models"]:
        yield entry["config"], {key: entry[key] for key in ("total", "biases", "buffers")}
    for name, change in CHANGES:
        yield {**known_config(name), **change}, None
    for kind in (None, "gemma3_text", "llama"):
        inner = GEMMA if kind is None else {**GEMMA, "model_type": kind}
        yield {"model_type": "gemma3", "text_config": inner, "vision_config": {"layers": 2}}, None
    heads = {"architectures": ["X"], "tie_word_embeddings": None, "num_attention_heads": 20}
    yield {"model_type": "llava", "text_config": {**GEMMA, **heads}, "architectures": None}, None
    yield {**known_config("deepseek-v3"), "num_nextn_predict_layers": 1}, None


def case(config: Mapping[str, Any], counted: Any) -> dict[str, Any]:
    """Return a configuration with the library's answer; integers are texts, as they may be long."""
    try:
        model = architecture(config)
    except ValueError as error:
        found = re.search(r"`(\w+)`", str(error))
        assert found is not None, error
        return {"config": config, "refused": found[1]}
    others = {key: str(value) for key, value in (counted or {}).items()}
    return {"config": config, "count": _texts(model), "others": others}


def _texts(model: Architecture) -> dict[str, Any]:
    return {
        "total": str(model.total),
        "active": str(model.active),
        "without_input": str(model.active_without_input_embedding),
        "without_tables": str(model.active_without_embedding_and_head),
        "components": {name: str(count) for name, count in model.components.items()},
        "kinds": {kind: str(count) for kind, count in model.kinds.items()},
        "tied": model.tied,
        "notes": ["vision" if "vision" in note else "prediction" for note in model.notes],
    }
