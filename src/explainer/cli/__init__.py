"""The command line: `explainer COMMAND`. A command's module is imported when it is used."""

from __future__ import annotations

from importlib import import_module

import click

from explainer import __version__

COMMANDS = {
    # name: (module, attribute, one line of help)
    "count": ("explainer.cli.count", "command", "Count the parameters of a model, exactly."),
    "inspect": ("explainer.cli.inspect", "command", "Look into a GGUF or safetensors file."),
    "models": ("explainer.cli.models", "command", "List the models that are known by name."),
    "run": ("explainer.site.commands", "run", "Run the snippets whose inputs have changed."),
    "check": ("explainer.site.commands", "check", "Check every page without building the site."),
    "new": ("explainer.site.commands", "new", "Start a page: both languages, snippet, test, nav."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported on use, so that `--help` and `count` stay fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, _, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="explainer")
def main() -> None:
    """Count, inspect and explain language models; build the site that shows it."""
