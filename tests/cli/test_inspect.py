"""`explainer inspect`, as a new user tries it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import gguf
import pytest

from explainer.models import path as model_path

EXPLAINER = Path(sys.executable).with_name("explainer")


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as installed."""
    return subprocess.run(
        [EXPLAINER, "inspect", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env=os.environ | {"COLUMNS": "100"} | environment,
    )


def test_json_of_smollm2_agrees_with_the_library() -> None:
    """The JSON has exactly the promised keys, and gguf's figures for every tensor."""
    done = run(model_path("smollm2"), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    tensors = report.pop("tensors")
    assert tensors == [
        {
            "name": str(tensor.name),
            "shape": [int(length) for length in reversed(tensor.shape)],
            "type": tensor.tensor_type.name,
            "parameters": int(tensor.n_elements),
            "bytes": int(tensor.n_bytes),
        }
        for tensor in gguf.GGUFReader(model_path("smollm2")).tensors
    ]
    assert report == {
        "format": "gguf",
        "file_bytes": 98_362_432,
        "parameter_bytes": 96_576_768,
        "parameters": 134_515_008,
        "bits_per_parameter": 96_576_768 * 8 / 134_515_008,
        "kinds": {"weights": 134_479_872, "biases": 0, "gains": 35_136, "buffers": 0},
        "components": {
            "embedding": 28_311_552,
            "attention": 26_542_080,
            "feed_forward": 79_626_240,
            "norm": 35_136,
        },
        "types": {
            "Q4_1": {"tensors": 210, "parameters": 106_168_320, "bytes": 66_355_200},
            "Q8_0": {"tensors": 1, "parameters": 28_311_552, "bytes": 30_081_024},
            "F32": {"tensors": 61, "parameters": 35_136, "bytes": 140_544},
        },
    }


def test_tables_of_a_name() -> None:
    """Without options a person gets tables; a known name needs no path."""
    done = run("smollm2", "--tensors", "1")
    assert done.returncode == 0
    for text in ("134,515,008", "5.7437", "98.185 %", "token_embd.weight", "49,152 × 576", "Q4_1"):
        assert text in done.stdout
    assert "blk.0." not in done.stdout
    assert "\x1b" not in done.stdout


def test_directory_of_minilm() -> None:
    """A directory is a model; buffers are shown apart."""
    done = run(model_path("minilm").parent)
    assert done.returncode == 0
    assert "22,713,216" in done.stdout
    assert "buffers (not parameters)" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((), 2, "Missing argument"),
        (("smollm2", "--nonsense"), 2, "No such option"),
        (("smollm2", "--tensors", "-1"), 2, "not in the range"),
        (("./missing.gguf",), 1, "no such file"),
        (("no-such-model",), 2, "looked in"),
        (("smolm2",), 2, "did you mean smollm2?"),
        (("gpt2",), 2, "`explainer count gpt2` counts it"),
        (("/",), 1, "holds no .safetensors"),
        (("/dev/zero",), 1, "a character device"),
        (("",), 2, "give its path or its name"),
        (("-",), 2, "give its path or its name"),
        (("./missing.bin",), 1, "no such file"),
    ],
)
def test_errors(arguments: tuple[str, ...], code: int, message: str) -> None:
    """Errors go to stderr alone, in one message, with 2 for usage and 1 for the rest."""
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_name_that_ollama_holds(tmp_path: Path) -> None:
    """The name is found, and a second holder of it is mentioned on stderr."""
    digest = "12" * 32
    manifest = tmp_path / "manifests/host/library/smollm2/latest"
    manifest.parent.mkdir(parents=True)
    layer = {"mediaType": "application/vnd.ollama.image.model", "digest": f"sha256:{digest}"}
    manifest.write_text(json.dumps({"layers": [layer]}))
    (tmp_path / "blobs").mkdir()
    (tmp_path / "blobs" / f"sha256-{digest}").symlink_to(model_path("smollm2"))
    done = run("smollm2:latest", "--json", OLLAMA_MODELS=str(tmp_path))
    assert json.loads(done.stdout)["parameters"] == 134_515_008
    both = run("smollm2", "--json", OLLAMA_MODELS=str(tmp_path))
    assert json.loads(both.stdout)["parameters"] == 134_515_008
    assert "also in Ollama" in both.stderr


def test_hostile_names_do_not_reach_the_terminal(tmp_path: Path) -> None:
    """Escape sequences and markup in a tensor's name are shown, not obeyed."""
    name = "\x1b[31m[bold]x"
    raw = json.dumps({name: {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}}).encode()
    path = tmp_path / "model.safetensors"
    path.write_bytes(len(raw).to_bytes(8, "little") + raw + b"0")
    done = run(path)
    assert "\x1b" not in done.stdout
    assert "\\x1b[31m[bold]x" in done.stdout
    assert json.loads(run(path, "--json").stdout)["tensors"][0]["name"] == name


def test_a_model_without_tensors(tmp_path: Path) -> None:
    """A file that holds only a vocabulary has no bits per parameter, and is no error."""
    writer = gguf.GGUFWriter(tmp_path / "vocabulary.gguf", "llama")
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    done = run(tmp_path / "vocabulary.gguf", "--json")
    report = json.loads(done.stdout)
    assert (report["parameters"], report["bits_per_parameter"], report["tensors"]) == (0, None, [])
    assert run(tmp_path / "vocabulary.gguf").returncode == 0


def test_help_has_examples() -> None:
    """`--help` shows how to use it, a line an example."""
    done = run("--help")
    assert done.returncode == 0
    assert "explainer inspect llama3.2:1b" in done.stdout
    assert "\n    explainer inspect model.gguf\n" in done.stdout


def test_inspecting_imports_neither_jax_nor_numpy() -> None:
    """The command stays quick because it imports little."""
    script = (
        "import sys; from click.testing import CliRunner; from explainer.cli import main\n"
        f"result = CliRunner().invoke(main, ['inspect', {str(model_path('smollm2'))!r}])\n"
        "assert result.exit_code == 0, result.output\n"
        "print(sorted({'jax', 'numpy', 'gguf', 'ml_dtypes'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout.strip() == "[]"
