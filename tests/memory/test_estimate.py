"""The whole estimate and the command, against published figures and sums by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from click.testing import CliRunner

from explainer.architectures import known_models
from explainer.cli import main
from explainer.memory.estimate import DEVICE_BYTES, estimate
from explainer.models import path as model_path

KEYS = ["weights_bytes", "bits_per_weight", "kv_cache_bytes", "activation_bytes"]
KEYS += ["optimizer_bytes", "overhead_bytes", "total_bytes", "fits", "assumptions"]


def memory(*arguments: str) -> dict[str, Any]:
    """Return what `--json` prints."""
    done = CliRunner().invoke(main, ["memory", *arguments, "--json"])
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_json_has_exactly_the_promised_keys() -> None:
    """The keys are the promised ones, and the five parts add up."""
    found = memory("llama-3.1-8b", "--format", "q4_k_m")
    assert list(found) == KEYS
    parts = ("weights", "kv_cache", "activation", "optimizer", "overhead")
    assert found["total_bytes"] == sum(found[f"{part}_bytes"] for part in parts)
    assert found["bits_per_weight"] == pytest.approx(4.8944, abs=2e-4)
    assert found["kv_cache_bytes"] == 8192 * 131_072
    assert [entry["device"] for entry in found["fits"]] == list(DEVICE_BYTES)


def test_training() -> None:
    """AdamW in mixed precision takes two bytes for weights and fourteen for the rest."""
    found = memory("llama-2-7b", "--train", "adamw")
    assert found["weights_bytes"] == 2 * 6_738_415_616
    assert found["optimizer_bytes"] == 14 * 6_738_415_616
    assert found["kv_cache_bytes"] == 0


def test_real_file() -> None:
    """SmolLM2's file is taken as stored, to the byte, and its cache is 23,040 bytes a token."""
    found = memory(str(model_path("smollm2")), "--context", "1000", "--batch", "3")
    assert found["weights_bytes"] == 96_576_768
    assert found["kv_cache_bytes"] == 3 * 1000 * 23_040


@pytest.mark.parametrize("name", known_models())
def test_every_model(name: str) -> None:
    """Every known model has an estimate in bf16, larger with a longer context or equal."""
    short, long = (estimate(name, context=context) for context in (512, 1024))
    assert short.weights_bytes == long.weights_bytes
    assert short.total_bytes <= long.total_bytes


def test_fits() -> None:
    """Seventy billion parameters in two bytes fit no card of 80 GB; in Q4_K_M they do."""
    assert not estimate("llama-3.1-70b", "bf16").fits["H100"]
    assert estimate("llama-3.1-70b", "q4_k_m").fits["H100"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("gpt9",), 2, "neither a known model nor a file"),
        (("gpt2", "--format", "q9"), 1, "`format` (='q9') must be one of"),
        (("gpt2", "--kv-format", "q9"), 1, "`kv_format` (='q9') must be one of"),
        (("gpt2", "--train", "lion"), 1, "`optimizer` (='lion') must be one of"),
        (("gpt2", "--train", "adamw", "--format", "q8_0"), 2, "remove --format"),
        (("gpt2", "--context", "0"), 2, "0 is not in the range"),
        (("bart-large", "--format", "q4_k_m"), 1, "it has no GGUF"),
    ],
)
def test_errors(arguments: tuple[str, ...], code: int, said: str) -> None:
    """What cannot be estimated is one line and an exit code."""
    done = CliRunner().invoke(main, ["memory", *arguments])
    assert done.exit_code == code
    assert said in done.output


def test_table() -> None:
    """The table gives GB and GiB."""
    done = CliRunner().invoke(main, ["memory", "llama-2-7b", "--format", "fp16"])
    assert "13.48" in done.stdout and "12.55" in done.stdout and "GiB" in done.stdout


def test_no_jax() -> None:
    """The command does not import JAX."""
    code = "import sys; import explainer.cli.memory, explainer.memory.estimate; "
    code += "assert 'jax' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
