"""Every named model against two independent counters, and the published figures of DeepSeek."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from explainer.architectures import Architecture, architecture, known_models, known_source

DATA = Path(__file__).parent.parent / "data"
ORACLE: dict[str, Any] = json.loads((DATA / "param_oracle.json").read_text())["models"]
TRANSFORMERS: dict[str, Any] = json.loads((DATA / "transformers_shapes.json").read_text())
PARTS = {"mlp": "feed_forward", "lm_head": "head", "pooler": "head"}
"""What the oracle calls a component, where its word is not ours."""


def name_of(entry: str) -> str:
    """Return the known name of an oracle entry: without what stands in brackets."""
    return entry.partition(" (")[0]


def check(model: Architecture, expected: dict[str, Any]) -> None:
    """Compare everything that the oracle gives."""
    parts = {PARTS.get(part, part): count for part, count in expected["parts"].items()}
    kinds = model.kinds
    assert model.total == expected["total"]
    assert model.components == parts
    assert kinds["biases"] == expected["biases"]
    assert kinds["weights"] + kinds["gains"] == expected["weights"]
    assert kinds["buffers"] == sum(expected.get("checkpointed_buffers_not_in_total", {}).values())
    assert model.tied == expected["tied"]
    active = expected.get("moe", {"active_all": expected["total"]})
    assert model.active == active["active_all"]
    if "moe" in expected:
        assert model.active_without_input_embedding == active["active_without_input_embedding"]
        without_both = active["active_without_embedding_and_head"]
        assert model.active_without_embedding_and_head == without_both


@pytest.mark.parametrize("entry", ORACLE)
def test_config_agrees_with_the_oracle(entry: str) -> None:
    """The full config of each oracle model gives its exact total, parts, kinds and active."""
    check(architecture(ORACLE[entry]["config"]), ORACLE[entry])


@pytest.mark.parametrize("entry", ORACLE)
def test_known_name_agrees_with_the_oracle(entry: str) -> None:
    """Each oracle model is known by name, with the same exact integers."""
    check(architecture(name_of(entry)), ORACLE[entry])


@pytest.mark.parametrize("name", known_models())
def test_known_model_agrees_with_transformers(name: str) -> None:
    """Each named model has the total that transformers' own module has, and a source."""
    assert architecture(name).total == TRANSFORMERS["known"][name]
    assert len(known_source(name)) > 20


@pytest.mark.parametrize(
    "index",
    range(len(TRANSFORMERS["models"])),
    ids=lambda index: TRANSFORMERS["models"][index]["config"]["model_type"],
)
def test_random_config_agrees_with_transformers(index: int) -> None:
    """Small random models of every family have transformers' parameters, biases and buffers."""
    expected = TRANSFORMERS["models"][index]
    model = architecture(expected["config"])
    assert model.total == expected["total"]
    assert model.kinds["biases"] == expected["biases"]
    assert model.kinds["buffers"] == expected["buffers"]
    if "shapes" in expected:
        assert one_by_one(model.shapes()) == one_by_one(expected["shapes"])


def one_by_one(shapes: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    """Return names and shapes less what transformers stacks in memory, and buffers."""
    return {
        name.replace("block_sparse_moe", "mlp").removeprefix("model."): tuple(shape)
        for name, shape in shapes.items()
        if "experts." not in name
        and not name.endswith(("e_score_correction_bias", "final_logits_bias"))
    }


def test_deepseek_by_audit() -> None:
    """DeepSeek-R1 has the audited total, buffers, active parameters and share of experts."""
    model = architecture("deepseek-r1")
    assert model.total == 671_026_404_352
    assert model.kinds == {
        "weights": 671_026_404_352 - 1_006_592,
        "biases": 0,
        "gains": 1_006_592,
        "buffers": 14_848,
    }
    assert model.components["experts"] == 653_908_770_816
    assert model.active == 37_552_282_624
    assert model.active_without_input_embedding == 36_625_603_584


def test_multi_token_prediction_by_audit() -> None:
    """The extra layer adds 11,610,067,968 parameters, or 13,463,426,048 as it is stored."""
    unique = architecture("deepseek-v3", mtp="unique")
    stored = architecture("deepseek-v3", mtp="stored")
    assert unique.components["multi_token_prediction"] == 11_610_067_968
    assert unique.total == 682_636_472_320
    assert stored.components["multi_token_prediction"] == 13_463_426_048
    # AUDIT.md: elements of the checkpoint before its FP8 block scales.
    assert stored.total + stored.kinds["buffers"] == 684_489_845_504
    assert len(stored.shapes()) > 45_000


def test_letter_sorting_gpt_by_audit() -> None:
    """The GPT that sorts three letters has 85,584 parameters, and 85,728 with a head of its own."""
    config = {"model_type": "gpt2", "vocab_size": 3, "n_positions": 11, "n_embd": 48}
    config |= {"n_layer": 3, "n_head": 3}
    tied = architecture(config)
    assert (tied.total, tied.kinds["biases"]) == (85_584, 1_632)
    assert architecture({**config, "tie_word_embeddings": False}).total == 85_728


@pytest.mark.parametrize("name", known_models())
def test_parts_add_up(name: str) -> None:
    """Components add up to the total, and so do weights, biases and gains."""
    model = architecture(name)
    kinds = model.kinds
    assert sum(model.components.values()) == model.total
    assert kinds["weights"] + kinds["biases"] + kinds["gains"] == model.total
    without = model.active_without_input_embedding
    assert model.active_without_embedding_and_head <= without <= model.active <= model.total
