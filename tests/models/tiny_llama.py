"""Small models of Llama's kind, from figures that `transformers` stored, in both file formats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from safetensors.numpy import save_file

STORED = np.load(Path(__file__).parent.parent / "data" / "llama_families.npz")
IDS = STORED["ids"]
FAMILIES = ("llama", "llama3", "linear", "mistral", "qwen2", "qwen3", "smollm3")
Arrays = dict[str, np.ndarray[Any, Any]]
_GGUF_NAMES = {
    "model.embed_tokens": "token_embd",
    "model.norm": "output_norm",
    "lm_head": "output",
    "model.layers.": "blk.",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def config_of(family: str) -> dict[str, Any]:
    """Return the family's `config.json`."""
    values: dict[str, Any] = json.loads(str(STORED[f"{family}/config"]))
    return values


def tensors_of(family: str) -> Arrays:
    """Return the family's parameters, as Hugging Face names them."""
    front = f"{family}/"
    return {
        name.removeprefix(front): STORED[name].astype(np.float32)
        for name in STORED.files
        if name.startswith(front) and not name.endswith(("/config", "/logits"))
    }


def write_directory(
    folder: Path, family: str, tensors: Arrays | None = None, **changes: Any
) -> Path:
    """Write a model as Hugging Face lays it out; a change to None removes the key."""
    folder.mkdir(parents=True)
    values = {**config_of(family), **changes}
    kept = {key: value for key, value in values.items() if value is not ...}
    (folder / "config.json").write_text(json.dumps(kept))
    save_file(tensors or tensors_of(family), folder / "model.safetensors")
    return folder


def gguf_tensors(family: str) -> Arrays:
    """Return the parameters under a GGUF's names, rows of Llama reordered as llama.cpp does."""
    config = config_of(family)
    heads = {"q": config["num_attention_heads"], "k": config["num_key_value_heads"]}
    found = {}
    for name, values in tensors_of(family).items():
        short = name
        for theirs, ours in _GGUF_NAMES.items():
            short = short.replace(theirs, ours)
        for letter, count in heads.items():
            if f"attn_{letter}." in short and config["model_type"] in ("llama", "mistral"):
                values = (
                    values.reshape(count, 2, len(values) // count // 2, *values.shape[1:])
                    .swapaxes(1, 2)
                    .reshape(values.shape)
                )
        found[short] = values
    return found


def write_gguf(
    file: Path,
    family: str,
    tensors: Arrays | None = None,
    *,
    arch: str = "",
    kinds: Any = None,
    **metadata: Any,
) -> Path:
    """Write a model as GGUF; `metadata` replaces integers, or leaves keys out where it is None."""
    config = config_of(family)
    arch = arch or {"mistral": "llama"}.get(config["model_type"], config["model_type"])
    N, D = config["num_attention_heads"], config["hidden_size"]
    width = config.get("head_dim") or D // N
    integers = {
        "block_count": config["num_hidden_layers"],
        "context_length": config["max_position_embeddings"],
        "embedding_length": D,
        "feed_forward_length": config["intermediate_size"],
        "attention.head_count": N,
        "attention.head_count_kv": config["num_key_value_heads"],
        "attention.key_length": width,
        "attention.value_length": width,
    } | {key.replace("__", "."): value for key, value in metadata.items()}
    writer = gguf.GGUFWriter(file, arch)
    for key, value in integers.items():
        if isinstance(value, str):
            writer.add_string(f"{arch}.{key}", value)
        elif isinstance(value, float):
            writer.add_float32(f"{arch}.{key}", value)
        elif value is not None:
            writer.add_uint32(f"{arch}.{key}", value)
    writer.add_float32(f"{arch}.rope.freq_base", config.get("rope_theta", 1e4))
    writer.add_float32(f"{arch}.attention.layer_norm_rms_epsilon", config["rms_norm_eps"])
    for name, values in (tensors or gguf_tensors(family)).items():
        kind = (kinds or {}).get(name)
        if kind is None:
            writer.add_tensor(name, values)
        else:
            writer.add_tensor(name, blocks(values, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


def blocks(values: np.ndarray[Any, Any], kind: gguf.GGMLQuantizationType) -> np.ndarray[Any, Any]:
    """Return values in a GGUF's blocks; of a type that gguf cannot write, random blocks."""
    try:
        stored: np.ndarray[Any, Any] = gguf.quantize(values, kind)
    except NotImplementedError:
        size, num_bytes = gguf.GGML_QUANT_SIZES[kind]
        shape = (*values.shape[:-1], values.shape[-1] // size * num_bytes)
        stored = np.random.default_rng(1).integers(0, 60, shape, np.uint8)
    return stored
