"""`explainer memory`: what a model takes to run or to train, part by part."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from explainer.memory.estimate import Estimate

_EPILOG = """\b
Examples:
  explainer memory llama-3.1-8b --format q4_k_m
  explainer memory deepseek-r1 --format fp8 --context 131072
  explainer memory qwen2.5-7b --train adamw --context 2048 --json
  explainer memory model.gguf --kv-format q8_0

Formats: mixtures of llama.cpp such as q4_k_m, q8_0, iq3_xxs or f16, and fp32, fp16, bf16, fp8,
int8, int4, nf4, nf4_double, mxfp4. A file is taken as it is stored unless a format is given.
Exit code: 0 estimated, 1 the file or its configuration is at fault, 2 usage."""

_KINDS = {"llama": "llama", "qwen2": "qwen2", "qwen3": "qwen3", "smollm3": "smollm3"}
"""Architectures whose metadata in a GGUF suffice for a configuration."""


class _UsageFault(click.ClickException):
    exit_code = 2


@click.command("memory", epilog=_EPILOG, short_help="Estimate the memory that a model takes.")
@click.argument("model", metavar="NAME|config.json|FILE")
@click.option("--format", "weight_format", metavar="FORMAT", help="Of the weights. [default: bf16]")
@click.option("--context", type=click.IntRange(min=1), default=8192, show_default=True)
@click.option("--batch", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--kv-format", default="fp16", show_default=True, help="Of the cache.")
@click.option("--train", metavar="OPTIMIZER", help="Train instead of run, such as adamw.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    model: str,
    weight_format: str | None,
    context: int,
    batch: int,
    kv_format: str,
    train: str | None,
    as_json: bool,
) -> None:
    """Estimate the memory that a model takes, from its configuration or its file."""
    from explainer.architectures import UnknownModelError
    from explainer.checkpoints import ModelFileError
    from explainer.memory.estimate import estimate

    if train and weight_format:
        raise click.UsageError("--train sets the format of the weights; remove --format")
    try:
        source, stored = _source(model)
        found = estimate(
            source,
            weight_format or "bf16",
            context=context,
            batch=batch,
            kv_format=kv_format.lower(),
            train=train,
            stored_bytes=None if weight_format else stored,
        )
    except UnknownModelError as error:
        raise _UsageFault(str(error)) from None
    except ModelFileError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename or model}: {error.strerror}") from None
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json.dumps(as_dict(found)))
    else:
        _show(model, found)


def as_dict(found: Estimate) -> dict[str, Any]:
    """Return what `--json` prints.

    Args:
        found: From `explainer.memory.estimate.estimate`.

    Returns:
        Exact integers; the five parts add up to `total_bytes`. `fits` has one entry a device.
    """
    from explainer.memory.estimate import DEVICE_BYTES

    return {
        "weights_bytes": found.weights_bytes,
        "bits_per_weight": found.bits_per_weight,
        "kv_cache_bytes": found.kv_cache_bytes,
        "activation_bytes": found.activation_bytes,
        "optimizer_bytes": found.optimizer_bytes,
        "overhead_bytes": found.overhead_bytes,
        "total_bytes": found.total_bytes,
        "fits": [
            {"device": name, "memory_bytes": DEVICE_BYTES[name], "fits": fits}
            for name, fits in found.fits.items()
        ],
        "assumptions": list(found.assumptions),
    }


def _source(model: str) -> tuple[Any, int | None]:
    """Return a configuration, and the bytes of the tensors where a file is given."""
    path = Path(model)
    if path.suffix not in (".gguf", ".safetensors") or not path.is_file():
        return model, None
    from explainer.checkpoints import read

    file = read(path)
    stored = sum(tensor.stored_bytes for tensor in file.tensors)
    if path.suffix == ".safetensors":
        return str(path.parent / "config.json"), stored
    return _gguf_config(file), stored


def _gguf_config(file: Any) -> dict[str, Any]:
    """Return the configuration that a GGUF's metadata describe."""
    kind = file.metadata.get("general.architecture")
    if kind not in _KINDS:
        known = ", ".join(_KINDS)
        raise ValueError(
            f"`general.architecture` (={kind!r}) must be one of {known}; give the config.json"
        )
    shapes = {tensor.name: tensor.shape for tensor in file.tensors}
    keys = {
        "hidden_size": "embedding_length",
        "num_hidden_layers": "block_count",
        "num_attention_heads": "attention.head_count",
        "num_key_value_heads": "attention.head_count_kv",
        "head_dim": "attention.key_length",
        "intermediate_size": "feed_forward_length",
    }
    config = {key: file.metadata.get(f"{kind}.{name}") for key, name in keys.items()}
    if "token_embd.weight" not in shapes or file.metadata.get(f"{kind}.expert_count"):
        raise ValueError("the file must be one dense model in one file; give the config.json")
    config |= {"vocab_size": shapes["token_embd.weight"][0], "model_type": _KINDS[str(kind)]}
    config["tie_word_embeddings"] = "output.weight" not in shapes
    return {key: value for key, value in config.items() if value is not None}


def _show(model: str, found: Estimate) -> None:
    """Print the estimate as tables, in GB and GiB."""
    from rich.markup import escape

    from explainer.cli.printing import console, show, table
    from explainer.memory.estimate import DEVICE_BYTES

    out = console()
    parts = {
        f"weights ({found.bits_per_weight:.3f} bits each)": found.weights_bytes,
        "KV cache": found.kv_cache_bytes,
        "activations": found.activation_bytes,
        "gradients and optimizer": found.optimizer_bytes,
        "overhead": found.overhead_bytes,
        "total": found.total_bytes,
    }
    printed = table(escape(model), names=("part",), numbers=("bytes", "GB", "GiB"))
    for name, size in parts.items():
        if name == "total":
            printed.add_section()
        printed.add_row(name, f"{size:,}", f"{size / 10**9:,.2f}", f"{size / 2**30:,.2f}")
    show(printed, out)
    devices = table("Devices", names=("device", "fits"), numbers=("GB",))
    for name, fits in found.fits.items():
        devices.add_row(name, "yes" if fits else "no", f"{DEVICE_BYTES[name] / 10**9:,.0f}")
    show(devices, out)
    for note in found.assumptions:
        out.print(note, soft_wrap=True, markup=False)
