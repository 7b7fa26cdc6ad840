"""`explainer inspect`: what a model file holds, to the last byte."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from explainer.checkpoints import (
    Found,
    ModelFile,
    ModelFileError,
    StoredTensor,
    UnknownNameError,
    find,
    read,
)
from explainer.checkpoints.opening import PICKLE_SUFFIXES

_EXAMPLES = """
\b
Examples:
  explainer inspect model.gguf
  explainer inspect ./Llama-3.2-1B/              every shard of one model
  explainer inspect model.safetensors --json | jq .bits_per_parameter
  explainer inspect llama3.2:1b                  what Ollama holds
  explainer inspect Qwen/Qwen3-0.6B              what the Hugging Face cache holds
  explainer inspect smollm2                      the model that comes with this site
\b
Exit code: 0 read, 1 the file is at fault, 2 usage, or a name that nothing is known by.
"""


class _UnknownName(click.ClickException):
    exit_code = 2


def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the shell the site's own models, and files."""
    from explainer.models import names

    own = [CompletionItem(name) for name in names() if name.startswith(incomplete)]
    return [*own, CompletionItem(incomplete, type="file")]


_SUFFIXES = (".gguf", ".safetensors", ".json", *sorted(PICKLE_SUFFIXES))
"""What ends in one of these is a path, there or not."""


@click.command(
    "inspect",
    epilog=_EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.argument("model", metavar="FILE|DIR|NAME", shell_complete=complete)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, every tensor included.")
@click.option(
    "--tensors",
    "shown",
    metavar="N",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    help="How many of the largest tensors the table lists.",
)
def command(model: str, as_json: bool, shown: int) -> None:
    """Look into a GGUF or safetensors model without loading it.

    A file, a directory that holds one model, or a name under which Ollama, LM Studio or the
    Hugging Face cache keeps one. Shapes are (out, in). A pickle (.pt, .bin) is never opened.
    """
    if model in ("", "-"):
        raise click.UsageError("a model is read from a file; give its path or its name")
    try:
        path, others = locate(model)
        file = read(path)
    except ModelFileError as error:
        failure = _UnknownName if isinstance(error, UnknownNameError) else click.ClickException
        raise failure(str(error)) from None
    for other in others:
        click.echo(f"also in {other.store}: {other.path}", err=True)
    if as_json:
        for piece in json_pieces(file):
            click.echo(piece, nl=False)
    else:
        from explainer.cli.inspect_tables import print_tables

        print_tables(file, path, shown)


def locate(model: str) -> tuple[Path, list[Found]]:
    """Return the path that is meant, and where else the same name was found.

    Args:
        model: A path if there is one; a name otherwise.

    Returns:
        What to read, and further matches of the name.

    Raises:
        ModelFileError: If there is neither.
    """
    looks_like_path = model.startswith((".", "/", "~")) or model.endswith(_SUFFIXES)
    if looks_like_path or os.path.lexists(model):
        return Path(model), []
    first, *others = find(model)
    return first.path, others


def summary(file: ModelFile) -> dict[str, Any]:
    """Return everything that `--json` prints before the tensors."""
    return {
        "format": file.format,
        "file_bytes": file.file_bytes,
        "parameter_bytes": file.parameter_bytes,
        "parameters": file.parameters,
        "bits_per_parameter": file.bits_per_parameter,
        "kinds": file.kinds,
        "components": file.components,
        "types": {
            name: {
                "tensors": total.tensors,
                "parameters": total.parameters,
                "bytes": total.stored_bytes,
            }
            for name, total in file.types.items()
        },
    }


def json_pieces(file: ModelFile) -> Iterator[str]:
    """Yield the JSON of `--json`, a line a tensor, never all of it at once."""
    head = json.dumps(summary(file), indent=1)
    yield head[: head.rindex("\n}")] + ',\n "tensors": ['
    separator = "\n  "
    for tensor in file.tensors:
        yield separator + json.dumps(tensor_entry(tensor))
        separator = ",\n  "
    yield "\n ]\n}\n"


def tensor_entry(tensor: StoredTensor) -> dict[str, Any]:
    """Return what `--json` says of one tensor."""
    return {
        "name": tensor.name,
        "shape": list(tensor.shape),
        "type": tensor.type,
        "parameters": tensor.parameters,
        "bytes": tensor.stored_bytes,
    }
