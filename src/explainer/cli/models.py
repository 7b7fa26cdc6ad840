"""`explainer models`: the models that are known by name."""

from __future__ import annotations

import json

import click
from click.shell_completion import CompletionItem

EPILOG = """\b
Examples:
  explainer models
  explainer models qwen
  explainer models --json | jq '.[] | select(.total > 1e11)'"""


def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the shell the known names."""
    from explainer.architectures import known_models

    return [CompletionItem(name) for name in known_models() if name.startswith(incomplete.lower())]


@click.command(epilog=EPILOG, short_help="List the models that are known by name.")
@click.argument("text", default="", shell_complete=complete)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
def command(text: str, as_json: bool) -> None:
    """List the known models with their exact parameters, or those whose name contains TEXT."""
    from explainer.architectures import architecture, known_models, known_source

    models = [architecture(name) for name in known_models() if text.lower() in name]
    if not models:
        raise click.ClickException(f"no known model has {text!r} in its name")
    if as_json:
        rows = [
            {
                "name": model.name,
                "model_type": model.model_type,
                "total": model.total,
                "active": model.active,
                "tied": model.tied,
                "source": known_source(model.name),
            }
            for model in models
        ]
        click.echo(json.dumps(rows))
        return
    from explainer.cli.printing import console, show, table

    found = table("", names=("name", "family"), numbers=("parameters", "active"))
    for model in models:
        active = "" if model.active == model.total else f"{model.active:,}"
        found.add_row(model.name, model.model_type, f"{model.total:,}", active)
    show(found, console())
    click.echo("active = parameters that one token uses, embedding table and head included")
