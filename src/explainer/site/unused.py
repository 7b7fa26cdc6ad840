"""Rules of a style sheet that no page can ever match: left out of what a reader waits for.

Material brings styles for all that it can do, and a site does a part of it. A rule goes when it
asks for a class or an id that stands on no page and in no script, or for a direction of writing
or a palette that no page has; a custom property goes when nothing asks for it. `mkdocs serve`
keeps them all, as its pages change while they are read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import tinycss2

_CHECKED = r"dir|data-md-color-(?:primary|accent|scheme)"
# Patterns that begin with letters of their own are found several times as fast.
_NAMED = [re.compile(rf"""{name}=("[^"]*"|'[^']*'|[^\s"'>]+)""") for name in ("class", "id")]
_VALUED = [
    re.compile(rf"""{name}=["']?([\w-]+)""")
    for name in ("dir", "data-md-color-(?:primary|accent|scheme)")
]
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_BEGINNING = re.compile(r"""([A-Za-z][\w-]*[-_])(?:\$\{|["'`]\s*\+)""")  # `role-${role}`
_ASKED = re.compile(r"var\(\s*(--[\w-]+)")
_ASKED_BY_SCRIPT = re.compile(r"""["'`](--[\w-]+)""")
_VALUE = r"""(?:url\((?:"[^"]*"|'[^']*'|[^)]*)\)|[^;}])*"""
_PROPERTY = re.compile(rf"(?<=[{{;])\s*(?P<name>--[\w-]+):{_VALUE}(?:;|(?=\}}))")
_ATTRIBUTE = re.compile(rf"(?:{_CHECKED})=[\"']?([\w-]+)")
# Parts of Material that mkdocs.yml does not turn on; a page that has one keeps its rules.
_OFF = ("md-annotation", "md-version", "md-source", "md-status", "md-tag", "mermaid", "tabbed-")
_NESTING = {"media", "supports", "layer", "container"}


class Names(NamedTuple):
    """Classes and ids, the beginnings of those that scripts put together, and values."""

    whole: frozenset[str]
    beginnings: tuple[str, ...]
    values: frozenset[str]


def names(pages: Collection[str], scripts: Iterable[str], libraries: Iterable[str] = ()) -> Names:
    """Return every class and id that a page has or a script could give it.

    Args:
        pages: HTML, gone through twice.
        scripts: JavaScript; any word of it may be a name.
        libraries: JavaScript of Material; there any word with a dash may be one, unless it belongs
            to a part that is off.

    Examples:
        >>> found = names(['<p id="a" class="b c">'], ["add(`d-${e}`)"])
        >>> sorted(found.whole), found.beginnings
        (['a', 'add', 'b', 'c', 'd-', 'e'], ('d-',))
        >>> names(['<html dir="ltr">'], []).values
        frozenset({'ltr'})
    """
    whole = {name for value in _values(_NAMED, pages) for name in value.strip("\"'").split()}
    beginnings = set()
    for script in scripts:
        whole.update(_WORD.findall(script))
        beginnings.update(_BEGINNING.findall(script))
    for script in libraries:
        words = {word for word in _WORD.findall(script) if not word.startswith(_OFF)}
        whole.update(word for word in words if "-" in word)
        beginnings.update(words.intersection(_BEGINNING.findall(script)))
    values = _values(_VALUED, pages)
    return Names(frozenset(whole), tuple(sorted(beginnings)), frozenset(values))


def _values(patterns: Iterable[re.Pattern[str]], texts: Collection[str]) -> set[str]:
    return {value for pattern in patterns for text in texts for value in pattern.findall(text)}


def pruned(css: str, names: Names) -> str:
    """Return a style sheet without the rules that nothing can match.

    Args:
        css: A style sheet.
        names: From `names`.

    Examples:
        >>> sheet = ".a:hover,.b{color:red}@media print{.b .a{margin:0}}"
        >>> pruned(sheet, names(['<p class="a">'], []))
        '.a:hover{color:red}'
    """
    nodes = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return "".join(_kept(nodes, names))


def asked_properties(styles: Iterable[str], scripts: Iterable[str] = ()) -> set[str]:
    """Return the custom properties that something asks for.

    Args:
        styles: Style sheets, and pages with styles in them.
        scripts: JavaScript.

    Examples:
        >>> sorted(asked_properties(["p{margin:var(--b)}"], ["style.setProperty('--c', 1)"]))
        ['--b', '--c']
    """
    scripts = list(scripts)
    return _values([_ASKED], [*styles, *scripts]) | _values([_ASKED_BY_SCRIPT], scripts)


def with_properties(css: str, asked: set[str]) -> str:
    """Return a style sheet with no other custom properties than those.

    Examples:
        >>> with_properties(":root{--a:url('x;y');--b:1px}.c--a:not(p){margin:var(--b)}", {"--b"})
        ':root{--b:1px}.c--a:not(p){margin:var(--b)}'
    """
    return _PROPERTY.sub(lambda found: found[0] if found["name"] in asked else "", css)


def _kept(nodes: Sequence[Any], names: Names) -> Iterator[str]:
    for node in nodes:
        if node.type == "qualified-rule":
            selectors = [
                tinycss2.serialize(selector).strip()
                for selector in _split(node.prelude)
                if _can_match(selector, names)
            ]
            if selectors:
                yield f"{','.join(selectors)}{{{tinycss2.serialize(node.content)}}}"
        elif node.type == "at-rule" and node.content and node.lower_at_keyword in _NESTING:
            rules = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            if inner := "".join(_kept(rules, names)):
                yield f"@{node.at_keyword}{tinycss2.serialize(node.prelude)}{{{inner}}}"
        else:
            yield tinycss2.serialize([node])


def _split(prelude: Sequence[Any]) -> Iterator[list[Any]]:
    """Yield the selectors of a list."""
    selector: list[Any] = []
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            yield selector
            selector = []
        else:
            selector.append(token)
    yield selector


def _can_match(selector: Sequence[Any], names: Names) -> bool:
    """Return whether all that a selector asks for is there; `:is()` and `:not()` are let be."""
    for index, token in enumerate(selector):
        before = selector[index - 1] if index else None
        is_class = token.type == "ident" and before is not None and before == "."
        if token.type == "hash" or is_class:
            if token.value not in names.whole and not token.value.startswith(names.beginnings):
                return False
        elif token.type == "[] block":
            asked = _ATTRIBUTE.findall(tinycss2.serialize(token.content))
            if not names.values.issuperset(asked):
                return False
    return True
