"""The wheel: what it holds, and that every snippet runs alone with nothing else of this project."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from explainer.site.environment import child_environment
from explainer.site.snippets import load

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "explainer"
SNIPPETS = sorted((ROOT / "snippets").rglob("*.py"))
# What no import statement would miss: data, templates, the theme, others' code with its licence.
DATA = (
    "data/models.toml",
    "facts.toml",
    "py.typed",
    "site/notebook.css",
    "site/templates/page.zh.md.txt",
    "site/templates/snippet.py.txt",
    "site/theme/assets/charts.css",
    "site/theme/main.html",
    "site/vendor/temml.LICENSE",
    "site/vendor/temml.min.js",
)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel, once."""
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(out)]
    done = subprocess.run([*build, str(ROOT)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into a folder of its own, from no index."""
    target = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    done = subprocess.run(
        [*pip, "--target", str(target), str(wheel)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return target


def environment(installed: Path) -> dict[str, str]:
    """Return a reader's environment in which the wheel comes before the editable checkout."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("XLA_FLAGS", raising=False)  # the tests' eight simulated devices
        inherited = child_environment(ROOT)  # shares the compiled programs of the project's runs
    return inherited | {"PYTHONPATH": str(installed), "PYTHONWARNINGS": "error"}


def run(installed: Path, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the wheel in a folder of its own."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=environment(installed),
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_holds_the_package_and_nothing_else(wheel: Path) -> None:
    """Every file below src/explainer is in the wheel, data included, and no file from elsewhere."""
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    files = (path for path in SOURCE.rglob("*") if path.is_file())
    expected = {path.relative_to(ROOT / "src").as_posix() for path in files}
    expected = {name for name in expected if "__pycache__" not in name}
    assert names == expected
    assert {f"explainer/{name}" for name in DATA} <= names


def test_states_its_licence_and_its_command(wheel: Path) -> None:
    """The licence travels with the wheel, and installing it gives the command `explainer`."""
    with zipfile.ZipFile(wheel) as archive:
        names = {name.partition(".dist-info/")[2]: name for name in archive.namelist()}
        assert archive.read(names["licenses/LICENSE"]) == (ROOT / "LICENSE").read_bytes()
        entries = archive.read(names["entry_points.txt"]).decode()
        metadata = archive.read(names["METADATA"]).decode()
    assert "explainer = explainer.cli:main" in entries
    assert "explainer = explainer.site.plugin:ExplainerPlugin" in entries
    assert "License-Expression: Apache-2.0" in metadata
    assert "Requires-Python: >=3.11" in metadata


def test_imports_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    """With the wheel on the path, `explainer` is the wheel's and not the checkout's."""
    done = run(installed, tmp_path, "-P", "-c", "import explainer; print(explainer.__file__)")
    assert Path(done.stdout.strip()) == installed / "explainer" / "__init__.py", done.stderr


def test_command_counts(installed: Path, tmp_path: Path) -> None:
    """The installed command finds its data: GPT-2 has the count that transformers gives."""
    done = run(installed, tmp_path, str(installed / "bin" / "explainer"), "count", "gpt2", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["total"] == 124_439_808


def offered(snippet: Path) -> set[str]:
    """Return the keys of a snippet's dictionary `downloads`, read without running it."""
    tree = ast.parse(snippet.read_text(encoding="utf-8"))
    return {
        str(ast.literal_eval(key))
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "downloads"
        for key in getattr(node.value, "keys", [])
    }


def alone(installed: Path, snippet: Path, folder: Path) -> str:
    """Run one snippet as a reader does, alone in its folder; return what is wrong with it."""
    folder.mkdir(parents=True)
    shutil.copy(snippet, folder)
    name = snippet.relative_to(ROOT / "snippets").as_posix()
    command = [sys.executable, snippet.name]
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment(installed),
            capture_output=True,
            text=True,
            timeout=load(snippet).timeout_seconds,
        )
    except subprocess.TimeoutExpired as error:
        return f"{name} did not end in {error.timeout:.0f} s"
    if done.returncode or done.stderr:
        return f"{name} ended with {done.returncode}:\n{done.stderr}"
    if not done.stdout:
        return f"{name} prints nothing"
    left = {path.name for path in folder.iterdir()} - {snippet.name, "__pycache__"}
    left -= offered(snippet)  # what a reader takes home is meant to stay
    return f"{name} leaves {sorted(left)} behind" if left else ""


def test_each_snippet_runs_alone(installed: Path, tmp_path: Path) -> None:
    """In an empty folder, with the wheel, each snippet ends well, prints, and leaves nothing."""
    assert SNIPPETS

    def check(snippet: Path) -> str:
        return alone(installed, snippet, tmp_path / snippet.parent.name / snippet.stem)

    with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        problems = [problem for problem in pool.map(check, SNIPPETS) if problem]
    assert not problems, "\n\n".join(problems)
