"""`explainer count`: the exact parameters of a model, from its configuration."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from explainer.architectures import Architecture

EPILOG = """\b
Examples:
  explainer count deepseek-r1
  explainer count ~/models/my-model/config.json
  explainer count ./my-model --json
  explainer count deepseek-v3 --mtp stored
  cat config.json | explainer count -

A known name wins over a file of the same name: write ./gpt2 for the file.
Exit code: 0 counted, 1 the file or its configuration is at fault, 2 usage."""

ACTIVE = "active = parameters that one token uses, embedding table and head included"


class UnknownNameError(click.ClickException):
    """A name that is neither a known model nor a file: the command was used wrongly."""

    exit_code = 2


def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the shell the known names, and files."""
    from explainer.architectures import known_models

    names = [name for name in known_models() if name.startswith(incomplete.lower())]
    return [*map(CompletionItem, names), CompletionItem(incomplete, type="file")]


@click.command(epilog=EPILOG, short_help="Count the parameters of a model, exactly.")
@click.argument("model", shell_complete=complete, metavar="NAME|config.json|DIR|-")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--mtp",
    type=click.Choice(["none", "unique", "stored"]),
    default="none",
    show_default=True,
    help="Count layers of multi-token prediction: what they add, or as checkpoints store them.",
)
def command(model: str, as_json: bool, mtp: Any) -> None:
    """Count the parameters of a model, exactly, from its configuration.

    NAME is a model that `explainer models` lists. Nothing is downloaded and no weights are needed:
    the shapes that a Hugging Face config.json implies are added up, and checked against a closed
    form.
    """
    found = _counted(model, mtp)
    if Path(model).exists() and _is_known(model):
        click.echo(f"Note: {model} is a known name; write ./{model} for the file.", err=True)
    if as_json:
        click.echo(json.dumps(as_dict(found)))
    else:
        _show(found)


def _is_known(name: str) -> bool:
    """Return whether a name is taken for a model, whatever file may have the same."""
    from explainer.architectures import UnknownModelError, known_source

    try:
        known_source(name)
    except UnknownModelError:
        return False
    return True


def _counted(model: str, mtp: Any) -> Architecture:
    """Return the architecture, with every failure as one line and the right exit code."""
    from explainer.architectures import UnknownModelError, architecture, parse_config
    from explainer.architectures.config_file import LARGEST_CONFIG_BYTES

    try:
        if model != "-":
            return architecture(model, mtp=mtp)
        text = sys.stdin.buffer.read(LARGEST_CONFIG_BYTES + 1)
        return architecture(parse_config(text, "standard input"), mtp=mtp)
    except UnknownModelError as error:
        raise UnknownNameError(str(error)) from None
    except OSError as error:
        reason = error.strerror or str(error)
        if isinstance(error, FileNotFoundError) and Path(model).is_dir():
            reason += f"; `explainer inspect {model}` looks into the model files themselves"
        raise click.ClickException(f"{error.filename or model}: {reason}") from None
    except ValueError as error:
        place = "standard input" if model == "-" else model
        said = str(error).startswith(place)
        raise click.ClickException(str(error) if said else f"{place}: {error}") from None


def as_dict(model: Architecture) -> dict[str, Any]:
    """Return what `--json` prints.

    Args:
        model: From `explainer.architectures.architecture`.

    Returns:
        Exact integers; `components` add up to `total`, as do weights, biases and gains.
    """
    return {
        "name": model.name,
        "total": model.total,
        "active": model.active,
        "components": model.components,
        "kinds": model.kinds,
        "tied": model.tied,
    }


def _show(model: Architecture) -> None:
    """Print the count as tables."""
    from rich.markup import escape

    from explainer.cli.printing import console, show, table

    out = console()
    title = f"{escape(model.name)} ({escape(model.model_type)})"
    found = table(title, names=("component",), numbers=("parameters", "share"))
    for component, count in model.components.items():
        share = f"{count / model.total:.3%}"
        found.add_row(component.replace("_", " "), f"{count:,}", share)
    found.add_section()
    for kind in ("weights", "biases", "gains"):
        count = model.kinds[kind]
        found.add_row(kind, f"{count:,}", f"{count / model.total:.3%}")
    found.add_section()
    found.add_row("total", f"{model.total:,}", "")
    if model.active != model.total:
        found.add_row("active", f"{model.active:,}", f"{model.active / model.total:.3%}")
    show(found, out)
    for note in _notes(model):
        out.print(note, soft_wrap=True, markup=False)


def _notes(model: Architecture) -> list[str]:
    """Return what a reader must know to use the numbers."""
    notes = []
    if model.active != model.total:
        notes.append(
            f"{ACTIVE}; {model.active_without_input_embedding:,} without the input embedding, "
            f"{model.active_without_embedding_and_head:,} without both."
        )
    if model.tied:
        notes.append("The head is the embedding table (tied), counted once, as embedding.")
    if model.kinds["buffers"]:
        notes.append(f"Beside them {model.kinds['buffers']:,} numbers in buffers, not learned.")
    return [*notes, *model.notes]
