"""A link that leads nowhere is refused, and so is a request to another host."""

from __future__ import annotations

from pathlib import Path

import pytest

from explainer.site import links

OTHER = """\
# Other {#top}

## Here {#here}

![fig](a.svg){#fig}

<div id="raw"></div>

```table
id: layers
```

```python exec="on" snippet="line#fit"
```

```python exec="on" snippet="parameters/whole"
```
"""
GLOSSARY = """
[groups]
w = { zh = "词", en = "Words" }
[terms.loss]
group = "w"
zh = "损失"
en = "loss"
definition = { zh = "甲", en = "A" }
"""


def project(root: Path, text: str) -> Path:
    """Write a project whose page `chapter/a.md` holds a text."""
    files = {
        "docs/en/chapter/a.md": f"# A\n\n## Own {{#own}}\n\n{text}\n",
        "docs/en/chapter/a.svg": "<svg/>",
        "docs/en/chapter/other.md": OTHER,
        "docs/en/index.md": "# Home\n",
        "docs/en/glossary.md": "# G\n\n```glossary\n```\n",
        "docs/glossary.toml": GLOSSARY,
        "snippets/parameters/line.py": "",
        "src/explainer/site/theme/assets/logo.svg": "<svg/>",
    }
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    "text",
    [
        "[x](other.md)", "[x](other.md#here)", "[x](#own)", "[x](../index.md)", "![x](a.svg)",
        "[x](other.md#fig)", "[x](other.md#raw)", "[x](other.md#layers)", "[x](other.md#top)",
        "[x](other.md#code-line-fit)", "[x](other.md#code-whole)", "[x](../glossary.md#loss)",
        "[x](../snippets/parameters/line.py)", "[x](../snippets/parameters/line.ipynb)",
        "[x](../numbers.json)", "[x](https://example.org/a#b)", "[x](http://example.org)",
        "[x][y]\n\n[y]: other.md#here", "![x](../assets/logo.svg)", "`[x](no.md)`",
        '<a href="../other/#here">x</a>', '<a href="../../">x</a>', '<a href="#own">x</a>',
        '<a href="https://example.org">x</a>', '<img src="../../assets/logo.svg" alt="x">',
        "<a href='../../snippets/parameters/line/'>x</a>",
    ],
)  # fmt: skip
def test_what_leads_somewhere_is_allowed(tmp_path: Path, text: str) -> None:
    """Pages, headings, figures, code blocks, terms, files and the web are there to link to."""
    assert [str(problem) for problem in links.check(project(tmp_path, text))] == []


@pytest.mark.parametrize(
    ("text", "said", "fix"),
    [
        ("[x](othr.md)", "othr.md leads nowhere: there is no docs/en/chapter/othr.md", "other.md"),
        ("[x](../chapter)", "there is no docs/en/chapter", "mend the link"),
        ("[x](other.md#hre)", "#hre is not on docs/en/chapter/other.md", "did you mean #here?"),
        ("[x](#here)", "#here is not on docs/en/chapter/a.md", "mend it"),
        ("[x](other.md#code-line)", "#code-line is not on", "#code-line-fit"),
        ("[x](../glossary.md#lost)", "#lost is not on docs/en/glossary.md", "did you mean #loss?"),
        ("![x](b.svg)", "the image b.svg leads nowhere", "mend the image"),
        ("[x](/chapter/other/)", "/chapter/other/ is absolute", "other.md"),
        ("[x](../../zh/index.md)", "leads nowhere", "mend"),
        ("[x](mailto:a@example.org)", "neither a page of this site nor http(s)", "https://"),
        ("[x](javascript:alert)", "neither a page", "https://"),
        ("![x](https://example.org/a.png)", "asked of another host", "beside the page"),
        ("[x][y]", "[y] is defined nowhere", "[y]: page.md"),
        ("[x][y]\n\n[y]: no.md", "no.md leads nowhere", "mend"),
        ("[x](../snippets/parameters/lin.py)", "leads nowhere", "mend"),
        ('<a href="../othr/">x</a>', "leads nowhere", "mend"),
        ('<a href="other.md">x</a>', "does not rewrite", "`[text](other.md)`"),
        ('<a href="/x/">x</a>', "is absolute", "relative"),
        ('<img src="https://example.org/a.png">', "asked of another host", "copy in the theme"),
        ('<img srcset="a.svg, //example.org/a.png 2x">', "asked of another host", "copy"),
        ('<script src="//example.org/a.js"></script>', "asked of another host", "copy"),
        ('<iframe src="https://example.org"></iframe>', "asked of another host", "copy"),
        ('<link rel="stylesheet" href="https://example.org/a.css">', "asked of another", "copy"),
        ('<video poster="https://example.org/a.png"></video>', "asked of another host", "copy"),
        ('<p style="background: url(https://example.org/a.png)">x</p>', "style of <p>", "copy"),
    ],
)
def test_what_leads_nowhere_is_refused(tmp_path: Path, text: str, said: str, fix: str) -> None:
    """A broken link, anchor or image is named with its line and what is near."""
    problem = links.check(project(tmp_path, text))[0]
    assert problem.path == "docs/en/chapter/a.md"
    assert problem.line == (7 if "no.md" in text else 5)
    assert said in problem.message
    assert fix in problem.fix
    assert links.check(project(tmp_path, "[x](other.md)")) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.css", 'p { src: url("https://example.org/a.woff2") }'),
        ("a.css", "@import '//example.org/a.css';"),
        ("a.js", "await fetch('https://example.org/a.json')"),
        ("a.js", "const a = await import(`https://example.org/a.js`)"),
        ("a.js", "import a from 'https://example.org/a.js'"),
        ("a.js", "image.src = '//example.org/a.png'"),
        ("a.html", '<script src="https://example.org/a.js"></script>'),
        ("a.html", '<link rel="preconnect" href="https://example.org">'),
        ("a.html", "<style>p { background: url(https://example.org/a.png) }</style>"),
        ("a.svg", '<svg><image href="https://example.org/a.png"/></svg>'),
    ],
)
def test_the_theme_asks_no_other_host(tmp_path: Path, name: str, text: str) -> None:
    """Scripts, styles, templates and drawings of the theme fetch nothing from elsewhere."""
    root = project(tmp_path, "")
    file = root / "src/explainer/site/theme" / name
    file.write_text(f"\n{text}\n", encoding="utf-8")
    (problem,) = links.check(root)
    assert (problem.path, problem.line) == (f"src/explainer/site/theme/{name}", 2)
    assert "example.org" in problem.message
    assert "asked of another host" in problem.message
    file.write_text(text.replace("https://example.org", "..").replace("//example.org", "."), "utf8")
    assert links.check(root) == []


def test_what_the_theme_only_states_is_allowed(tmp_path: Path) -> None:
    """Names of namespaces, links to click and canonical addresses fetch nothing."""
    root = project(tmp_path, "")
    file = root / "src/explainer/site/theme/a.html"
    file.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg"></svg><a href="https://example.org">x</a>'
        '<link rel="canonical" href="https://example.org/a/">'
        '<link rel="alternate" hreflang="en" href="https://example.org/en/">',
        encoding="utf-8",
    )
    assert links.check(root) == []
