"""A typed figure is refused wherever it stands; words and names are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from explainer.site import figures, lint, source
from explainer.site.errors import Problem

FIGURES = [
    "671", "６７１", "10²", "½", "①", "Ⅷ", "3.14%", "10,000",
    "四百零五亿", "六千七百一十亿", "七十亿", "两亿",
    "百分之三", "百分之九十九点五", "三分之一", "一九八四", "二〇二四",
    "三点一四", "一百二十八", "二十一", "一万亿",
    "six hundred seventy-one billion", "ninety-nine percent", "Ten percent", "seven billion",
    "three point one four", "two thirds", "one-third", "nineteen eighty-four",
    "one hundred and five", "sixty-four", "one two three",
]  # fmt: skip
WORDS = [
    "两个", "三层", "一句话", "十二个", "千万", "万一", "十分", "一百多", "千万一定要",
    "这三点一定", "两点一样", "一点一点",
    "一五一十", "成千上万", "十亿", "百亿", "万亿", "唯一", "九成", "二进制", "一千", "第一",
    "FP32", "GPT-2", "Q4_1", "H100", "Llama-3.1-8B", "模型FP32和BF16", "float8_e4m3fn",
    "three layers", "two", "one of a hundred", "a billion", "two hundred", "a third",
    "one in a million", "between five and six hundred", "twenty one-line functions",
    "one third party", "one-to-one", "one by one", "two and three",
]  # fmt: skip


def project(root: Path, text: str, allowed: str = "", glossary: str = "") -> Path:
    """Write a project with one English page."""
    folder = root / "docs" / "en"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "a.md").write_text(text, encoding="utf-8")
    (root / "docs" / "allowed.toml").write_text(allowed, encoding="utf-8")
    (root / "docs" / "glossary.toml").write_text(glossary, encoding="utf-8")
    return root


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_is_found_whole(figure: str) -> None:
    """Figures in every script are found, from their first sign to their last."""
    for text in (figure, f"共 {figure} 个", f"It has {figure}, at least."):
        assert [found.text for found in figures.find(text)] == [figure]


@pytest.mark.parametrize("words", WORDS)
def test_words_and_names_are_no_figures(words: str) -> None:
    """Counting at a glance, idioms and names with digits stay."""
    for text in (words, f"有{words}。", f"There: {words}."):
        assert figures.find(text) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("It has 671 B.", 1),
        ("a\n\n| x | 671 |\n|---|---|\n| a | b |", 3),
        ("# Title\n\n## The 671 {#the}", 3),
        ("![about 671](a.svg)", 1),
        ('![about](a.svg "671")', 1),
        ("[all 671](b.md)", 1),
        ('[all](b.md "671")', 1),
        ("---\ntitle: All 671\n---\n", 2),
        ("---\ntitle: All\ndescription: |\n  all\n  671\n---\n", 5),
        ('!!! note "all 671"\n\n    text', 1),
        ('=== "all 671"\n\n    text', 1),
        ("!!! note\n\n    all 671", 3),
        ("- item\n\n    all 671", 3),
        ("> all 671", 1),
        ("```table\nid: a\nrows: b.c\ncaption: all 671\n```", 4),
        ('```table\nid: a\ncolumns:\n  layer: "{{ row.x }} of 671"\n```', 4),
        ('```chart\nid: a\nmarks:\n- {kind: line, label: "all 671"}\n```', 4),
        ('```python exec="on" snippet="a" title="all 671"\n```', 1),
        ('<img src="a1.png" alt="all 671">', 1),
        ("<p>all 671</p>", 1),
        ("all &#54;", 1),
        ("all &half;", 1),
        ("all **671**", 1),
        ("intro\n671. not a list", 2),
    ],
)
def test_a_typed_figure_is_refused_wherever_it_stands(tmp_path: Path, text: str, line: int) -> None:
    """Each place that a reader sees is read; the message has line, figure, context and fix."""
    root = project(tmp_path, text)
    problems = lint.check(root)
    assert [(problem.path, problem.line) for problem in problems] == [("docs/en/a.md", line)]
    assert any(figure in problems[0].message for figure in ("'671'", "'6'", "'½'"))
    assert "{{ snippet.value }}" in problems[0].fix
    assert "docs/allowed.toml with a reason" in problems[0].fix
    mended = text.replace("671. not", "Not").replace("671", "{{ x.y }}")
    project(tmp_path, mended.replace("&#54;", "many").replace("&half;", "half"))
    assert lint.check(root) == []


@pytest.mark.parametrize(
    "text",
    [
        "`671` and ``x 671``", "$x^{671}$ and \\(671\\)", "$$\n671\n$$", "```text\n671\n```",
        "1. one\n2. two\n\n    more\n\n3. three", "[x](a671.md#b1)", "https://a.b/671",
        "<!-- 671 -->", "<!--\n671\n\n671 -->", "<x-y data-n='671'></x-y>", "{{ a.b[671]:.2f }}",
        "{{ assert a.b > 671 }}", "## H {#h-671}", "note[^1]\n\n[^1]: text",
        "```chart\nid: a\nheight: 671\nx: {min: 671}\n```", "---\nweight: 671\n---\n",
        "<script>\nlet a = 671;\n\nlet b = 671;\n</script>",
    ],
)  # fmt: skip
def test_code_math_and_markup_are_not_read(tmp_path: Path, text: str) -> None:
    """Definitions, addresses, markers and expressions hold digits by right."""
    assert lint.check(project(tmp_path, text)) == []


def test_the_message_is_one_to_act_on(tmp_path: Path) -> None:
    """The refusal prints file, line, figure, its surroundings and both ways out."""
    (problem,) = lint.check(project(tmp_path, "# T\n\nA model of 671 B parameters, or so it says."))
    assert str(problem) == (
        "docs/en/a.md:3: the figure '671' is typed: “A model of 671 B parameters, or…”\n"
        "  fix: quote it, `{{ snippet.value }}`, or add it to docs/allowed.toml with a reason"
    )


@pytest.mark.parametrize(
    "entry",
    [
        'text = "Llama 3.1"',
        "pattern = 'Llama [0-9.]+'",
        'text = "Llama 3.1"\npages = "en/a.md"',
        'text = "Llama 3.1"\npages = "a*"',
    ],
)
def test_an_exception_with_a_reason_is_allowed(tmp_path: Path, entry: str) -> None:
    """A figure inside what an entry names may stay, and only there."""
    allowed = f'[[allow]]\n{entry}\nreason = "a name"\n'
    root = project(tmp_path, "Use Llama 3.1 today.", allowed)
    assert lint.check(root) == []
    project(tmp_path, "Use Llama 3.1 or 3.1.", allowed)
    assert [problem.line for problem in lint.check(root)] == [1]


@pytest.mark.parametrize(
    ("entry", "said", "fix"),
    [
        ('text = "3.1"', "'3.1' gives no reason", "add `reason"),
        ('text = "3.1"\nreason = " "', "'3.1' gives no reason", "add `reason"),
        ('text = "3.2"\nreason = "r"', "'3.2' matches no figure any more", "take the entry out"),
        ('text = "3.1"\npages = "b.md"\nreason = "r"', "matches no figure any more", "take"),
        ("pattern = '['\nreason = 'r'", "no regular expression", "mend"),
        ("pattern = '.*'\nreason = 'r'", "matches everything", "name what may stay"),
        ('text = "a"\npattern = "b"\nreason = "r"', "exactly one of", "write"),
        ('text = "a"\nwhy = "r"', "unknown key `why`", "reason"),
    ],
)
def test_a_bad_exception_is_itself_refused(tmp_path: Path, entry: str, said: str, fix: str) -> None:
    """An entry without reason, or of no use any more, is named with its line."""
    root = project(tmp_path, "Use Llama 3.1 today.", f"# list\n\n[[allow]]\n{entry}\n")
    problems = [problem for problem in lint.check(root) if problem.path == "docs/allowed.toml"]
    assert [problem.line for problem in problems] == [3]
    assert said in problems[0].message
    assert fix in problems[0].fix


def test_data_elements_are_not_typed(tmp_path: Path) -> None:
    """A `<data>` written by hand is refused: only the build makes them."""
    root = project(tmp_path, 'a\n\n<data value="x">many</data>')
    (problem,) = lint.check(root)
    assert (problem.line, problem.path) == (3, "docs/en/a.md")
    assert "`<data>`" in problem.message
    assert lint.check(project(tmp_path, "a")) == []


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """Problems of reading a page are among the lint's."""
    (problem,) = lint.check(project(tmp_path, "a {{ b. }}"))
    assert "cannot be read" in problem.message


def test_the_glossary_is_read_too(tmp_path: Path) -> None:
    """A definition with a figure is refused at its term."""
    toml = (
        '[groups]\nw = {zh="词", en="W"}\n[terms.byte]\ngroup="w"\nzh="字节"\nen="byte"\n'
        'definition.zh="`8` 位"\ndefinition.en="8 bits"\n'
    )
    (problem,) = lint.check(project(tmp_path, "a", glossary=toml))
    assert (problem.path, problem.line) == ("docs/glossary.toml", 3)
    assert "'8'" in problem.message


def test_this_repository_has_no_typed_figure() -> None:
    """What is published here follows the rule, the glossary included."""
    root = Path(__file__).parents[2]
    problems: list[Problem] = lint.check(root, source.load(root))
    assert [str(problem) for problem in problems] == []
