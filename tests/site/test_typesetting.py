"""Lines end where a reader would end them, and columns of figures stand as columns."""

from __future__ import annotations

import re

import pytest

from explainer.site.typesetting import aligned, breakable, held

TITLE = "一个词元怎么知道该看谁？"
NUMBER = '<data class="n" value="16">16</data>'


def table(*rows: str) -> str:
    """Return rows, each "name|cell|cell", as a table whose first cell names the row."""
    cells = [row.split("|") for row in rows]
    body = "".join(
        f'<tr><th scope="row">{name}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>'
        for name, *rest in cells
    )
    head = "".join('<th scope="col">x</th>' for _ in cells[0])
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def numbers(html: str) -> list[list[bool]]:
    """Return for each row which of its cells are marked as figures."""
    rows = re.findall(r"<tr>(.*?)</tr>", html)
    return [["number" in cell for cell in re.findall(r"<t[hd][^>]*>", row)] for row in rows]


def test_a_title_keeps_its_letters_and_its_terms() -> None:
    """Only marks are added, and none stands inside a term of the glossary."""
    marked = breakable(TITLE, ("词元",))
    assert marked.replace("<wbr>", "") == TITLE
    assert "词元" in marked and "<wbr>词元<wbr>" in marked


def test_tags_and_latin_in_a_title_stay() -> None:
    """Elements of a title are left as they are, and no mark stands beside Latin or punctuation."""
    title = f"Llama 的参数，大半在{NUMBER}个专家里"
    marked = breakable(title)
    assert marked.replace("<wbr>", "") == title
    assert not re.search(r"<wbr>[^一-鿿]|[^一-鿿]<wbr>", marked)


@pytest.mark.parametrize(
    "text",
    ["GPT-3", "Llama-3.1-8B", f"({NUMBER}, {NUMBER})", f"{NUMBER} GB", f"{NUMBER}\u2009个"],
)
def test_what_belongs_together_is_held(text: str) -> None:
    """Names with a figure, pairs, and numbers with their units are held, the text unchanged."""
    found = held(f"x {text}, y")
    assert f'<span class="held">{text}</span>' in found
    assert re.sub(r"</?span[^>]*>", "", found) == f"x {text}, y"


@pytest.mark.parametrize(
    "text",
    [
        "well-known",
        "a-b",
        f"{NUMBER} rows",
        '<a href="GPT-3">x</a>',
        '<template class="receipts">{"3":"GPT-3"}</template>',
    ],
)
def test_what_may_part_is_not_held(text: str) -> None:
    """Words with hyphens, words after a number, attributes and receipts are left alone."""
    assert held(text) == text


def test_a_column_of_figures_is_marked_as_one() -> None:
    """Units, intervals, infinities and dashes belong to the column; its heading is marked too."""
    found = table("a|1.5|0.9 GB|0.2 ± 0.1|64", "b|inf|1.8 GB|0.3 ± 0.2|–", "c|nan|12 GB|1 ± 0|8")
    assert numbers(aligned(found)) == [[False, True, True, True, True]] * 4


def test_a_column_of_words_is_not_marked() -> None:
    """A figure among words stays with the words, and names of rows are names."""
    found = table("1|up to 70|12", "2|fixed|VD")
    assert numbers(aligned(found)) == [[False] * 3] * 3


def test_marks_of_single_cells_give_way_to_the_column() -> None:
    """A cell that was marked in a column of words is marked no longer."""
    found = table("a|1", "b|word").replace("<td>1", '<td class="number">1')
    assert "number" not in aligned(found)


def test_merged_cells_are_left_alone() -> None:
    """Where cells span columns there are none to count."""
    found = table("a|1", "b|2").replace("<td>1", '<td colspan="2">1')
    assert aligned(found) == found
