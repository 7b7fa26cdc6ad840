"""A real, tiny site: what is built, and each refusal seen to end the build."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html import unescape
from typing import Any

import pytest

from tests.site.tiny import PAGE, SNIPPET, Tiny

pytestmark = pytest.mark.site


def numbers(html: str) -> list[dict[str, str]]:
    """Return the attributes and text of each quoted number of a page."""
    found = []
    for match in re.finditer(r"<data ([^>]*)>([^<]*)</data>", html):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', match[1]))
        found.append({k: unescape(v) for k, v in attributes.items()} | {"text": match[2]})
    return found


def test_both_languages_quote_the_same_run(tiny: Tiny) -> None:
    """One command builds both languages, and both carry the same value with its provenance."""
    site = tiny.build()
    shown = [numbers((site / p).read_text())[0] for p in ("index.html", "en/index.html")]
    assert shown[0] == shown[1]
    assert shown[0] == {
        "class": "n",
        "value": "2.0",
        "data-kind": "computed",
        "data-expr": "line.slope",
        "data-format": ".1f",
        "data-source": "snippets/index/line.py:4",
        "data-run": "index/line",
        "text": "2.0",
    }


def test_code_and_output_stand_on_the_page(tiny: Tiny) -> None:
    """A quoted cell shows its source and what it printed."""
    html = (tiny.build() / "en" / "index.html").read_text()
    block = html.split('id="code-line-fit"')[1].split('id="code-line-use"')[0]
    text = unescape(re.sub(r"<[^>]*>", "", block))
    assert "slope = (3.0 - 1.0) / (2.0 - 1.0)" in text
    assert "slope 2.0" in text


def test_receipts_name_device_versions_and_lines(tiny: Tiny) -> None:
    """What a receipt shows stands in the page: device, versions, the line, the block to go to."""
    html = (tiny.build() / "en" / "index.html").read_text()
    found = re.search(r'<template class="receipts"[^>]*>(.*?)</template>', html)
    assert found
    run = json.loads(unescape(found[1]))["runs"]["index/line"]
    assert run["device"].startswith("cpu · ")
    assert run["versions"]["explainer"]
    assert "4" not in run["lines"]  # it stands in the block
    assert {"id": "code-line-fit", "start": 4, "end": 6} in run["blocks"]
    assert run["download"] == "snippets/index/line.py"


def test_title_has_the_same_id_in_both_languages(tiny: Tiny) -> None:
    """A title without an id of its own is reached by the same link in the other language."""
    for path in ("docs/zh/index.md", "docs/en/index.md"):
        tiny.write(path, tiny.read(path).replace(" {#line}", "", 1))
    site = tiny.build()
    for page in ("index.html", "en/index.html"):
        assert re.findall(r'<h1[^>]*id="([^"]*)"', (site / page).read_text()) == ["top"]


def test_downloads_are_there(tiny: Tiny) -> None:
    """The script, the notebook and its page are built for each language."""
    site = tiny.build()
    for root in (site, site / "en"):
        assert (root / "snippets/index/line.py").read_text() == SNIPPET
        assert json.loads((root / "snippets/index/line.ipynb").read_text())["nbformat"] == 4
        assert (root / "snippets/index/line/index.html").is_file()


def test_ledger_lists_every_number(tiny: Tiny) -> None:
    """numbers.json has a row for each number and guard of each page."""
    tiny.page("{{ assert line.slope > 1 }} It is {{ line.prediction:.0f }}.")
    site = tiny.build()
    for root in (site, site / "en"):
        rows = json.loads((root / "numbers.json").read_text())["numbers"]
        expressions = [row["expression"] for row in rows]
        assert {"line.slope", "line.slope > 1", "line.prediction"} <= set(expressions)


def test_rendering_executes_nothing(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    """A warm build starts no snippet and imports no JAX."""
    tiny.build()
    code = (
        "import sys\nsys.modules['jax'] = None  # whoever imports it fails, in each process\n"
        "from explainer.site import scheduler\n"
        "def execute(*_): raise SystemExit('a snippet was executed')\n"
        "scheduler.execute = execute\n"
        "from mkdocs.commands.build import build\nfrom mkdocs.config import load_config\n"
        f"build(load_config({str(tiny.root / 'mkdocs.yml')!r}))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]


def test_values_in_headings_links_alt_texts_and_tables(tiny: Tiny) -> None:
    """A number can stand wherever words can."""
    tiny.write("docs/zh/a.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    tiny.write("docs/en/a.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    tiny.page(
        "## Slope {{ line.slope:.1f }} {#two}\n\n[see {{ line.slope:.3f }}](#two)\n\n"
        "![slope {{ line.slope:.4f }}](a.svg)\n\n| a | b |\n| - | - |\n"
        "| x | {{ line.slope:.5f }} |\n"
    )
    html = (tiny.build() / "en" / "index.html").read_text()
    shown = [n["text"] for n in numbers(html)]
    assert {"2.0", "2.000", "2.00000"} <= set(shown)
    assert 'alt="slope 2.0000"' in html


def test_code_longer_than_the_column_is_wide(tiny: Tiny) -> None:
    """Each language has a column of its own; output counts as code does."""
    for signs in (67, 73, 74):
        tiny.page(f'```python exec="on"\nprint("-" * {signs})\n```\n')
    site = tiny.build()
    found = {}
    for folder in (site, site / "en"):
        html = (folder / "index.html").read_text(encoding="utf-8")
        blocks = re.findall(r'class="snippet( wide)?" id="[^"]*" data-snippet="block/', html)
        found[folder.name] = [bool(wide) for wide in blocks]
    assert found == {"site": [False, False, True], "en": [False, True, True]}


def test_table_of_named_values(tiny: Tiny) -> None:
    """A table fence gives a row for each item, headers from the glossary, provenance in cells."""
    spec = (
        "```table\nid: sizes\nrows: line.layers\ncolumns:\n"
        "  point: \"{{ row['name']:term }}\"\n  share: \"{{ row['size'] }}\"\n```"
    )
    tiny.page(spec)
    site = tiny.build()
    for language, root in (("点", site), ("point", site / "en")):
        html = (root / "index.html").read_text()
        table = html.split('<figure class="table" id="sizes">')[1].split("</figure>")[0]
        assert f">{language}</a></th>" in table
        cells = numbers(table)
        assert [c["text"] for c in cells] == ["3", "4"]
        assert cells[1]["data-expr"] == "line.layers[1]['size']"
        assert cells[1]["data-source"] == "snippets/index/line.py:10"


def test_figures_inside_strings_have_receipts_and_names_do_not(tiny: Tiny) -> None:
    """A shape written as text is a number all the same; GPT-2 is a name."""
    tiny.page(
        "```table\nid: sizes\nrows: line.layers\ncolumns:\n"
        "  point: \"{{ row['name'] + 'GPT-2' }}\"\n"
        "  share: \"{{ str(row['size']) + ' × 48' }}\"\n```"
    )
    html = (tiny.build() / "en" / "index.html").read_text()
    table = html.split('<figure class="table" id="sizes">')[1].split("</figure>")[0]
    assert [n["text"] for n in numbers(table)] == ["3 × 48", "4 × 48"]
    assert "pointGPT-2" in table


def test_code_without_a_name_runs_too(tiny: Tiny) -> None:
    """A block with a body of its own is executed once and shown with its output."""
    tiny.page('```python exec="on"\nprint(6 * 7)\n```')
    html = (tiny.build() / "en" / "index.html").read_text()
    assert "42" in unescape(re.sub(r"<[^>]*>", "", html))


REFUSED: dict[str, tuple[dict[str, Any], list[str]]] = {
    # what is broken: (files to write or text to add, what the message must say)
    "digit in prose": ({"add": "It has 671 parts."}, ["docs/en/index.md:", "671", "fix:"]),
    "digit in a table": ({"add": "| a | b |\n| - | - |\n| x | 7 |"}, ["docs/en/index.md:", "7"]),
    "digit in a heading": ({"add": "## Part 7 {#p}"}, ["docs/en/index.md:", "7"]),
    "digit in an alt text": ({"add": "![a 7](a.svg)"}, ["docs/en/index.md:", "7"]),
    "digit in a caption": (
        {
            "add": "```table\nid: t\nrows: line.layers\ncolumns:\n"
            '  point: "{{ row[\'name\'] }}"\ncaption: "All 7."\n```'
        },
        ["docs/en/index.md:16: ", "'7'", "All 7."],
    ),
    "digit in a chart's title": (
        {
            "add": '```chart\nid: c\ntitle: "Part 7"\ndescription: "A line."\nx: {term: point}\n'
            'y: {term: share}\nmarks:\n  - {kind: line, x: "[1, 2]", y: "[1, 2]", role: data}\n```'
        },
        ["docs/en/index.md:13: ", "'7'"],
    ),
    "digit in a title": ({"front": "title: Part 7"}, ["docs/en/index.md:2", "7"]),
    "digit in an admonition": ({"add": '!!! note "Part 7"\n\n    Text.'}, ["docs/en/index.md:"]),
    "digit in a link": ({"add": "[part 7](index.md)"}, ["docs/en/index.md:", "7"]),
    "full-width digits": ({"add": "It has ６７１ parts."}, ["docs/zh/index.md:", "６７１"]),
    "Chinese numerals": ({"zh": "有六千七百一十亿个。", "add": ""}, ["六千七百一十亿"]),
    "false guard": (
        {"add": "{{ assert line.slope > 3 }}"},
        ["docs/zh/index.md:", "line.slope > 3", "line.slope = 2.0"],
    ),
    "unknown name": ({"add": "{{ line.slop:.1f }}"}, ["docs/zh/index.md:", "slop", "slope"]),
    "unknown cell": (
        {"add": '```python exec="on" snippet="line#fitt"\n```'},
        ["docs/", "/index.md:", "fitt", "fit"],
    ),
    "failing expression": ({"add": "{{ line.slope / 0 :.1f }}"}, ["ZeroDivisionError"]),
    "NaN": (
        {"snippet": SNIPPET + "bad = float('nan')\n", "add": "{{ line.bad:.1f }}"},
        ["docs/zh/index.md:", "nan"],
    ),
    "infinity": (
        {"snippet": SNIPPET + "bad = float('inf')\n", "add": "{{ line.bad:.1f }}"},
        ["docs/zh/index.md:", "inf"],
    ),
    "float without a format": (
        {"add": "{{ line.slope }}"},
        [
            "docs/zh/index.md:",
            "a float (2.0) needs a format",
            "fix: write another format, `:.2f` say",
        ],
    ),
    "unknown fact": (
        {"add": "{{ facts.spreadsheet.row }}"},
        ["docs/zh/index.md:", "no fact 'spreadsheet.row'", "did you mean 'spreadsheet.rows'?"],
    ),
    "no Python": (
        {"snippet": SNIPPET + "x = = 1\n"},
        ["snippets/index/line.py:12", "not Python"],
    ),
    "no Python in a block": (
        {"add": '```python exec="on"\nx = = 1\n```'},
        ["docs/en/index.md:12: ", "not Python"],
    ),
    "code before the first cell": (
        {"snippet": "x = 1\n" + SNIPPET},
        ["snippets/index/line.py:1", "before the first cell", "# %% name"],
    ),
    "killed snippet": (
        {"snippet": SNIPPET + "import os\nos.kill(os.getpid(), 9)\n"},
        ["snippets/index/line.py", "signal SIGKILL", "python snippets/index/line.py"],
    ),
    "raising snippet": (
        {"snippet": SNIPPET + "worse = 1 / 0\n"},
        ["snippets/index/line.py:12", "ZeroDivisionError"],
    ),
    "endless snippet": (
        {"snippet": "# timeout: 1\n" + SNIPPET + "while True:\n    pass\n"},
        ["snippets/index/line.py:1: ", "longer than 1 s", "# timeout:"],
    ),
    "changed JAX setting": (
        {"snippet": SNIPPET + "import jax\njax.config.update('jax_enable_x64', True)\n"},
        ["snippets/index/line.py:13", "jax_enable_x64"],
    ),
    "missing translation": ({"write": {"docs/en/new.md": "# New {#new}\n"}}, ["docs/", "new.md"]),
    "heading in one language": (
        {"en": "## Part {#part}", "zh": "文字。"},
        ["part"],
    ),
    "heading without an id": ({"add": "## Part"}, ["docs/en/index.md:", "Part"]),
    "block in one language": (
        {"en": '```python exec="on"\nprint("a")\n```', "zh": "文字。"},
        ["docs/"],
    ),
    "value in one language": ({"en": "{{ line.prediction:.0f }}", "zh": "文字。"}, ["prediction"]),
    "another value in one language": (
        {"en": "{{ line.slope + 1 :.1f }}", "zh": "{{ line.slope + 2 :.1f }}"},
        ["docs/en/index.md:", "`{{ line.slope + 1 }}` stands once here", "not in docs/zh/index.md"],
    ),
    "draft": ({"front": "draft: true"}, ["docs/en/index.md:2", "draft", "make serve"]),
    "no YAML": ({"add": "```table\nid: [\n```"}, ["docs/en/index.md:", "not readable YAML"]),
    "unknown glossary term": (
        {"add": "```table\nid: t\nrows: line.layers\ncolumns:\n  pont: \"{{ row['name'] }}\"\n```"},
        ["docs/", "pont", "glossary"],
    ),
    "broken link": ({"add": "[there](nowhere.md)"}, ["docs/en/index.md:", "nowhere.md"]),
    "broken anchor": ({"add": "[there](#nowhere)"}, ["docs/en/index.md:", "nowhere"]),
    "unused snippet": (
        {"write": {"snippets/index/idle.py": "# %% a\nx = 1\n"}},
        ["snippets/index/idle.py"],
    ),
    "unused cell": (
        {"snippet": SNIPPET + "\n# %% idle\nidle = 1\n"},
        ["snippets/index/line.py:14", "idle"],
    ),
    "unquoted braces": ({"add": "<p>{{ line.slope:.1f }}</p>"}, ["docs/"]),
    "unknown option": (
        {"add": '```python exec="on" colour="red"\nprint("a")\n```'},
        ["colour", "options are"],
    ),
    "request to another host": (
        {"add": '<img src="https://example.org/a.png" alt="a">'},
        ["docs/en/index.md:", "example.org"],
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refusal_ends_the_build(tiny: Tiny, what: str) -> None:
    """Breaking one rule ends the build with a place, the value and a fix."""
    broken, said = REFUSED[what]
    if "snippet" in broken:
        tiny.write("snippets/index/line.py", broken["snippet"])
    for path, text in broken.get("write", {}).items():
        tiny.write(path, text)
    if "front" in broken:
        for language, text in PAGE.items():
            tiny.write(f"docs/{language}/index.md", f"---\n{broken['front']}\n---\n{text}")
    if added := broken.get("en", broken.get("add")):
        tiny.page(added, broken.get("zh"))
    elif "zh" in broken:
        tiny.page("Text.", broken["zh"])
    message = tiny.refusal()
    for part in said:
        assert part in message, message
    assert "fix:" in message
    assert "Traceback" not in message


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('[gpu.bandwidth]\nvalue = 3.35e12\nunit = "B/s"\n', 1, "gpu.bandwidth has no `title`"),
        ("# Devices\n[gpu]\nbandwidth = 3.35e12\n", 3, "gpu.bandwidth (=3350000000000.0) must be"),
        ("[gpu.bandwidth]\nvalue =\n", 2, "not TOML"),
    ],
)
def test_unsourced_fact_ends_the_build(
    tiny: Tiny, monkeypatch: pytest.MonkeyPatch, text: str, line: int, said: str
) -> None:
    """A fact that lacks its source is refused by itself, at its line, before anything runs."""
    monkeypatch.setattr("explainer.facts.PATH", tiny.write("facts.toml", text))
    message = tiny.refusal()
    assert f"src/explainer/facts.toml:{line}: " in message
    assert said in message and "fix:" in message and "1 problem;" in message
    assert not (tiny.root / ".explainer" / "runs").exists()


def test_command_line_exits_with_the_message(tiny: Tiny) -> None:
    """`mkdocs build` shows the refusal, without a traceback, and fails."""
    tiny.page("It has 671 parts.")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-f", str(tiny.root / "mkdocs.yml")],
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert "docs/en/index.md:" in said
    assert "Traceback" not in said
    assert not (tiny.root / "site" / "index.html").exists()
