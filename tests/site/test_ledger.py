"""The ledger: every number of a site, for readers and for machines."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import pytest

from explainer.site import ledger, ledger_files
from explainer.site.runs import Run

# As a page has it, written out by hand from the HTML contract.
PAGE = """
<h1>Counting</h1>
<p>The slope is <data class="n" value="2.0" data-kind="computed" data-expr="line.slope"
data-format=".2f" data-source="snippets/parameters/line.py:12" data-run="parameters/line"
>2.00</data>,
found in <data class="n" value="0.25" data-kind="measured" data-expr="line.seconds &lt; 1"
data-format=".2f" data-source="snippets/parameters/line.py:14" data-run="parameters/line"
>0.25</data>
s.<data class="guard" hidden="hidden" value="true" data-kind="measured"
data-expr="line.seconds &lt; 1" data-source="snippets/parameters/line.py:14"
data-run="parameters/line"></data> A sheet has <data class="n" value="1048576" data-kind="cited"
data-expr="facts.spreadsheet.rows" data-source="src/explainer/facts.toml:4"
data-run="facts.spreadsheet.rows">1,048,576</data> rows &amp;
<data value="9">no number of ours</data>.</p>
"""
RUN = Run(
    id="parameters/line",
    key="k",
    outputs={},
    seconds=1.0,
    cpu_seconds=1.0,
    device="cpu · Test <processor>",
    versions={"jax": "0.10.2"},
    finished="2026-11-22T02:00:00Z",
    imports=(),
    stored={},
)


def rows_of(html: str, page: str = "parameters/counting.md") -> list[ledger.Row]:
    """Collect from a page under one address."""
    url = page.removesuffix(".md") + "/"
    return ledger.collect(html, page=page, url=url, title="Counting & more", language="en")


def test_collect_reads_every_number_and_claim() -> None:
    """Each number and each guard of a page is a row; other `<data>` elements are none."""
    slope, seconds, claim, cited = rows_of(PAGE)
    assert slope == ledger.Row(
        page="parameters/counting.md",
        url="parameters/counting/",
        title="Counting & more",
        language="en",
        value="2.0",
        text="2.00",
        kind="computed",
        expression="line.slope",
        format=".2f",
        snippet="snippets/parameters/line.py",
        line=12,
        run="parameters/line",
        measured=False,
    )
    assert (seconds.kind, seconds.expression) == ("measured", "line.seconds < 1")
    assert (claim.kind, claim.value, claim.text, claim.measured) == ("claim", "true", "", True)
    assert (cited.kind, cited.run, cited.text) == ("cited", "facts.spreadsheet.rows", "1,048,576")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_page_is_a_table_of_all_rows(language: str) -> None:
    """The page is well-formed, has a row a number, and marks what was measured."""
    html = ledger.render(rows_of(PAGE), language, base="../", runs={RUN.id: RUN})
    root = ElementTree.fromstring(html)
    numbers, machines = root.findall(".//table")
    lines = [
        ["".join(cell.itertext()) for cell in line.findall("*")]
        for line in numbers.findall("./tbody/tr")
    ]
    assert [line[:2] for line in lines] == [
        ["2.00", "2.0"],
        ["0.25", "0.25"],
        [{"zh": "成立", "en": "holds"}[language], "true"],
        ["1,048,576", "1048576"],
    ]
    assert lines[0][3:] == ["line.slope:.2f", "parameters/line.py:12"]
    assert lines[3][4].startswith("Excel specifications")
    marks = [line.get("data-kind") for line in numbers.findall("./tbody/tr")]
    assert marks == [None, "measured", "measured", None]
    assert [heading.get("href") for heading in root.findall(".//h3/a")] == [
        "../parameters/counting/"
    ]
    (machine,) = machines.findall("./tbody/tr")
    assert "cpu · Test <processor>" in "".join(machine.itertext())
    assert RUN.finished not in html  # it differs from build to build


def test_counts_by_kind_stand_at_the_top() -> None:
    """The counts are the numbers of rows of each kind."""
    html = ledger.render(rows_of(PAGE) * 700, "en", base="../", runs={RUN.id: RUN})
    counts = dict(re.findall(r'data-expr="ledger\.(\w+)">([\d,]+)<', html))
    assert counts == {"computed": "700", "measured": "700", "cited": "700", "claim": "700"}


def test_both_languages_have_the_same_words() -> None:
    """No word is lacking in a language, and a site without numbers says so."""
    assert ledger._WORDS["zh"].keys() == ledger._WORDS["en"].keys()
    for language in ("zh", "en"):
        assert ledger._WORDS[language]["none"] in ledger.render([], language, base="", runs={})


def test_a_large_ledger_stays_light() -> None:
    """Two thousand different numbers weigh less than 250 KB, compressed."""
    template = PAGE.splitlines()[2:5]
    rows = []
    for page in range(50):
        html = "".join(
            "\n".join(template)
            .replace("line.slope", f"line.rows[{page * page + number}]['slope']")
            .replace(">2.00", f">{(page * 97 + number) ** 3 % 10007 / 7:.2f}")
            .replace('value="2.0"', f'value="{(page * 97 + number) ** 3 % 10007 / 7!r}"')
            for number in range(40)
        )
        rows += rows_of(html, f"chapter/page-{page}.md")
    assert len(rows) == 2000
    page_html = ledger.render(rows, "zh", base="../", runs={RUN.id: RUN})
    assert len(gzip.compress(page_html.encode(), 6)) < 250_000


def test_json_is_complete_sorted_and_stable() -> None:
    """numbers.json holds all rows by page, and only the runs and facts that they name."""
    later, sooner = rows_of(PAGE, "b.md"), rows_of(PAGE, "a.md")
    other = Run(**{**RUN.__dict__, "id": "a/unused"})
    text = ledger_files.to_json(later + sooner, {"a/unused": other, RUN.id: RUN})
    found = json.loads(text)
    assert [number["page"] for number in found["numbers"]] == ["a.md"] * 4 + ["b.md"] * 4
    assert [number["value"] for number in found["numbers"][:4]] == [
        "2.0",
        "0.25",
        "true",
        "1048576",
    ]
    assert list(found["runs"]) == ["parameters/line"]
    assert found["runs"]["parameters/line"]["device"] == "cpu · Test <processor>"
    assert found["runs"]["parameters/line"]["versions"]["jax"] == "0.10.2"
    assert found["facts"]["facts.spreadsheet.rows"]["unit"] == "rows"
    assert ledger_files.to_json(sooner + later, {RUN.id: RUN, "a/unused": other}) == text


def test_csv_has_a_row_a_number_and_no_formula() -> None:
    """Read back by Python's own reader, ledger.csv holds every row, and nothing that computes."""
    rows = rows_of(PAGE.replace('data-expr="line.slope"', 'data-expr="-line.slope"'))
    rows[0] = replace(rows[0], value="-2.0", text="=1+1")
    found = list(csv.DictReader(io.StringIO(ledger_files.to_csv(rows))))
    assert [line["kind"] for line in found] == ["computed", "measured", "claim", "cited"]
    assert (found[0]["value"], found[0]["text"], found[0]["expression"]) == (
        "-2.0",
        "'=1+1",
        "'-line.slope",
    )
    assert (found[3]["text"], found[3]["value"], found[3]["line"]) == ("1,048,576", "1048576", "4")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_labels_of_the_filter_come_with_the_page(language: str) -> None:
    """The script finds each of its labels in the page, in its language, and the link to the CSV."""
    root = ElementTree.fromstring(ledger.render(rows_of(PAGE), language, base="../", runs={}))
    labels = json.loads(root.get("data-labels") or "")
    script = Path(ledger.__file__).with_name("theme") / "assets" / "ledger.js"
    asked = set(re.findall(r"labels\.(\w+)", script.read_text(encoding="utf-8")))
    assert asked and asked <= set(labels)
    assert all(labels[kind] == ledger._WORDS[language][kind] for kind in ledger.KINDS)
    assert [a.get("href") for a in root.findall(".//p[@class='ledger-csv']/a")] == ["../ledger.csv"]
