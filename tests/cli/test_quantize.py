"""`explainer quantize`, on a small model written for the purpose: the files, the report, errors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
from click.testing import CliRunner
from gguf.quants import quantize
from safetensors.numpy import save_file

from explainer.checkpoints import read
from explainer.cli import main
from explainer.cli.quantize import NAMES
from explainer.coarsening import FORMATS
from explainer.ladder import coarsen_params
from explainer.models import path as model_path
from explainer.models.llama import apply_llama, load_llama

EXPLAINER = Path(sys.executable).with_name("explainer")
IDS = np.arange(40) % 300


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as installed."""
    return subprocess.run(
        [EXPLAINER, "quantize", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=os.environ | {"COLUMNS": "120"} | environment,
    )


def refused(*arguments: str | Path) -> tuple[int, str]:
    """Run the command in this process, which saves a start; return exit code and message."""
    done = CliRunner().invoke(main, ["quantize", *map(str, arguments)])
    assert done.stdout == ""
    assert isinstance(done.exception, SystemExit)
    return done.exit_code, done.stderr


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a random Llama of two layers with SmolLM2's tokenizer."""
    place = tmp_path_factory.mktemp("models") / "small.gguf"
    reader = gguf.GGUFReader(model_path("smollm2"))
    writer = gguf.GGUFWriter(place, "llama")
    for field in reader.fields.values():
        if field.name.startswith("tokenizer."):
            kind, *inner = field.types
            writer.add_key_value(field.name, field.contents(), kind, inner[-1] if inner else None)
    writer.add_context_length(1024)
    writer.add_embedding_length(32)
    writer.add_block_count(2)
    writer.add_feed_forward_length(64)
    writer.add_head_count(2)
    writer.add_head_count_kv(1)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(1e4)
    writer.add_vocab_size(49152)
    for name, shape in tensors("blk.{}.", gguf_names=True).items():
        random = np.random.default_rng(len(name)).normal(size=shape).astype(np.float32)
        writer.add_tensor(name, random / 4 if len(shape) > 1 else np.ones(shape, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return place


def tensors(front: str, *, gguf_names: bool) -> dict[str, tuple[int, ...]]:
    """Return names and shapes of the tensors."""
    names = (
        "attn_norm attn_q attn_k attn_v attn_output ffn_norm ffn_gate ffn_up ffn_down".split()
        if gguf_names
        else "input_layernorm self_attn.q_proj self_attn.k_proj self_attn.v_proj self_attn.o_proj "
        "post_attention_layernorm mlp.gate_proj mlp.up_proj mlp.down_proj".split()
    )
    shapes: list[tuple[int, ...]] = [
        *((32,), (32, 32), (16, 32), (16, 32), (32, 32)),
        *((32,), (64, 32), (64, 32), (32, 64)),
    ]
    outer = ("token_embd", "output_norm") if gguf_names else ("model.embed_tokens", "model.norm")
    found: dict[str, tuple[int, ...]] = {f"{outer[0]}.weight": (49152, 32)}
    for layer in range(2):
        for name, shape in zip(names, shapes, strict=True):
            found[f"{front.format(layer)}{name}.weight"] = shape
    return found | {f"{outer[1]}.weight": (32,)}


@pytest.mark.parametrize("name", ["q4_0", "bf16"])
def test_a_written_gguf_gives_the_logits_of_memory(small: Path, tmp_path: Path, name: str) -> None:
    """The file opens in gguf-py with its blocks, and gives the logits of coarsening in memory."""
    out = tmp_path / "out.gguf"
    done = run(small, "--format", name, "-o", out)
    assert (done.returncode, done.stdout) == (0, "")
    before = {t.name: t for t in gguf.GGUFReader(small).tensors}
    reader = gguf.GGUFReader(out)
    assert [t.name for t in reader.tensors] == list(before)
    kind = gguf.GGMLQuantizationType[name.upper()]
    for tensor in reader.tensors:
        if len(tensor.shape) == 2 and tensor.name.startswith("blk."):
            assert tensor.tensor_type == kind
            np.testing.assert_array_equal(tensor.data, quantize(before[tensor.name].data, kind))
        else:
            np.testing.assert_array_equal(tensor.data, before[tensor.name].data)
    assert "tokenizer.ggml.tokens" in reader.fields
    whole, written = load_llama(small), load_llama(out)
    coarse, _, _ = coarsen_params(whole.params, name)
    ours = apply_llama(coarse, IDS, whole.config)
    np.testing.assert_array_equal(apply_llama(written.params, IDS, written.config), ours)
    assert read(out).parameters == read(small).parameters


def test_written_safetensors_give_the_logits_of_memory(tmp_path: Path) -> None:
    """A directory as Hugging Face lays it out is written as BF16, and loads to the same logits."""
    made = {
        name: np.random.default_rng(len(name)).normal(size=shape).astype(np.float32) / 4
        for name, shape in tensors("model.layers.{}.", gguf_names=False).items()
    }
    config = {
        "model_type": "llama",
        "vocab_size": 49152,
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "intermediate_size": 64,
        "max_position_embeddings": 1024,
        "rms_norm_eps": 1e-5,
        "rope_theta": 1e4,
        "tie_word_embeddings": True,
    }
    for place in ("before", "after"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "config.json").write_text(json.dumps(config))
    save_file(made, tmp_path / "before" / "model.safetensors")
    done = run(tmp_path / "before", "--format", "bf16", "-o", tmp_path / "after/model.safetensors")
    assert done.returncode == 0, done.stderr
    whole, written = load_llama(tmp_path / "before"), load_llama(tmp_path / "after")
    coarse, _, _ = coarsen_params(whole.params, "bf16")
    np.testing.assert_array_equal(
        apply_llama(written.params, IDS, written.config), apply_llama(coarse, IDS, whole.config)
    )


def test_the_report_is_a_table_and_json(small: Path) -> None:
    """The JSON has a rung for the model and one for each format; the table shows them."""
    options = ("--format", "q8_0", "--format", "int2", "--tokens", "100", "--facts", "3")
    done = run(small, *options, "--report", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    report: dict[str, Any] = json.loads(done.stdout)
    assert [row["format"] for row in report["rungs"]] == ["as loaded", "q8_0", "int2"]
    assert [row["bits_per_weight"] for row in report["rungs"]] == [None, 8.5, 2.5]
    assert report["rungs"][0]["divergence"] == 0
    assert 0 < report["rungs"][1]["divergence"] < report["rungs"][2]["divergence"]
    shown = run(small, *options, "--report")
    assert shown.returncode == 0
    assert "q8_0" in shown.stdout
    assert "McNemar" in shown.stdout


def test_usage_is_refused_with_the_fix(small: Path, tmp_path: Path) -> None:
    """What cannot be meant ends with exit code 2, and what cannot be done with 1, in one line."""
    for arguments, code, message in (
        ((small, "--format", "q4_0"), 2, "give --report to measure"),
        ((small, "--format", "q9"), 2, "q9"),
        ((small, "--format", "q4_0", "--json", "-o", tmp_path / "x.gguf"), 2, "give --report too"),
        ((small, "--format", "q4_0", "--format", "q8_0", "-o", "x.gguf"), 2, "one format; 2"),
        (("no-such-model", "--format", "q4_0", "--report"), 2, "no model of this name"),
        ((tmp_path / "no.gguf", "--format", "q4_0", "--report"), 1, "no such file"),
        ((small, "--format", "int3", "-o", tmp_path / "x.gguf"), 1, "cannot be stored in gguf"),
        ((small, "--format", "q4_0", "-o", tmp_path / "x.bin"), 1, "is written as .gguf"),
        ((small, "--format", "q4_0", "-o", small), 1, "exists already"),
        ((small, "--format", "q4_0", "-o", tmp_path / "no/x.gguf"), 1, "cannot be written"),
    ):
        found, text = refused(*arguments)
        assert found == code, text
        assert message in text
    assert not list(tmp_path.iterdir())


def test_another_architecture_is_named() -> None:
    """A model that is no Llama is refused by a line that says so."""
    done = run("minilm", "--format", "int8", "--report")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("Error: ")


def test_the_command_knows_the_formats_of_the_library() -> None:
    """The names that the command offers without importing JAX are those of the library."""
    assert NAMES == FORMATS
