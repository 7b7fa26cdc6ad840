"""Models of Llama's kind from both file formats, and files that are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gguf
import jax
import numpy as np
import pytest
from safetensors.numpy import save_file

from explainer.checkpoints import ModelFileError
from explainer.models.llama import apply_llama, load_llama
from tests.models import tiny_llama as tiny


def logits_of(place: Path) -> jax.Array:
    """Load a model and run it on the stored ids."""
    model = load_llama(place)
    found: jax.Array = apply_llama(model.params, tiny.IDS, model.config)
    return found


@pytest.mark.parametrize("family", tiny.FAMILIES)
def test_each_family_is_transformers_own(tmp_path: Path, family: str) -> None:
    """A directory of each family gives the logits that `transformers` gave.

    Among them scaled angles, biases, a window, normalised queries, layers without positions.
    """
    folder = tiny.write_directory(tmp_path / family, family)
    stored = tiny.STORED[f"{family}/logits"]
    np.testing.assert_allclose(logits_of(folder), stored, rtol=0, atol=2e-5)


@pytest.mark.parametrize("family", ["llama", "linear", "qwen2", "qwen3"])
def test_gguf_and_safetensors_agree(tmp_path: Path, family: str) -> None:
    """The same parameters as GGUF, rows reordered for Llama, give the same."""
    more: dict[str, Any] = {}
    if family == "linear":
        more = {"rope__scaling__type": "linear", "rope__scaling__factor": 4.0}
    file = tiny.write_gguf(tmp_path / "model.gguf", family, **more)
    stored = tiny.STORED[f"{family}/logits"]
    np.testing.assert_allclose(logits_of(file), stored, rtol=0, atol=2e-5)


def test_rotary_factors_of_a_gguf(tmp_path: Path) -> None:
    """Llama 3's scaled angles, which a GGUF states as a tensor, give the stored logits.

    The factors are `ROPE_INIT_FUNCTIONS["llama3"]`'s of transformers 5.23.
    """
    tensors = tiny.gguf_tensors("llama3")
    tensors["rope_freqs.weight"] = np.array([1.7359413, 8, 8, 8], np.float32)
    file = tiny.write_gguf(tmp_path / "model.gguf", "llama3", tensors)
    np.testing.assert_allclose(logits_of(file), tiny.STORED["llama3/logits"], rtol=0, atol=2e-5)
    tensors["rope_freqs.weight"][1] = 0
    with pytest.raises(ModelFileError, match=r"'rope_freqs.weight' must be above 0"):
        load_llama(tiny.write_gguf(tmp_path / "zero.gguf", "llama3", tensors))


def test_layers_without_positions_in_a_gguf(tmp_path: Path) -> None:
    """A GGUF of SmolLM3 leaves every fourth layer without rotary positions, as llama.cpp does."""
    file = tiny.write_gguf(tmp_path / "model.gguf", "smollm3")
    assert load_llama(file).config.unrotated_layers == (3,)


@pytest.mark.parametrize("kind", ["Q8_0", "F16", "BF16", "Q4_K"])
def test_quantized_tensors_are_decoded(tmp_path: Path, kind: str) -> None:
    """Blocks are decoded to what the `gguf` library makes of them."""
    config = tiny.config_of("llama")
    rng = np.random.default_rng(0)
    size = 256  # a whole block of every type
    shapes = {"token_embd": (8, size), "ffn_gate": (size, size), "ffn_up": (size, size)}
    shapes |= {"ffn_down": (size, size), "attn_q": (size, size), "attn_output": (size, size)}
    shapes |= {"attn_k": (size // 2, size), "attn_v": (size // 2, size)}
    wanted = gguf.GGMLQuantizationType[kind]
    tensors, kinds = {}, {}
    for name, shape in shapes.items():
        full = name if name == "token_embd" else f"blk.0.{name}"
        tensors[f"{full}.weight"] = rng.normal(size=shape).astype(np.float32)
        kinds[f"{full}.weight"] = wanted
    for name in ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"):
        tensors[f"{name}.weight"] = np.ones(size, np.float32)
    file = tiny.write_gguf(
        tmp_path / "model.gguf",
        "llama",
        tensors,
        kinds=kinds,
        block_count=1,
        embedding_length=size,
        feed_forward_length=size,
        attention__key_length=size // config["num_attention_heads"],
        attention__value_length=None,
    )
    params = load_llama(file).params
    stored = {t.name: t for t in gguf.GGUFReader(file).tensors}
    for name, found in (("blk.0.ffn_up", params.blocks.up[0]), ("token_embd", params.embedding)):
        tensor = stored[f"{name}.weight"]
        np.testing.assert_array_equal(found, gguf.dequantize(tensor.data, tensor.tensor_type))


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision_is_widened(tmp_path: Path, dtype: str) -> None:
    """Safetensors of two bytes load as float32, each value as it is stored."""
    import ml_dtypes

    narrow = {"float16": np.float16, "bfloat16": ml_dtypes.bfloat16}[dtype]
    tensors: Any = {name: value.astype(narrow) for name, value in tiny.tensors_of("llama").items()}
    model = load_llama(tiny.write_directory(tmp_path / "half", "llama", tensors))
    assert {str(leaf.dtype) for leaf in jax.tree.leaves(model.params)} == {"float32"}
    wide = tensors["model.layers.1.mlp.up_proj.weight"].astype(np.float32)
    np.testing.assert_array_equal(model.params.blocks.up[1], wide)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model_type": "mixtral"}, r"`model_type` \(='mixtral'\) must be one of llama, mistral"),
        ({"model_type": ...}, r"`model_type` \(=None\)"),
        ({"hidden_act": "gelu"}, r"`hidden_act` \(='gelu'\) must be 'silu'"),
        ({"mlp_bias": True}, r"`mlp_bias` \(=True\) must be False"),
        ({"quantization_config": {"bits": 4}}, "`quantization_config`: only models stored as"),
        ({"rope_scaling": {"rope_type": "yarn"}}, r"`rope_type` \(='yarn'\) must be one of"),
        ({"rope_scaling": {"type": "linear"}}, r"`factor` \(=None\) must be a number"),
        ({"rope_scaling": 7}, r"`rope_scaling` \(=7\) must be an object"),
        ({"rope_theta": -1}, r"`rope_base` \(=-1.0\) must be above 0"),
        ({"rms_norm_eps": "x"}, r"`rms_norm_eps` \(='x'\) must be a number"),
        ({"num_key_value_heads": 3}, r"`num_attention_heads` \(=4\) must be divisible"),
        ({"head_dim": 3}, r"`d_head` \(=3\) must be even"),
        ({"max_position_embeddings": ...}, "`max_position_embeddings` is missing"),
        ({"architectures": ["LlamaModel"]}, "must name a causal language model"),
        ({"vocab_size": 33}, r"'model.embed_tokens.weight' is \(32, 16\), and must be \(33, 16\)"),
        ({"num_hidden_layers": 3}, r"'model.layers.2.*' .* is missing"),
        ({"num_hidden_layers": 1}, r"'model.layers.1.* has no place in this architecture \(nor"),
        ({"tie_word_embeddings": False}, r"'lm_head.weight' \(32, 16\) is missing"),
        ({"model_type": "qwen2"}, r"'model.layers.0.self_attn.q_proj.bias' .* is missing"),
    ],
)
def test_what_is_not_computed_is_refused(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    """A configuration of another kind, or one that the weights contradict, is named."""
    folder = tiny.write_directory(tmp_path / "model", "llama", **changes)
    with pytest.raises(ModelFileError, match=message) as caught:
        load_llama(folder)
    assert str(folder) in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"arch": "gemma"}, r"`general.architecture` \(='gemma'\) must be one of llama, qwen2"),
        ({"expert_count": 8}, r"`expert_count` \(=8\): experts are not supported"),
        ({"rope__scaling__type": "yarn"}, r"`rope.scaling.type` \(='yarn'\)"),
        ({"rope__dimension_count": 2}, r"`rope.dimension_count` \(=2\) must be the width"),
        ({"block_count": None}, "`block_count` is missing"),
        ({"block_count": 3}, r"'blk.2.attn_norm.weight' .* is missing"),
        ({"embedding_length": 0}, r"`embedding_length` \(=0\) must be at least 1"),
        ({"attention__head_count_kv": 3}, r"`num_heads` \(=4\) must be divisible"),
        ({"feed_forward_length": 25}, r"'blk.0.ffn_gate.weight' is \(24, 16\), and must be"),
    ],
)
def test_ggufs_of_another_kind_are_refused(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    """Metadata of another architecture, or that the tensors contradict, are named."""
    file = tiny.write_gguf(tmp_path / "model.gguf", "llama", **changes)
    with pytest.raises(ModelFileError, match=message) as caught:
        load_llama(file)
    assert str(file) in str(caught.value)


def test_integers_are_no_weights(tmp_path: Path) -> None:
    """A tensor of integers is refused by name and type."""
    tensors: Any = tiny.tensors_of("llama")
    tensors["model.norm.weight"] = np.ones(16, np.int8)
    with pytest.raises(ModelFileError, match=r"'model.norm.weight' is of type I8, no floating"):
        load_llama(tiny.write_directory(tmp_path / "model", "llama", tensors))


@pytest.mark.parametrize("damage", ["gone", "empty", "cut", "rubbish"])
@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "model.gguf"])
def test_missing_and_damaged_files_are_refused(tmp_path: Path, name: str, damage: str) -> None:
    """Each file, gone or spoilt, gives an error that names it."""
    folder = tiny.write_directory(tmp_path / "model", "llama")
    file = folder / name
    if name.endswith(".gguf"):
        tiny.write_gguf(file, "llama")
    content = file.read_bytes()
    if damage == "gone":
        file.unlink()
    else:
        spoilt = {"empty": b"", "cut": content[: len(content) // 2], "rubbish": b"\x00\xff" * 99}
        file.write_bytes(spoilt[damage])
    with pytest.raises(ModelFileError) as caught:
        load_llama(file if name.endswith(".gguf") else folder)
    assert str(folder) in str(caught.value)


def test_the_tokenizer_beside_the_weights(tmp_path: Path) -> None:
    """A directory's tokenizer.json is read when it is asked for; without one the model runs."""
    from tokenizers import Tokenizer
    from tokenizers.models import BPE

    folder = tiny.write_directory(tmp_path / "model", "llama")
    model = load_llama(folder)
    with pytest.raises(ModelFileError, match=r"tokenizer\.json"):
        _ = model.tokenizer
    Tokenizer(BPE({"a": 0}, [])).save(str(folder / "tokenizer.json"))
    assert model.tokenizer.encode("aa").ids == [0, 0]


def test_shards_are_one_model(tmp_path: Path) -> None:
    """Two shards and their index load as the whole file does."""
    import json

    folder = tiny.write_directory(tmp_path / "model", "llama")
    (folder / "model.safetensors").unlink()
    tensors = tiny.tensors_of("llama")
    names = sorted(tensors)
    index: dict[str, str] = {}
    for number, part in enumerate((names[::2], names[1::2]), start=1):
        shard = f"model-{number:05d}-of-00002.safetensors"
        save_file({name: tensors[name] for name in part}, folder / shard)
        index |= dict.fromkeys(part, shard)
    whole = {"metadata": {}, "weight_map": index}
    (folder / "model.safetensors.index.json").write_text(json.dumps(whole))
    stored = tiny.STORED["llama/logits"]
    np.testing.assert_allclose(logits_of(folder), stored, rtol=0, atol=2e-5)
