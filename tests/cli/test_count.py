"""`explainer count` as a user meets it: numbers, tables, errors, exit codes, speed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from explainer.cli import main

ORACLE: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "data" / "param_oracle.json").read_text()
)["models"]


def count(*arguments: str, stdin: bytes | None = None) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, ["count", *arguments], input=stdin)


def test_json_has_exactly_the_promised_keys() -> None:
    """`--json` prints one object with the promised keys and exact integers."""
    done = count("deepseek-r1", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {
        "name": "deepseek-r1",
        "total": 671_026_404_352,
        "active": 37_552_282_624,
        "components": {
            "embedding": 926_679_040,
            "attention": 11_413_422_080,
            "feed_forward": 1_189_085_184,
            "experts": 653_908_770_816,
            "shared_experts": 2_554_331_136,
            "router": 106_430_464,
            "norm": 1_006_592,
            "head": 926_679_040,
        },
        "kinds": {"weights": 671_025_397_760, "biases": 0, "gains": 1_006_592, "buffers": 14_848},
        "tied": False,
    }


@pytest.mark.parametrize("entry", ORACLE)
def test_config_file_gives_the_oracles_total(entry: str, tmp_path: Path) -> None:
    """A config.json given as a path counts to the oracle's last digit."""
    path = tmp_path / "config.json"
    path.write_text(json.dumps(ORACLE[entry]["config"]))
    for source in (str(path), str(tmp_path)):
        assert json.loads(count(source, "--json").stdout)["total"] == ORACLE[entry]["total"]


def test_standard_input() -> None:
    """A config can come through a pipe."""
    config = json.dumps(ORACLE["gpt2"]["config"]).encode()
    assert json.loads(count("-", "--json", stdin=config).stdout)["total"] == 124_439_808


def test_table_names_the_convention_of_active() -> None:
    """The table shows total, shares, and beside the active count what it includes."""
    done = count("gpt-oss-120b")
    assert "116,829,156,672" in done.stdout
    assert "98.179%" in done.stdout  # experts: 114,701,598,720 of the total
    assert "5,711,982,912" in done.stdout
    assert "5,132,849,472 without the input embedding" in done.stdout


def test_prediction_layers_on_request() -> None:
    """`--mtp` adds the layers of multi-token prediction, and says so when they are left out."""
    assert json.loads(count("deepseek-v3", "--mtp", "unique", "--json").stdout)["total"] == (
        682_636_472_320
    )
    assert "multi-token prediction are not counted" in count("deepseek-v3").stdout


def test_unknown_name_is_a_usage_error() -> None:
    """A name that is not known exits with 2 and suggests those that are near."""
    done = count("lama-2-7b")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "did you mean llama-2-7b" in done.stderr


@pytest.mark.parametrize("arguments", [(), ("gpt2", "--mtp", "some"), ("gpt2", "gpt2"), ("-x",)])
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    """Missing, extra and unknown arguments exit with 2."""
    done = count(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "`model_type` is missing"),
        ('{"model_type": "xyz"}', "`model_type` (='xyz') is not known"),
        ("<html>", "is not JSON"),
        ("[]", "must hold a JSON object"),
    ],
)
def test_bad_file(tmp_path: Path, text: str, message: str) -> None:
    """A file that cannot be counted exits with 1 and one line on standard error."""
    path = tmp_path / "config.json"
    path.write_text(text)
    done = count(str(path))
    assert (done.exit_code, done.stdout) == (1, "")
    assert message in done.stderr
    assert done.stderr.count(str(tmp_path)) == 1
    assert done.stderr.count("\n") == 1


def test_paths_that_do_not_open(tmp_path: Path) -> None:
    """A missing file and an empty directory exit with 1 and name the path."""
    for path in (tmp_path / "config.json", tmp_path):
        done = count(str(path))
        assert done.exit_code == 1
        assert "config.json: No such file or directory" in done.stderr


def test_known_name_wins_over_a_file_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A directory named after a known model is not read in silence: one line tells how to."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gpt2").mkdir()
    (tmp_path / "gpt2" / "config.json").write_text(json.dumps(ORACLE["gpt2-xl"]["config"]))
    by_name, by_path = count("gpt2", "--json"), count("./gpt2", "--json")
    assert json.loads(by_name.stdout)["total"] == 124_439_808
    assert "write ./gpt2 for the file" in by_name.stderr
    assert json.loads(by_path.stdout)["total"] == 1_557_611_200
    assert by_path.stderr == ""


def test_directory_in_place_of_the_file(tmp_path: Path) -> None:
    """A config.json that is itself a directory exits with 1 and the system's reason."""
    (tmp_path / "config.json").mkdir()
    done = count(str(tmp_path))
    assert done.exit_code == 1
    assert "config.json: Is a directory" in done.stderr


def test_name_from_a_config_cannot_steer_the_terminal() -> None:
    """Control characters and markup in a config's own name are not passed on."""
    config = {**ORACLE["gpt2"]["config"], "_name_or_path": "\x1b[31m[bold]\ud800"}
    done = count("-", stdin=json.dumps(config).encode())
    assert "\x1b" not in done.stdout
    assert "?[31m[bold]?" in done.stdout
    as_json = count("-", "--json", stdin=json.dumps(config).encode())
    assert json.loads(as_json.stdout)["name"] == "?[31m[bold]?"


def test_help_has_examples() -> None:
    """`--help` shows how the command is called."""
    assert "explainer count deepseek-r1" in count("--help").stdout


def test_completion_offers_known_names() -> None:
    """The shell completes the names of known models."""
    environment = {**os.environ, "_EXPLAINER_COMPLETE": "bash_complete"}
    environment |= {"COMP_WORDS": "explainer count smol", "COMP_CWORD": "2"}
    code = "from explainer.cli import main; main(prog_name='explainer')"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60
    )
    assert "plain,smollm2-135m" in done.stdout.splitlines()


def test_a_count_needs_no_jax() -> None:
    """Counting imports neither JAX nor NumPy, and with `--json` no rich."""
    code = (
        "import sys; from explainer.cli import main;"
        "main(['count', 'deepseek-r1', '--json'], standalone_mode=False);"
        "print([name for name in ('jax', 'numpy', 'rich') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr
