"""The command line: `explainer COMMAND`. A command's module is imported when it is used."""

from __future__ import annotations

import errno
import os
import sys
from importlib import import_module
from typing import Any

import click

from explainer import __version__

COMMANDS = {
    # name: (module, attribute, one line of help)
    "count": ("explainer.cli.count", "command", "Count the parameters of a model, exactly."),
    "format": ("explainer.cli.format", "command", "Show what a number becomes in a format."),
    "inspect": ("explainer.cli.inspect", "command", "Look into a GGUF or safetensors file."),
    "memory": ("explainer.cli.memory", "command", "Estimate the memory that a model takes."),
    "models": ("explainer.cli.models", "command", "List the models that are known by name."),
    "quantize": ("explainer.cli.quantize", "command", "Measure or write a coarser model."),
    "run": ("explainer.site.commands", "run", "Run the snippets whose inputs have changed."),
    "check": ("explainer.site.commands", "check", "Check every page without building the site."),
    "new": ("explainer.site.commands", "new", "Start a page: both languages, snippet, test, nav."),
}


_CANNOT_WRITE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


class LazyGroup(click.Group):
    """A group whose commands are imported on use, so that `--help` and `count` stay fast."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run a command; standard output that cannot be written is one line, and exit code 1."""
        try:
            try:
                return super().main(*args, **extra)
            finally:  # click leaves through SystemExit: what is still buffered may fail too
                sys.stdout.flush()
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever read has seen enough: nothing to say
                reason = ""
            elif error.errno in _CANNOT_WRITE and error.filename is None:
                reason = f"Error: standard output: {error.strerror}"
            else:
                raise
        _discard_output()
        if reason:
            click.echo(reason, err=True)
        sys.exit(1)

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


def _discard_output() -> None:
    """Send what is left to nowhere, or Python tries to write it once more when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="explainer")
def main() -> None:
    """Count, inspect and explain language models; build the site that shows it."""
