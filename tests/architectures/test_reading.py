"""Configurations as they are found in the wild: sparse, nested, contradictory, hostile."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explainer.architectures import architecture, known_config
from explainer.architectures.reading import MODEL_TYPES

LLAMA: dict[str, Any] = {
    "model_type": "llama",
    "vocab_size": 32000,
    "hidden_size": 4096,
    "intermediate_size": 11008,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
}


def deep(levels: int) -> list[Any]:
    """Return a list inside a list, so many times."""
    found: list[Any] = []
    for _ in range(levels):
        found = [found]
    return found


def test_missing_key_value_heads_mean_one_each() -> None:
    """A Llama config from before grouped queries counts as Llama 2 7B."""
    assert architecture(LLAMA).total == 6_738_415_616
    assert architecture({**LLAMA, "num_key_value_heads": None}).total == 6_738_415_616


def test_defaults_are_those_of_the_family() -> None:
    """Mistral's missing key-value heads are 8, Gemma's missing tie is a tied table."""
    mistral = {**LLAMA, "model_type": "mistral", "intermediate_size": 14336}
    assert architecture(mistral).total == 7_241_732_096
    gemma = known_config("gemma-2-2b")
    del gemma["tie_word_embeddings"], gemma["head_dim"]
    assert architecture(gemma).total == 2_614_341_888


def test_sparse_text_config_takes_all_defaults() -> None:
    """Gemma 3 4B's nested text_config, as it is published, leaves out even the vocabulary."""
    config = {
        "architectures": ["Gemma3ForConditionalGeneration"],
        "model_type": "gemma3",
        "text_config": {
            "hidden_size": 2560,
            "intermediate_size": 10240,
            "model_type": "gemma3_text",
            "num_hidden_layers": 34,
        },
        "vision_config": {"hidden_size": 1152},
    }
    model = architecture(config)
    assert model.total == 3_880_263_168  # param_oracle.json: gemma-3-4b (text)
    assert any("vision" in note for note in model.notes)


def test_gemma3_with_its_family_named_only_outside() -> None:
    """`gemma3` means its text model, flat or around a text_config that names no family."""
    text = known_config("gemma-3-4b")
    del text["model_type"]
    nested = architecture({"model_type": "gemma3", "text_config": text})
    flat = architecture({"model_type": "gemma3", **text})
    assert nested.total == flat.total == 3_880_263_168
    assert nested.tied


def test_bare_model_has_no_head() -> None:
    """A class named after the bare model, as embedding models use it, has no output matrix."""
    bare = architecture({**LLAMA, "architectures": ["LlamaModel"]})
    assert bare.total == 6_738_415_616 - 32000 * 4096
    assert bare.tied is None


def test_masked_head_of_bert() -> None:
    """BERT with its masked-token head has 109,514,298 parameters."""
    config = {**known_config("bert-base-uncased"), "architectures": ["BertForMaskedLM"]}
    assert architecture(config).total == 109_514_298  # facts/oracles.md


def test_experts_under_either_name() -> None:
    """`num_experts` and `num_local_experts` mean the same, and may both be there when equal."""
    config = known_config("qwen3-30b-a3b")
    count = config.pop("num_local_experts")
    for given_keys in ({"num_experts": count}, {"num_experts": count, "num_local_experts": count}):
        assert architecture({**config, **given_keys}).total == 30_532_122_624


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model_type": "lama"}, r"`model_type` \(='lama'\) is not known; did you mean 'llama'\?"),
        ({"model_type": None}, r"`model_type` is missing"),
        ({"model_type": ["llama"]}, r"`model_type` \(=\['llama'\]\) is not known"),
        ({"vocab_size": None}, r"`vocab_size` is missing"),
        ({"hidden_size": None}, r"`hidden_size` is missing"),
        ({"hidden_size": -4096}, r"`hidden_size` \(=-4096\) must be at least 1"),
        ({"hidden_size": 0}, r"`hidden_size` \(=0\) must be at least 1"),
        ({"hidden_size": True}, r"`hidden_size` \(=True\) must be an integer"),
        ({"hidden_size": "4096"}, r"`hidden_size` \(='4096'\) must be an integer"),
        ({"hidden_size": 4096.0}, r"`hidden_size` \(=4096.0\) must be an integer"),
        ({"hidden_size": float("nan")}, r"`hidden_size` \(=nan\) must be an integer"),
        ({"hidden_size": 10**30}, r"`hidden_size` \(=1000.*\) must be at most 1,000,000,000"),
        ({"num_hidden_layers": 10**9}, r"`num_hidden_layers` .* must be at most 100,000"),
        ({"vocab_size": 10**5000}, r"`vocab_size` .* must be at most"),
        ({"hidden_size": deep(900)}, r"`hidden_size` \(=.*\) must be an integer"),
        ({"num_attention_heads": 30}, r"`hidden_size` \(=4096\) must be divisible by .*head_dim"),
        ({"num_key_value_heads": 5}, r"`num_attention_heads` \(=32\) must be divisible by"),
        ({"num_key_value_heads": 64}, r"`num_attention_heads` \(=32\) must be divisible by"),
        ({"tie_word_embeddings": "yes"}, r"`tie_word_embeddings` \(='yes'\) must be true or false"),
        ({"attention_bias": 1}, r"`attention_bias` \(=1\) must be true or false"),
        ({"architectures": "Llama"}, r"`architectures` \(='Llama'\) must be a list"),
        ({"architectures": [None]}, r"`architectures` .* must be a list"),
        ({"architectures": ["LlamaForSequenceClassification"]}, r"has a head that is not counted"),
        ({"text_config": 7}, r"`text_config` \(=7\) must be an object"),
    ],
)
def test_contradictory_config_names_the_key(change: dict[str, Any], message: str) -> None:
    """A config that cannot be counted is refused with its key, its value and what to do."""
    with pytest.raises(ValueError, match=message):
        architecture({**LLAMA, **change})


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("mixtral-8x7b", {"num_experts_per_tok": 9}, r"`num_experts_per_tok` \(=9\) must be at m"),
        ("qwen3-30b-a3b", {"num_experts": 64}, r"`num_experts` \(=64\) and `num_local_experts`"),
        ("qwen3-30b-a3b", {"mlp_only_layers": "0"}, r"`mlp_only_layers` .* list of layer numbers"),
        ("deepseek-v3", {"kv_lora_rank": 0}, r"`kv_lora_rank` \(=0\) must be at least 1"),
        ("deepseek-v3", {"moe_layer_freq": 2}, r"`moe_layer_freq` \(=2\) must be 1"),
        ("gpt2", {"n_head": 7}, r"`n_embd` \(=768\) must be divisible by `n_head` \(=7\)"),
        ("gpt2", {"add_cross_attention": True}, r"`add_cross_attention` \(=True\) must be false"),
        ("bart-large", {"tie_word_embeddings": False}, r"`tie_word_embeddings` .* must be true"),
        ("bert-base", {"architectures": ["BertForQuestionAnswering"]}, r"must be BertModel"),
    ],
)
def test_contradiction_of_a_family(name: str, change: dict[str, Any], message: str) -> None:
    """What only one family can get wrong is named as well."""
    with pytest.raises(ValueError, match=message):
        architecture({**known_config(name), **change})


def test_prediction_layers_only_where_there_are_any() -> None:
    """Asking for multi-token prediction of a model without it is an error, not zero."""
    with pytest.raises(ValueError, match=r"'llama'\) has no layers of multi-token prediction"):
        architecture(LLAMA, mtp="unique")


VALUES = st.none() | st.booleans() | st.integers(-2, 70) | st.floats() | st.text(max_size=3)


# A busy machine draws its first texts slowly; that says nothing of configs.
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(MODEL_TYPES),
    st.dictionaries(
        st.sampled_from(
            [
                *LLAMA,
                *("num_key_value_heads", "head_dim", "n_embd", "n_layer", "n_head", "d_model"),
                *("num_experts", "num_local_experts", "n_routed_experts", "num_experts_per_tok"),
                *("first_k_dense_replace", "text_config", "architectures", "mlp_only_layers"),
            ]
        ),
        VALUES | st.lists(VALUES, max_size=2),
    ),
)
def test_any_config_counts_or_is_refused(model_type: str, change: dict[str, Any]) -> None:
    """No config ends in another exception than ValueError, and a count adds up."""
    base = {**LLAMA, "hidden_size": 32, "moe_intermediate_size": 8, "num_experts_per_tok": 1}
    config = {**base, "n_routed_experts": 4, **change, "model_type": model_type}
    try:
        model = architecture(config)
    except ValueError:
        return
    assert model.total == sum(model.components.values()) > 0
