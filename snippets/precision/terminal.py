"""What `explainer format` says, called as in a terminal."""

# %% terminal
import json

from click.testing import CliRunner

from explainer.cli.format import command

lines = CliRunner().invoke(command, ["0.1", "--as", "bfloat16"]).stdout.splitlines()
print("\n".join(line.rstrip() for line in lines if line.strip()))

# %% json
answer = json.loads(CliRunner().invoke(command, ["70000", "--as", "fp16", "--json"]).stdout)
print(json.dumps(answer))
