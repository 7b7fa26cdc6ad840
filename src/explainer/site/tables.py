"""Tables of named values: the same rows in both languages, headers from the glossary."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from explainer.site.inline import fill, plain, term
from explainer.site.values import QuoteError

if TYPE_CHECKING:
    from explainer.site.extension import Quoting

KEYS = {"id", "rows", "columns", "caption"}


def table(spec: dict[str, Any], state: Quoting) -> str:
    """Return a table fence as HTML.

    Args:
        spec: `id`, `rows` (an expression that gives a list), `columns` (glossary id to template,
            in which `row` is one of the rows) and, if wanted, `caption`.
        state: The page's quoting.

    Raises:
        Refusal: If a key is unknown or lacking, `rows` gives no list, or a cell is refused.
    """
    for key in ("id", "rows", "columns"):
        if not spec.get(key):
            raise state.refuse(f"a table has no `{key}`", "give id, rows and columns", "```table")
    if unknown := sorted(set(spec) - KEYS):
        raise state.refuse(
            f"table {spec['id']} has an unknown key `{unknown[0]}`",
            f"the keys are {', '.join(sorted(KEYS))}",
            unknown[0],
        )
    caption = fill(state, str(spec.get("caption", "")))
    shown = f"<figcaption>{caption}</figcaption>" if caption else ""
    joint = "、" if state.page.language == "zh" else ", "
    label = plain(caption) or joint.join(term(state, str(id)) for id in spec["columns"])
    drawn = grid(spec, state, label=label)
    return f'<figure class="table" id="{escape(str(spec["id"]))}">{drawn}{shown}</figure>'


def grid(spec: dict[str, Any], state: Quoting, *, label: str) -> str:
    """Return the rows and columns of a table or of a widget's twin, in something that scrolls.

    Args:
        spec: `id`, `rows` and `columns`, as in `table`.
        state: The page's quoting.
        label: What the table is called where it cannot be seen.

    Raises:
        Refusal: If `rows` gives no list, or a cell is refused.
    """
    try:
        quoted = state.page.scope.evaluate(str(spec["rows"]))
    except QuoteError as error:
        raise state.refuse(error.message, error.fix, str(spec["rows"])) from error
    rows = quoted.value
    if not isinstance(rows, list | tuple) or not rows:
        raise state.refuse(
            f"{spec['id']}: rows ({spec['rows']}) is no list, or empty",
            "name a list of dataclasses or dicts of a snippet",
            f"id: {spec['id']}",
        )
    head = "".join(_header(state, str(id)) for id in spec["columns"])
    body = "".join(
        _row(state, spec["columns"], row, (f"{spec['rows']}[{i}]", quoted.sources, quoted.kind))
        for i, row in enumerate(rows)
    )
    return (
        f'<div class="table-scroll" tabindex="0" role="region" aria-label="{escape(label)}"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _header(state: Quoting, id: str) -> str:
    name, found = term(state, id, f"{id}:"), state.page.glossary.get(id)
    link = state.page.url("glossary/") + f"#{found.id if found else id}"
    return f'<th scope="col"><a href="{escape(link)}">{escape(name)}</a></th>'


def _row(state: Quoting, columns: dict[str, str], row: Any, of: Any) -> str:
    cells = []
    for number, template in enumerate(columns.values()):
        shown = fill(state, str(template), {"row": row}, of)
        cells.append(f'<th scope="row">{shown}</th>' if number == 0 else f"<td>{shown}</td>")
    return f"<tr>{''.join(cells)}</tr>"
