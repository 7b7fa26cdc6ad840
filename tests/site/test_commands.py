"""The commands of authors: run, check, new."""

from __future__ import annotations

import difflib
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from explainer.cli import main
from explainer.site import starter

CONFIG = """# The site.
site_name: Tiny

markdown_extensions:
  pymdownx.superfences:
    custom_fences:  # tags that a YAML library would lose
      - {name: python, class: python, format: !!python/name:explainer.site.fences.python }

nav:
  - index.md  # home
  - First:
      - first/one.md
      - Two: first/two.md
  # What stays last:
  - glossary.md
  - ledger.md

extra:
  key: value
"""
GLOSSARY = """
[groups]
all = {zh = "全部", en = "All"}

[terms.quantization]
group = "all"
zh = "量化"
en = "quantization"
definition = {zh = "少用几位。", en = "Fewer bits."}
"""
SNIPPET = "# %% fit\nslope = 2\nprint(slope)\n"
INDEX = '# Home\n\n```python exec="on" snippet="line#fit"\n```\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sound project, and a working directory inside it."""
    files = {
        "mkdocs.yml": CONFIG,
        "mkdocs.en.yml": CONFIG,
        "docs/glossary.toml": GLOSSARY,
        "snippets/index/line.py": SNIPPET,
    }
    for language in ("zh", "en"):
        files[f"docs/{language}/index.md"] = INDEX
        files[f"docs/{language}/glossary.md"] = "# Words\n"
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "docs" / "zh")
    return tmp_path


def call(*arguments: str) -> Result:
    """Call the command line."""
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


def test_run_runs_what_is_stale_and_lists_what_was_fresh(project: Path) -> None:
    """A second call runs nothing, an edit or --force runs again, each with a line of its own."""
    assert re.search(r"ran +index/line +\d+\.\d\d s\n1 ran, 0 fresh", call("run").stdout)
    assert re.search(r"fresh +index/line .*\n0 ran, 1 fresh", call("run").stdout)
    for name in ("index/line", "index", "snippets/index/line.py", "../../snippets/index/line.py"):
        assert "0 ran, 1 fresh" in call("run", name).stdout, name
    assert "1 ran, 0 fresh" in call("run", "index", "--force", "--jobs", "1").stdout
    (project / "snippets/index/line.py").write_text(SNIPPET.replace("2", "3"))
    assert "1 ran, 0 fresh" in call("run").stdout


def test_run_refuses_an_unknown_name_and_reports_a_snippet_that_raises(project: Path) -> None:
    """A wrong name gets the nearest right one; a failing snippet its file and line, and exit 1."""
    wrong = call("run", "index/lime")
    assert wrong.exit_code == 1 and "did you mean index/line?" in wrong.output
    (project / "snippets/index/line.py").write_text("# %% fit\nslope = 2\n1 / 0\n")
    failed = call("run", "index")
    assert failed.exit_code == 1
    assert "snippets/index/line.py:3: " in failed.stdout and "ZeroDivisionError" in failed.stdout


def test_check_says_what_holds_or_every_problem(project: Path) -> None:
    """Exit 0 and a sentence when all holds; else each problem with its fix, a count and exit 1."""
    good = call("check")
    assert (good.exit_code, good.stdout) == (0, "all 4 pages, 1 snippet hold\n"), good.stdout
    (project / "docs/en/index.md").write_text(INDEX + "\nIt is {{ line.slop }} or [7](none.md).\n")
    bad = call("check")
    assert bad.exit_code == 1
    assert "docs/en/index.md:6: snippet index/line has no value 'slop'\n  fix: " in bad.stdout
    count = re.search(r"^(\d+) problems$", bad.stdout, re.MULTILINE)
    assert count and int(count[1]) == bad.stdout.count("  fix: ") >= 3


def test_check_of_one_page_looks_and_runs_no_further(project: Path) -> None:
    """A page's own problems are listed; another's are not, and its snippet is left alone."""
    (project / "docs/en/glossary.md").write_text("# 7 words\n")
    (project / "snippets/index/other.py").write_text("# %% a\n1 / 0\n")
    for name in ("index", "index.md", "../en/index.md", str(project / "docs/zh/index.md")):
        good = call("check", name)
        assert good.exit_code == 0 and "index.md: all holds" in good.stdout, good.stdout
    bad = call("check", "glossary")
    assert bad.exit_code == 1 and "docs/en/glossary.md:1: " in bad.stdout
    assert "index" not in bad.stdout
    wrong = call("check", "glosary")
    assert wrong.exit_code == 1 and "no page 'glosary'" in wrong.output and "fix:" in wrong.output


def test_outside_a_project_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a mkdocs.yml above, no command does anything."""
    monkeypatch.chdir(tmp_path)
    for arguments in (["run"], ["check"], ["new", "first/page"]):
        result = call(*arguments)
        assert (
            result.exit_code == 1 and "no mkdocs.yml" in result.output and "fix:" in result.output
        )


def test_a_new_page_holds_but_for_its_draft_mark(project: Path) -> None:
    """What `new` writes passes every check as it is, once the mark is gone; its test passes too."""
    assert call("new", "quantization/block-scales").exit_code == 0
    checked = call("check")
    assert checked.exit_code == 1 and "2 problems" in checked.stdout
    assert checked.stdout.count("block-scales.md:2: this page is a draft") == 2
    for language in ("zh", "en"):
        path = project / "docs" / language / "quantization" / "block-scales.md"
        path.write_text(path.read_text(encoding="utf-8").replace("draft: true\n", ""))
    assert call("check").stdout == "all 6 pages, 2 snippets hold\n"
    made = "tests/snippets/quantization/test_block_scales.py"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", made]
    done = subprocess.run(command, cwd=project, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout.decode()


def test_a_new_page_stands_in_both_navigations(project: Path) -> None:
    """Only lines are added: below its chapter, or a new chapter above what stays last."""
    call("new", "first/three")
    call("new", "quantization/block-scales")
    for file, section in (("mkdocs.yml", "量化"), ("mkdocs.en.yml", "Quantization")):
        text = (project / file).read_text(encoding="utf-8")
        added = [line for line in difflib.ndiff(CONFIG.splitlines(), text.splitlines())]
        assert not [line for line in added if line.startswith("-")]
        plain = re.sub(r"!!python/name:\S+", "tag", text)
        assert yaml.safe_load(plain)["nav"] == [
            "index.md",
            {"First": ["first/one.md", {"Two": "first/two.md"}, "first/three.md"]},
            {section: ["quantization/block-scales.md"]},
            "glossary.md",
            "ledger.md",
        ]
        assert yaml.safe_load(plain)["extra"] == {"key": "value"}


def test_new_overwrites_nothing(project: Path) -> None:
    """If any of its files is there, none is written."""
    path = project / "snippets/first/three.py"
    path.parent.mkdir()
    path.write_text("mine")
    result = call("new", "first/three")
    assert result.exit_code == 1 and "snippets/first/three.py is there already" in result.output
    assert path.read_text() == "mine"
    assert not (project / "docs/zh/first").exists()
    assert (project / "mkdocs.yml").read_text() == CONFIG


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("Quantization/Block_Scales", "write quantization/block-scales"),
        ("quantization", "choose two such names"),
        ("a/b/c", "choose two such names"),
        ("../etc/passwd", "write"),
        ("numbers/8bit", "choose two such names"),
        ("numbers/class", "class-basics"),
        ("facts/page", "facts-basics"),
        ("numbers/-x", "choose two such names"),
    ],
)
def test_invalid_names_get_rule_value_and_fix(name: str, fix: str) -> None:
    """A name that is no pair of slugs is refused with what to write instead."""
    with pytest.raises(ValueError, match="fix: ") as caught:
        starter.parse(name)
    message = str(caught.value)
    assert fix in message
    assert repr(name) in message or "means something else" in message


def test_a_navigation_without_its_block_is_refused(project: Path) -> None:
    """Without a `nav:` block there is no place for the page, and nothing is written."""
    (project / "mkdocs.en.yml").write_text("site_name: Tiny\n")
    result = call("new", "first/three")
    assert result.exit_code == 1 and "mkdocs.en.yml has no `nav:` block" in result.output
    assert not (project / "docs/zh/first").exists()
