"""Standard output that cannot be written: a full disk, a reader that is gone."""

import subprocess
import sys
from pathlib import Path

import pytest

EXPLAINER = Path(sys.executable).with_name("explainer")
COMMANDS = ["count gpt2", "count gpt2 --json", "models --json", "format 0.1", "--help"]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk_is_one_line(command: str) -> None:
    """`> /dev/full` ends with exit code 1 and one line on standard error, no traceback."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [EXPLAINER, *command.split()],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == "Error: standard output: No space left on device\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_reader_that_is_gone_is_no_traceback(command: str) -> None:
    """When nobody reads the pipe any more, the command ends with exit code 1 and says nothing."""
    line = f"{EXPLAINER} {command} | (exec 0<&-; sleep 0.01); exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == ""
