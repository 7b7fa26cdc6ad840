"""Prose against an independent oracle: Python-Markdown with the site's own extensions."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import markdown
import pytest

from explainer.site import source

EXTENSIONS = [
    "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "toc",
    "pymdownx.arithmatex", "pymdownx.details", "pymdownx.highlight", "pymdownx.superfences",
    "pymdownx.tabbed",
]  # fmt: skip
SETTINGS = {
    "pymdownx.arithmatex": {"generic": True},
    "pymdownx.tabbed": {"alternate_style": True},
}
# Each is a way to write a digit; some show it to the reader, some do not.
TEXTS = [
    "a {#x7} b", "{#x7} text", "para\n{: #a7 title='8' }", "# H 7 {#a8}", "- a\n1. b 3",
    "1. a\n3. b", "10) x", "a [7] b", "a [7](x) b", "[note]: 671 things", "[7]: http://x\n\n[7]",
    "a <7> b", "a < 7 > b", "a<b 7>c", "<b data-x=7>8</b>", "<div>\n7\n</div>", "`7", "``7`",
    "a ` 7\n\nb ` 8", "$7", "costs $7 and $8", "$7$8", "\\$7\\$", "$$7", "\\(7", "&#55;",
    "&amp;#55;", "\\`7\\`", "> 7", "> 1. x 8", '!!! note "7"', '??? note "a 7"', '=== "7"',
    "| a | 7 |\n|---|---|\n| `7|` | 8 |", "a | b\n--- | ---\n7 | 8", "term\n:   def 7",
    "text[^x]\n\n[^x]: note 8", "a\n---\n7", "7\n===", "~~~\n7\n~~~\n8", "```\n7",
    "```\n7\n````\n8",
    "- a\n\n    ```\n    7\n    ```\n    8", "- ```\n  7\n  ```", "<!-- 7 --> 8",
    "a <!-- 7\n\n8 --> 9",
    "<!--\n7\n\n--> 8", "<pre>7</pre>8", "<script>7</script>8", "x <code>7</code>8", "<kbd>7</kbd>",
    "![7](a 'b8')", '![a](b7 "8")', "[![7](x)8](y9)", "[a](<b 7> '8')", '[a]( b "8" )',
    "[a](b){title='7'}", "![a](b){title=7}", "**7**", "\\7", "1984. a\n\n    7", "+ 7", "1.7",
    "intro\n1984. a", "#7", "####### 7", "## 7 ##", "---\n7\n---", "a --8<-- 7", "[TOC] 7",
    "<details><summary>7</summary>8</details>", "<a title='7'>", '<x-y z="7', "&half; 7", "a&copy7",
    "&#x37;", "[a]\n(7)", '[a](b\n"7")', "`a\n7`", "`a\n\n7`", "$a\n7$", "{.a7}", "a{.b7}c",
    "{ 7=8 }", 'x {a="7"} y', "| x {a=7} |\n|--|", "<b>7", "<b 7", "a <b\n7> c", "- [ ] 7",
    "$7 $", "$ 7$", "\\[7\\]", "\\[a\n\n7\\]", "[^7]",
]  # fmt: skip


class _Shown(HTMLParser):
    """Collects what a reader sees or hears, code and math left out."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = ""
        self.hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.shown += "".join(given.get(name) or "" for name in ("alt", "title"))
        classes = (given.get("class") or "").split()
        if tag in ("code", "pre", "script", "style") or {"arithmatex", "footnote-ref"} & {*classes}:
            self.hidden.append(tag)
        elif self.hidden and tag == self.hidden[-1]:
            self.hidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.hidden and tag == self.hidden[-1]:
            self.hidden.pop()

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.shown += data


@pytest.mark.parametrize("text", TEXTS)
def test_no_digit_that_is_shown_is_hidden_from_prose(text: str) -> None:
    """Whatever digit the rendered page shows stands in its prose, or the page is refused."""
    reader = _Shown()
    html = markdown.markdown(text, extensions=EXTENSIONS, extension_configs=SETTINGS)
    reader.feed(re.sub(r'title="Jump back[^"]*"', "", html))
    page = source.parse_text(text, "docs/en/a.md")
    shown = sorted(re.findall(r"[0-9½]", reader.shown))
    prose = re.findall(r"[0-9½]", page.prose)
    for digit in shown if not page.problems else ():
        assert shown.count(digit) <= prose.count(digit), (html, page.prose)
