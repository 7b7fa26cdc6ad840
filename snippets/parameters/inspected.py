"""What `explainer inspect` says of a file, called as in a terminal."""

# %% terminal
import json
import tempfile
from contextlib import chdir
from pathlib import Path

from click.testing import CliRunner

from explainer.cli.inspect import command
from explainer.models import path


def inspect(*options):
    """Return what `explainer inspect model.gguf` prints."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        Path("model.gguf").symlink_to(path("smollm2"))
        runner = CliRunner(env={"COLUMNS": "72"})  # as wide as this column
        return runner.invoke(command, ["model.gguf", *options]).stdout


lines = inspect("--tensors", "4").splitlines()
print("\n".join(line.rstrip() for line in lines))

# %% json
answer = json.loads(inspect("--json"))
tensors = len(answer.pop("tensors"))
widget = answer
print(json.dumps(widget, indent=1)[:240], "...")
