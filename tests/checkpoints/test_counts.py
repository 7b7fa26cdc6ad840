"""Closed form, tree and file: equal for a file that is right, an error for one that is not."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

from explainer.architectures import Architecture, architecture
from explainer.checkpoints import Agreement, ModelFile, agreement, read
from explainer.models import path as model_path
from explainer.parameters import count_parameters

WriteSparse = Callable[..., Path]

SMALL: dict[str, Any] = {
    "model_type": "qwen3",
    "vocab_size": 31,
    "hidden_size": 8,
    "intermediate_size": 12,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "head_dim": 6,
    "tie_word_embeddings": True,
}
SHAPES = {"a": (2, 3), "b": (4,)}


def agree(model: Architecture, file: ModelFile | dict[str, tuple[int, ...]]) -> Agreement:
    """Compare a model and a file, with the model's own closed form."""
    return agreement(model.closed_form, model, file)


def arrays_of(model: Architecture) -> dict[str, np.ndarray[Any, Any]]:
    """Return arrays of a model's shapes."""
    return {name: np.zeros(shape, np.float16) for name, shape in model.shapes().items()}


def test_three_ways_agree_on_a_written_file(tmp_path: Path) -> None:
    """Closed form, tree and a safetensors file written from the tree give the same integer."""
    model = architecture(SMALL)
    arrays = arrays_of(model)
    save_file(arrays, tmp_path / "model.safetensors")
    found = agree(model, read(tmp_path / "model.safetensors"))
    assert found.closed_form == found.tree == found.file == sum(a.size for a in arrays.values())
    assert count_parameters(arrays) == model.total
    assert found.parameter_bytes == 2 * model.total
    assert (found.duplicates, found.buffers) == ((), ())


def test_duplicate_of_a_tied_table_is_no_parameter(tmp_path: Path) -> None:
    """A file that stores the tied head once more has the same parameters and parameter bytes."""
    model = architecture(SMALL)
    head = {"lm_head.weight": np.zeros((31, 8), np.float16)}
    save_file({**arrays_of(model), **head}, tmp_path / "model.safetensors")
    found = agree(model, read(tmp_path / "model.safetensors"))
    assert (found.duplicates, found.file) == (("lm_head.weight",), model.total)
    assert found.parameter_bytes == 2 * model.total


def test_prefix_and_masks_of_the_published_gpt2() -> None:
    """GPT-2's file names its tensors without `transformer.` and carries causal masks."""
    model = architecture("gpt2")
    shapes: dict[str, tuple[int, ...]] = {
        name.removeprefix("transformer."): shape for name, shape in model.shapes().items()
    }
    shapes |= {f"h.{layer}.attn.bias": (1, 1, 1024, 1024) for layer in range(12)}
    found = agree(model, shapes)
    assert (found.file, found.parameter_bytes) == (124_439_808, None)
    assert len(found.buffers) == 12


def test_real_file_of_smollm2() -> None:
    """SmolLM2's configuration, formulas and real GGUF, whose names are its own, agree."""
    # Bytes as gguf's own reader adds them up: facts/models.md.
    found = agree(architecture("smollm2-135m"), read(model_path("smollm2")))
    assert found == Agreement(134_515_008, 134_515_008, 134_515_008, 96_576_768)


def test_real_file_of_minilm() -> None:
    """MiniLM's config counts to what its safetensors holds, name by name."""
    path = model_path("minilm")
    found = agree(architecture(path.parent), read(path))
    with safe_open(path, framework="numpy") as file:
        sizes = {name: file.get_tensor(name).size for name in file.keys()}
    assert found.buffers == ("embeddings.position_ids",)
    assert found.file == sum(sizes.values()) - sizes["embeddings.position_ids"] == 22_713_216
    assert found.parameter_bytes == 4 * 22_713_216


def test_integers_of_ones_own() -> None:
    """Counts from elsewhere are compared with a file, or with bare shapes, by total alone."""
    found = agreement(134_515_008, 134_515_008, read(model_path("smollm2")))
    assert found.parameter_bytes == 96_576_768
    assert agreement(10, 10, SHAPES).file == 10


@pytest.mark.parametrize(("closed_form", "tree"), [(11, 10), (10, 11), (11, 11)])
def test_any_of_the_three_may_be_wrong(closed_form: int, tree: int) -> None:
    """One count that differs is refused, with all three."""
    message = f"closed form {closed_form}, sum of leaves {tree}, file 10$"
    with pytest.raises(ValueError, match=message):
        agreement(closed_form, tree, SHAPES)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model.norm.weight": None}, "the file lacks `model.norm.weight` of shape [8]"),
        ({"model.norm.weight": (9,)}, "`model.norm.weight` has shape [9] in the file, not [8]"),
        ({"model.extra": (2, 2)}, "the file holds `model.extra`, unknown to the model"),
        # The total is right and the tensors are not.
        (
            {"model.layers.0.self_attn.q_proj.weight": (8, 12)},
            "`model.layers.0.self_attn.q_proj.weight` has shape [8, 12] in the file, not [12, 8]",
        ),
    ],
)
def test_disagreement_names_the_tensor(change: dict[str, Any], message: str) -> None:
    """A tensor that is missing, unexpected or of another shape is named, after the counts."""
    model = architecture(SMALL)
    shapes = {**model.shapes(), **change}
    given = {name: shape for name, shape in shapes.items() if shape is not None}
    expected = rf"the counts must agree: closed form 1,464, .*{re.escape(message)}"
    with pytest.raises(ValueError, match=expected):
        agree(model, given)


def test_wrong_total_under_other_names() -> None:
    """Of a file with names of its own and another total, the component that differs is named."""
    with pytest.raises(ValueError, match="file 1,465; `embedding` has 0 parameters in the file"):
        agree(architecture(SMALL), {"blob": (1_465,)})
    message = (
        r"\(SmolLM2.*gguf\); `embedding` has 28,311,552 parameters in the file, not 47,185,920"
    )
    with pytest.raises(ValueError, match=message):
        agree(architecture("smollm2-360m"), read(model_path("smollm2")))


def test_layers_of_further_prediction_are_counted_on_request(
    tmp_path: Path, write_sparse: WriteSparse
) -> None:
    """A file with such layers agrees with the architecture that counts them, and with no other."""
    config: dict[str, Any] = SMALL | {
        **{"model_type": "deepseek_v3", "num_nextn_predict_layers": 1, "head_dim": None},
        **{"q_lora_rank": 3, "kv_lora_rank": 2, "qk_nope_head_dim": 4, "qk_rope_head_dim": 2},
        **{"v_head_dim": 4, "n_routed_experts": 4, "num_experts_per_tok": 2},
        **{"moe_intermediate_size": 5, "n_shared_experts": 1, "first_k_dense_replace": 1},
        **{"num_key_value_heads": 2, "tie_word_embeddings": False},
    }
    stored = architecture(config, mtp="stored")
    layout = {name: ("BF16", shape) for name, shape in stored.shapes().items()}
    file = read(write_sparse(tmp_path / "model.safetensors", layout))
    assert agree(stored, file).buffers == (
        "model.layers.1.mlp.gate.e_score_correction_bias",
        "model.layers.2.mlp.gate.e_score_correction_bias",
    )
    assert file.components == stored.components
    with pytest.raises(ValueError, match=r"holds `model.layers.2.*`, unknown to the model"):
        agree(architecture(config), file)
