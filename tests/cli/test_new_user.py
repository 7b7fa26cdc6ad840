"""What a new user tries first: wrong paths, pipes, other people's files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from explainer.cli import main
from explainer.models import path as model_path

EXPLAINER = Path(sys.executable).with_name("explainer")
NOBODY = 65_534


def call(*arguments: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(main, arguments)


def shell(line: str) -> subprocess.CompletedProcess[str]:
    """Run a line of bash, in which `explainer` is the installed command."""
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", line],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env=os.environ | {"PATH": f"{EXPLAINER.parent}:{os.environ['PATH']}"},
    )


@pytest.fixture
def unreadable() -> Iterator[Path]:
    """A directory with a file and a directory that only root reads, seen as another user."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        root.chmod(0o755)
        (root / "model.gguf").write_bytes(b"GGUF")
        (root / "config.json").write_text("{}")
        (root / "closed").mkdir()
        for path in root.iterdir():
            path.chmod(0)
        # What is imported late is imported now: nobody may not read root's Python.
        for command, source in (("inspect", "smollm2"), ("count", "gpt2"), ("count", name)):
            call(command, source)
        is_root = os.geteuid() == 0
        if is_root:
            os.seteuid(NOBODY)
        try:
            yield root
        finally:
            if is_root:
                os.seteuid(0)
            for path in root.iterdir():
                path.chmod(0o755)


@pytest.mark.parametrize(
    ("command", "name", "message"),
    [
        ("inspect", "model.gguf", "model.gguf: no permission to read it"),
        ("inspect", "closed", "closed: no permission to read it"),
        ("inspect", "closed/model.gguf", "model.gguf: no permission to read it"),
        ("count", "config.json", "config.json: Permission denied"),
        ("count", "closed", "config.json: Permission denied"),
    ],
)
def test_no_permission(unreadable: Path, command: str, name: str, message: str) -> None:
    """A file of somebody else's exits with 1 and one line."""
    done = call(command, str(unreadable / name))
    assert (done.exit_code, done.stdout) == (1, "")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "content", "counted", "inspected"),
    [
        ("page.gguf", b"<!DOCTYPE html>", "the name of a model file", "this is a web page"),
        ("empty.gguf", b"", "the name of a model file", "the file is empty"),
        ("a.bin", b"PK\x03\x04" + b"\0" * 30, "the name of a model file", "a ZIP archive"),
        ("config.json", b"", "is empty", "the file is empty"),
        ("config.json", b'{"a": 1}', "`model_type` is missing", "this is JSON"),
    ],
)
def test_wrong_files(
    tmp_path: Path, name: str, content: bytes, counted: str, inspected: str
) -> None:
    """Both commands say in one line what a wrong file is, and exit with 1."""
    path = tmp_path / name
    path.write_bytes(content)
    for command, message in (("count", counted), ("inspect", inspected)):
        done = call(command, str(path))
        assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
        assert message in done.stderr


def test_directory_with_several_models(tmp_path: Path) -> None:
    """`inspect` lists what there is to choose from; `count`, without a config, points to it."""
    for name in ("a.gguf", "b.gguf"):
        (tmp_path / name).symlink_to(model_path("smollm2"))
    inspected, counted = call("inspect", str(tmp_path)), call("count", str(tmp_path))
    assert (inspected.exit_code, counted.exit_code) == (1, 1)
    assert "holds 2 models; name one of: a.gguf, b.gguf" in inspected.stderr
    assert f"`explainer inspect {tmp_path}` looks into the model files" in counted.stderr


def test_pipes(tmp_path: Path) -> None:
    """A configuration may come through any pipe, at any time; one that nobody feeds is refused."""
    config = model_path("minilm").with_name("config.json")
    for line in (
        f"cat {config} | explainer count - --json",
        f"explainer count <(sleep 2.5; cat {config}) --json",
        f"explainer count /dev/stdin --json < {config}",
    ):
        assert json.loads(shell(line).stdout)["total"] == 22_713_216
    os.mkfifo(tmp_path / "pipe")
    for command in ("count", "inspect"):
        done = shell(f"explainer {command} {tmp_path}/pipe")
        assert (done.returncode, done.stdout) == (1, "")
        assert "pipe" in done.stderr


@pytest.mark.parametrize(
    "command",
    ["count gpt2 --json", "inspect smollm2 --json", "inspect smollm2", "models", "models --json"],
)
def test_a_reader_that_leaves_early(command: str) -> None:
    """`| head -1` gets its line, and nothing is said on standard error."""
    done = shell(f"explainer {command} | head -1")
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1


def test_a_directory_named_as_no_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory of one's own is counted without a word about known names."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").symlink_to(model_path("minilm").parent)
    assert call("count", "mine").stderr == ""
    (tmp_path / "smollm2").mkdir()
    assert "write ./smollm2 for the file" in call("count", "smollm2").stderr


def test_count_and_inspect_of_one_directory() -> None:
    """Both commands give the same kinds and components, in the same order."""
    folder = str(model_path("minilm").parent)
    counted = json.loads(call("count", folder, "--json").stdout)
    inspected = json.loads(call("inspect", folder, "--json").stdout)
    assert list(counted["components"].items()) == list(inspected["components"].items())
    assert list(counted["kinds"]) == list(inspected["kinds"])
    for kind in ("weights", "biases", "gains"):
        assert counted["kinds"][kind] == inspected["kinds"][kind]
    assert counted["total"] == inspected["parameters"]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("explainer inspect smol", "plain,smollm2"),
        ("explainer inspect ./", "file,./"),
        ("explainer models qwen3-0", "plain,qwen3-0.6b"),
        ("explainer ins", "plain,inspect"),
    ],
)
def test_completion(words: str, offered: str) -> None:
    """The shell completes commands, names and files."""
    count = len(words.split()) - 1
    line = f"_EXPLAINER_COMPLETE=bash_complete COMP_WORDS='{words}' COMP_CWORD={count} explainer"
    assert offered in shell(line).stdout.splitlines()
