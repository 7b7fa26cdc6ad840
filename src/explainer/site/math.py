r"""Formulas as MathML, made at build: no script and no request in the reader's browser.

A Python-Markdown extension to stand after `pymdownx.arithmatex` with `generic: true`. It turns the
`\(...\)` and `\[...\]` that arithmatex leaves in the page into MathML, with Temml in QuickJS.
"""

from __future__ import annotations

import functools
import html
import json
import os
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor

from explainer.site.errors import Problem

TEMML = Path(__file__).parent / "vendor" / "temml.min.js"

# `JSON.stringify` flattens the string: the binding cannot hand over QuickJS's ropes.
_RENDER = """(formula, displayMode) => {
  try {
    const options = {displayMode, throwOnError: true, trust: false};
    return JSON.stringify({mathml: temml.renderToString(formula, options)});
  } catch (error) {
    return JSON.stringify({error: String(error.message)});
  }
}"""

# With the marks that a line's end must not part it from: browsers see no word in a formula.
_FORMULA = re.compile(
    r'(?P<before>[（(“‘「]*)<(?P<tag>span|div) class="arithmatex"(?P<rest>[^>]*)>\s*'
    r"(?:\\\((?P<inline>.*?)\\\)|\\\[(?P<block>.*?)\\\])\s*</(?P=tag)>"
    r"(?P<after>[，。、；：？！）”’」,.;:?!)\-–]*)",
    re.DOTALL,
)

# The browsers' own style sheets say this of every `<math display="block">`; as an attribute
# it would only need an exception in the site's content security policy.
_REDUNDANT_STYLE = ' style="display:block math;"'

# A runtime of QuickJS belongs to the thread that made it.
_thread = threading.local()


class FormulaError(ValueError):
    """A formula that Temml cannot read.

    Args:
        formula: The TeX as the author wrote it.
        reason: What Temml says about it.
    """

    def __init__(self, formula: str, reason: str) -> None:
        """Keep the formula and the reason apart, for whoever knows the page and line."""
        self.formula = formula
        # Temml adds a copy of the formula in which the place is underlined; it cannot be searched.
        self.reason = reason.partition(":\n")[0].replace("ParseError:", "").strip()
        super().__init__(f"formula `{formula}` cannot be read: {self.reason}")


def _renderer() -> Callable[[str, bool], str]:
    """Return Temml's entry, loaded when the first formula of a build asks for it."""
    if not hasattr(_thread, "render"):
        import quickjs

        context = quickjs.Context()
        context.eval(TEMML.read_text(encoding="utf-8"))
        _thread.context = context  # the function does not keep its context alive
        _thread.render = context.eval(_RENDER)
    render: Callable[[str, bool], str] = _thread.render
    return render


@functools.cache
def mathml(formula: str, *, display: bool) -> str:
    r"""Return one TeX formula as a `<math>` element.

    Args:
        formula: TeX without its delimiters.
        display: True for a formula on a line of its own.

    Returns:
        MathML, with no inline styles where the browser's own do the same.

    Raises:
        FormulaError: If Temml cannot read the formula.

    Examples:
        >>> mathml(r"\frac{a}{b}", display=False)
        '<math><mfrac><mi>a</mi><mi>b</mi></mfrac></math>'
    """
    answer: dict[str, str] = json.loads(_renderer()(formula, display))
    if "error" in answer:
        raise FormulaError(formula, answer["error"])
    return answer["mathml"].replace(_REDUNDANT_STYLE, "")


def _page(md: Markdown) -> Path | None:
    """Return the file that is being converted, where MkDocs converts it."""
    if "relpath" not in md.treeprocessors:
        return None
    source = md.treeprocessors["relpath"].file.abs_src_path
    return Path(source) if source else None


def _problem(error: FormulaError, page: Path | None) -> Problem:
    """Return the refusal, with the line on which the formula begins when it can be found."""
    path, line = "formula", 0
    if page is not None:
        path = os.path.relpath(page).replace(os.sep, "/")
        text = page.read_text(encoding="utf-8")
        offset = text.find(error.formula)
        line = text.count("\n", 0, offset) + 1 if offset >= 0 else 0
    return Problem(
        path=path,
        line=line,
        message=str(error),
        fix="write TeX that Temml knows (https://temml.org/docs/en/supported)",
    )


class _Formulas(Postprocessor):
    """Replaces arithmatex's delimiters in the finished HTML."""

    md: Markdown

    def run(self, text: str) -> str:
        """Return the page with every formula as MathML."""
        return _FORMULA.sub(self._replace, text)

    def _replace(self, match: re.Match[str]) -> str:
        display = match["block"] is not None
        formula = html.unescape(match["block"] if display else match["inline"]).strip()
        try:
            math = mathml(formula, display=display)
        except FormulaError as error:
            raise _problem(error, _page(self.md)) from error
        # A searcher types words, not the letters of a display formula.
        search = " data-search-exclude" if display else ""
        held = f'class="arithmatex"{match["rest"]}{search}>{match["before"]}{math}{match["after"]}'
        return f"<{match['tag']} {held}</{match['tag']}>"


class MathExtension(Extension):
    """Registers the conversion behind everything that could still change the HTML."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Add the postprocessor; after raw HTML (30) and `&amp;` (20) are back in place."""
        md.postprocessors.register(_Formulas(md), "explainer-math", 1)


def makeExtension(**kwargs: Any) -> MathExtension:  # noqa: N802 - Python-Markdown's name
    """Return the extension for `markdown_extensions: [explainer.site.math]`."""
    return MathExtension(**kwargs)
