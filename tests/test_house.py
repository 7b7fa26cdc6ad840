"""The house: what README says is so, the locks pin, the library keeps to itself."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from explainer import __version__

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "explainer"
BIN = Path(sys.executable).parent
MODULES = sorted(SOURCE.rglob("*.py"))
LIBRARY = [path for path in MODULES if SOURCE / "site" not in path.parents]
LOCKS = (
    "requirements.lock",
    "requirements-models.lock",
    "requirements-node.lock",
    "requirements-setup.lock",
)
READMES = ("README.md", "README.zh.md")
TEXTS = (*READMES, "CONTRIBUTING.md", "CHANGELOG.md")


def read(name: str) -> str:
    """Return the text of a file of the project."""
    return (ROOT / name).read_text(encoding="utf-8")


def project() -> dict[str, Any]:
    """Return pyproject.toml."""
    return tomllib.loads(read("pyproject.toml"))


def tracked() -> list[str]:
    """Return the files that git knows."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    return [name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def python(code: str) -> str:
    """Run code in a fresh process and return what it prints."""
    kept = {name: value for name, value in os.environ.items() if name != "XLA_FLAGS"}
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, env=kept)
    assert done.returncode == 0, done.stderr
    return done.stdout


def blocks(text: str) -> list[tuple[str, str]]:
    """Return language and body of each fenced block of a Markdown text."""
    return re.findall(r"^```([a-z]+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def normalised(name: str) -> str:
    """Return a distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


# Locks, CI, versions


@pytest.mark.parametrize("name", LOCKS)
def test_lock_pins_versions_by_hash_and_names_no_address(name: str) -> None:
    """Each requirement is one version with its hashes, and nothing says where to get it."""
    text = read(name)
    assert not re.search(r"://|index|find-links|trusted-host|file:| @ ", text)
    requirements = re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]
    assert requirements
    for requirement in requirements:
        assert re.match(r"[a-z0-9._-]+==[^\s;]+( ; .+)? \\\n", requirement), requirement
        hashes = re.findall(r"--hash=(\S+)", requirement)
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in hashes)


def test_lock_of_the_scripts_names_no_address() -> None:
    """Each npm package is one version with its hash; nobody's address is in the file."""
    assert "://" not in read("package-lock.json")
    packages = json.loads(read("package-lock.json"))["packages"]
    for name, package in packages.items():
        assert not name or (package["version"] and package["integrity"].startswith("sha512-"))


def test_lock_covers_what_the_project_asks_for() -> None:
    """Every dependency, of every extra, has its line in the lock, and so has the build backend."""
    locked = set(re.findall(r"^([a-z0-9._-]+)==", read("requirements.lock"), re.MULTILINE))
    table = project()
    asked = [*table["project"]["dependencies"], *table["build-system"]["requires"]]
    for extra in table["project"]["optional-dependencies"].values():
        asked += extra
    names = {normalised(re.match(r"[A-Za-z0-9._-]+", one)[0]) for one in asked}  # type: ignore[index]
    assert names - {normalised(name) for name in locked} == set()


def test_no_file_names_a_package_registry() -> None:
    """No tracked file holds the address of a registry; whoever installs chooses their own."""
    parts = "pypi .org|python hosted.org|npm js.|yarn pkg.|ana conda.|conda -forge|crates .io"
    hosts = parts.replace(" ", "").split("|")  # in two parts: this file is tracked too
    found = []
    for name in tracked():
        data = (ROOT / name).read_bytes()
        found += [(name, host) for host in hosts if host.encode() in data]
    assert found == []


def test_ci_does_what_anyone_can_do() -> None:
    """`.ci/run` goes to the project's root and calls `make test`, and nothing else."""
    lines = read(".ci/run").splitlines()
    commands = [line for line in lines if line and not line.startswith("#")]
    assert commands == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "exec make test"]
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_one_version() -> None:
    """The package, the project table and the newest entry of the changelog name one version."""
    newest = re.search(r"^## (\d+\.\d+\.\d+)", read("CHANGELOG.md"), re.MULTILINE)
    assert newest
    assert {newest[1], project()["project"]["version"], __version__} == {__version__}


def test_make_lists_its_targets() -> None:
    """`make` alone names every target that the design promises, each with a line of help."""
    done = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True
    )
    listed = set(re.findall(r"^  make ([a-z]+) +\S", done.stdout, re.MULTILINE))
    assert {"setup", "serve", "build", "test", "check", "bench", "clean"} <= listed


# README, CONTRIBUTING


@pytest.mark.parametrize("name", READMES)
def test_readme_python_prints_what_stands_below_it(name: str) -> None:
    """The library block, run in a fresh process, prints exactly the block that follows it."""
    found = blocks(read(name))
    at = next(n for n, (language, _) in enumerate(found) if language == "python")
    assert found[at + 1][0] == "text"
    assert python(found[at][1]) == found[at + 1][1]


def shown_commands(text: str) -> Iterator[tuple[list[str], list[str]]]:
    """Yield each command of the console blocks, with the lines shown below it."""
    for language, body in blocks(text):
        if language == "console":
            for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
                command, *lines = part.splitlines()
                yield command.split(), lines


@pytest.mark.parametrize("name", READMES)
def test_readme_commands_print_what_is_shown(name: str) -> None:
    """Each command prints the lines below it; `…` stands for a folder or for the rest."""
    commands = list(shown_commands(read(name)))
    assert [command[1] for command, _ in commands] == ["count", "inspect"]
    for command, lines in commands:
        done = subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            capture_output=True,
            text=True,
            env=os.environ | {"COLUMNS": "100", "NO_COLOR": "1"},
        )
        assert (done.returncode, done.stderr) == (0, "")
        printed = [line.rstrip() for line in done.stdout.splitlines()]
        is_cut = lines[-1] == "…"
        shown = lines[:-1] if is_cut else lines
        assert len(printed) > len(shown) if is_cut else len(printed) == len(shown)
        for line, real in zip(shown, printed, strict=False):
            assert real.endswith(line[1:]) if line.startswith("…") else real == line


@pytest.mark.parametrize("name", TEXTS)
def test_links_and_pictures_are_there(name: str) -> None:
    """Every file that the text links to or shows exists; a picture has an alt text and is light."""
    text = read(name)
    links = re.findall(r"(!?)\[([^\]]*)\]\(([^)#\s]+)\)", text)
    for mark, label, target in links:
        assert (ROOT / target).is_file(), target
        if mark:
            assert len(label) > 20
            assert (ROOT / target).stat().st_size < 150_000
    assert sum(bool(mark) for mark, _, _ in links) == (name in READMES)


def test_readmes_name_each_other_and_both_commands() -> None:
    """Either README leads to the other and names the two commands that do everything."""
    for name, other in (READMES, READMES[::-1]):
        assert f"]({other})" in read(name)
        assert {"make serve", "make test"} <= set(re.findall(r"`(make \w+)`", read(name)))


def test_contributing_is_short() -> None:
    """CONTRIBUTING has fewer than 120 lines."""
    assert len(read("CONTRIBUTING.md").splitlines()) < 120


@pytest.mark.site
def test_contributing_example_builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example of CONTRIBUTING, pasted as it stands, builds, with its numbers done by hand."""
    from tests.site.tiny import GLOSSARY, Tiny

    monkeypatch.setenv("NO_MKDOCS_2_WARNING", "1")
    text = read("CONTRIBUTING.md")
    (snippet,) = (body for language, body in blocks(text.split("````")[0]) if language == "python")
    tiny = Tiny(tmp_path)
    tiny.write("snippets/index/widths.py", snippet)
    tiny.write("docs/glossary.toml", GLOSSARY + glossary("unit", "parameter"))
    tiny.page(text.split("````")[1].removeprefix("markdown\n"))
    site = tiny.build()
    for page in ("index.html", "en/index.html"):
        html = (site / page).read_text(encoding="utf-8")
        quoted = dict(re.findall(r'<data [^>]*data-expr="([^"]+)"[^>]*>([^<]+)</data>', html))
        assert quoted["widths.ratio"] == "36"  # (8² + 8) / (1² + 1)
        assert quoted["facts.spreadsheet.rows"] == "1,048,576"
        assert html.count("<figure class=") == 2


def glossary(*names: str) -> str:
    """Return a glossary of terms that the real one has too."""
    real = tomllib.loads(read("docs/glossary.toml"))["terms"]
    assert set(names) <= set(real)
    return "".join(
        f'\n[terms.{name}]\ngroup = "parameters"\nzh = "{real[name]["zh"]}"\n'
        f'en = "{real[name]["en"]}"\ndefinition = {{ zh = "一个词。", en = "A word." }}\n'
        for name in names
    )


# The trees


def files(folder: str, suffix: str) -> set[str]:
    """Return the files below a folder, relative to it."""
    top = ROOT / folder
    return {path.relative_to(top).as_posix() for path in top.rglob(f"*{suffix}")}


def test_languages_have_the_same_pages() -> None:
    """docs/zh and docs/en hold the same files."""
    assert files("docs/zh", ".md") == files("docs/en", ".md") != set()


def test_every_snippet_has_its_test() -> None:
    """tests/snippets mirrors snippets: one test file for each snippet."""
    tests = {name.replace("/test_", "/") for name in files("tests/snippets", ".py")}
    assert files("snippets", ".py") == tests


def test_modules_are_short() -> None:
    """No module of the library or the site has more than 300 lines."""
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert [str(path) for path in MODULES if lines[path] > 300] == []


# The library


def module_name(path: Path) -> str:
    """Return the import name of a module of the library."""
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("path", LIBRARY, ids=module_name)
def test_library_knows_nothing_of_the_site(path: Path) -> None:
    """No module outside `explainer.site` imports it; the command line loads it by name, on use."""
    imported: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported |= {f"{node.module}.{alias.name}" for alias in node.names}
    assert not {name for name in imported if f"{name}.".startswith("explainer.site.")}


def test_importing_the_package_is_light() -> None:
    """`import explainer` imports neither JAX nor NumPy, nor any distribution but itself."""
    code = "import sys; old = set(sys.modules); import explainer; print({*sys.modules} - old)"
    assert ast.literal_eval(python(code)) == {"explainer"}


@pytest.mark.slow
def test_importing_the_library_changes_no_setting() -> None:
    """All of the library imported, JAX's settings are what they were, and no device was opened."""
    names = [module_name(path) for path in LIBRARY]
    found = json.loads(
        python(
            "import importlib, json, jax\n"
            "from jax._src import xla_bridge\n"  # no public name tells whether a device is open
            "settings = lambda: {name: repr(value) for name, value in jax.config.values.items()}\n"
            "before = settings()\n"
            f"for name in {names!r}: importlib.import_module(name)\n"
            "after = settings()\n"
            "changed = [name for name in after if after[name] != before.get(name)]\n"
            "print(json.dumps([changed, sorted(xla_bridge._backends)]))\n"
        )
    )
    assert found == [[], []]


def test_console_script_works() -> None:
    """`explainer --version` names the version, and `--help` every command, without JAX."""
    script = str(BIN / "explainer")
    done = subprocess.run([script, "--version"], capture_output=True, text=True)
    assert done.stdout.split()[-1] == __version__
    listed = subprocess.run([script, "--help"], capture_output=True, text=True).stdout
    assert {"count", "inspect", "models", "run", "check", "new"} <= set(listed.split())
