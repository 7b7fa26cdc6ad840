"""The ledger: every number of a site in one place, for readers and for machines."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape
from itertools import groupby

from explainer.facts import Fact
from explainer.facts import load as load_facts
from explainer.site.numerals import format_value
from explainer.site.provenance import versions
from explainer.site.runs import Run

KINDS = ("computed", "measured", "cited", "claim")
# Each number is found where it stands; Material takes the attribute away again.
_UNSEARCHED = 'data-search-exclude="true"'
# Pages are ours, with each attribute in quotes: to parse them whole takes twenty times as long.
_NUMBER = re.compile(
    r'<data(?P<attributes>(?:\s+[\w-]+(?:="[^"]*")?)*)\s*>(?P<text>.*?)</data>', re.DOTALL
)
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_TAG = re.compile(r"<[^>]*>")
_COLUMNS = ("shown", "value", "kind", "expression", "source")
# What theme/assets/ledger.js calls its filter.
_LABELS = (
    *("page", "kind", "snippet", "search", "sort", "all", "reading", "rising", "falling"),
    *("alphabet", "shownRows", "reset", "colon"),
)
_WORDS = {
    "zh": {
        "shown": "页面上写作",
        "value": "完整的值",
        "kind": "种类",
        "expression": "表达式",
        "source": "出处",
        "computed": "计算",
        "measured": "实测",
        "cited": "引用",
        "claim": "核对过的话",
        "colon": "：",
        "holds": "成立",
        "runs": "代码在哪里运行",
        "snippet": "代码片段",
        "device": "计算设备",
        "versions": "版本",
        "none": "本站还没有引用任何数字。",
        "csv": "下载全部（CSV）",
        "page": "页面",
        "search": "查找",
        "sort": "排序",
        "all": "全部",
        "reading": "按页面",
        "rising": "从小到大",
        "falling": "从大到小",
        "alphabet": "按表达式",
        "shownRows": "列出",
        "reset": "复原",
    },
    "en": {
        "shown": "As shown",
        "value": "In full",
        "kind": "Kind",
        "expression": "Expression",
        "source": "Source",
        "computed": "computed",
        "measured": "measured",
        "cited": "cited",
        "claim": "checked claim",
        "colon": ": ",
        "holds": "holds",
        "runs": "Where the snippets ran",
        "snippet": "Snippet",
        "device": "Computed on",
        "versions": "Versions",
        "none": "No page quotes a number yet.",
        "csv": "Download all (CSV)",
        "page": "Page",
        "search": "Find",
        "sort": "Order",
        "all": "all",
        "reading": "by page",
        "rising": "smallest first",
        "falling": "largest first",
        "alphabet": "by expression",
        "shownRows": "Listed",
        "reset": "Reset",
    },
}


@dataclass(frozen=True)
class Row:
    """One number of a page, or one claim that was checked.

    Args:
        page: The page, "parameters/counting.md".
        url: Its address below its language's root.
        title: Its title.
        language: "zh" or "en".
        value: The value in full, as a machine reads it.
        text: What the reader sees; empty for a claim.
        kind: "computed", "measured", "cited" or "claim".
        expression: What the page quotes.
        format: How it is written, empty for the plain form.
        snippet: File that it comes from.
        line: Line of that file.
        run: Id of the run, "parameters/line", or of the fact, "facts.h100.bandwidth".
        measured: Whether it may differ from run to run.
    """

    page: str
    url: str
    title: str
    language: str
    value: str
    text: str
    kind: str
    expression: str
    format: str
    snippet: str
    line: int
    run: str
    measured: bool


def collect(html: str, *, page: str, url: str, title: str, language: str) -> list[Row]:
    """Return the numbers and claims of a rendered page, in the order of the page.

    Args:
        html: The page.
        page: Its path below `docs/<language>`.
        url: Its address below its language's root.
        title: Its title.
        language: "zh" or "en".
    """
    rows = []
    for found in _NUMBER.finditer(html):
        given = {name: unescape(value) for name, value in _ATTRIBUTE.findall(found["attributes"])}
        if given.get("class") in ("n", "guard"):
            text = unescape(_TAG.sub("", found["text"]))
            rows.append(_row(given, text, page=page, url=url, title=title, language=language))
    return rows


def _row(
    given: Mapping[str, str], text: str, *, page: str, url: str, title: str, language: str
) -> Row:
    snippet, _, line = given.get("data-source", "").rpartition(":")
    kind = given.get("data-kind", "computed")
    return Row(
        page=page,
        url=url,
        title=title,
        language=language,
        value=given.get("value", ""),
        text=text,
        kind="claim" if given["class"] == "guard" else kind,
        expression=given.get("data-expr", ""),
        format=given.get("data-format", ""),
        snippet=snippet,
        line=int(line or 0),
        run=given.get("data-run", ""),
        measured=kind == "measured",
    )


def render(rows: Sequence[Row], language: str, *, base: str, runs: Mapping[str, Run]) -> str:
    """Return the ledger as HTML: counts by kind, a table a page, and where the snippets ran.

    Args:
        rows: All numbers of the site's pages.
        language: "zh" or "en".
        base: Address of the language's root as seen from the ledger's page, "../".
        runs: Runs by snippet id.
    """
    words = _WORDS[language]
    if not rows:
        return f'<div class="ledger"><p>{words["none"]}</p></div>'
    facts = load_facts()
    file = f'<a href="{escape(base)}ledger.csv" download="">{words["csv"]}</a>'
    parts = [_counts(rows, words, language), f'<p class="ledger-csv">{file}</p>']
    for (page, url, title), group in groupby(rows, key=lambda row: (row.page, row.url, row.title)):
        anchor = "of-" + page.removesuffix(".md").replace("/", "-")
        body = "".join(_table_row(row, words, base, runs, facts) for row in group)
        link = f'<a href="{escape(base + url)}">{escape(title)}</a>'
        parts.append(f'<h3 id="{escape(anchor)}" {_UNSEARCHED}>{link}</h3>')
        parts.append(_table([words[column] for column in _COLUMNS], body, title))
    used = {row.run: runs[row.run] for row in rows if row.run in runs}
    if used:
        body = "".join(_run_row(id, run, base) for id, run in sorted(used.items()))
        head = [words[name] for name in ("snippet", "device", "versions")]
        parts.append(f'<h3 id="of-runs" {_UNSEARCHED}>{words["runs"]}</h3>')
        parts.append(_table(head, body, words["runs"]))
    labels = {name: words[name] for name in (*_LABELS, *KINDS)}
    said = escape(json.dumps(labels, ensure_ascii=False, sort_keys=True))
    return f'<div class="ledger" data-labels="{said}">{"".join(parts)}</div>'


def _counts(rows: Sequence[Row], words: Mapping[str, str], language: str) -> str:
    counted = Counter(row.kind for row in rows)
    items = "".join(
        f'<li>{words[kind]}{words["colon"]}<data class="n" value="{counted[kind]}" '
        f'data-kind="computed" data-expr="ledger.{kind}">'
        f"{format_value(counted[kind], '', language)}</data></li>"
        for kind in KINDS
    )
    return f'<ul class="ledger-counts">{items}</ul>'


def _table(head: Sequence[str], body: str, label: str) -> str:
    cells = "".join(f'<th scope="col">{name}</th>' for name in head)
    return (
        f'<div class="table-scroll" tabindex="0" role="region" aria-label="{escape(label)}"><table>'
        f"<thead><tr>{cells}</tr></thead><tbody {_UNSEARCHED}>{body}</tbody></table></div>"
    )


def _table_row(
    row: Row,
    words: Mapping[str, str],
    base: str,
    runs: Mapping[str, Run],
    facts: Mapping[str, Fact],
) -> str:
    shown = words["holds"] if row.kind == "claim" else row.text
    quote = row.expression + (f":{row.format}" if row.format else "")
    measured = ' data-kind="measured"' if row.measured else ""
    return (
        f'<tr{measured}><th scope="row" class="number">{escape(shown)}</th>'
        f'<td class="value">{escape(row.value)}</td><td>{words[row.kind]}</td>'
        f"<td><code>{escape(quote)}</code></td><td>{_source(row, base, runs, facts)}</td></tr>"
    )


def _source(row: Row, base: str, runs: Mapping[str, Run], facts: Mapping[str, Fact]) -> str:
    fact = facts.get(row.run.removeprefix("facts."))
    if fact is not None:
        return f'<a href="{escape(_address(fact.url))}">{escape(fact.title)}</a>, {fact.date}'
    place = f"{row.snippet.removeprefix('snippets/')}:{row.line}"
    if row.run in runs and not row.run.startswith("block/"):
        return f'<a href="{escape(base)}snippets/{escape(row.run)}/">{escape(place)}</a>'
    return escape(place)


def _address(url: str) -> str:
    for scheme, site in (("arXiv:", "https://arxiv.org/abs/"), ("doi:", "https://doi.org/")):
        if url.startswith(scheme):
            return site + url.removeprefix(scheme)
    return url


def _run_row(id: str, run: Run, base: str) -> str:
    shown = ", ".join(f"{name} {version}" for name, version in versions(run).items())
    name = escape(id)
    if not id.startswith("block/"):
        name = f'<a href="{escape(base)}snippets/{name}/">{name}</a>'
    return (
        f'<tr><th scope="row">{name}</th><td>{escape(run.device)}</td><td>{escape(shown)}</td></tr>'
    )
