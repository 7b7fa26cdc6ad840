"""Requests that a page would make of another host: none is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from explainer.site.errors import Problem

# Attributes that make a browser fetch at once. `href` of <a> and <area> waits for a click.
_FETCHED = ("src", "srcset", "poster", "data", "href", "xlink:href", "action", "background")
_CLICKED = ("a", "area", "base")
# Relations of <link> that fetch nothing.
_STATED = ("canonical", "alternate", "license", "author", "me", "help", "next", "prev")
_OTHER = r"(?:https?:|wss?:)?//[^/\s\"'`)]"
_OTHER_HOST = re.compile(rf"(?:^|,\s*|\s){_OTHER}", re.IGNORECASE)
_STYLE = re.compile(rf"(?:url\(\s*[\"']?|@import\s+[\"']){_OTHER}[^\s\"')]*", re.IGNORECASE)
_SCRIPT = re.compile(
    r"(?:\b(?:fetch|import|importScripts|sendBeacon|Worker|SharedWorker|WebSocket|EventSource"
    r"|Request|URL)\s*\(\s*|\bimport\s+|\bfrom\s+|\.open\(\s*[\"']\w+[\"']\s*,\s*|\.src(?:set)?\s*=\s*)"
    rf"[\"'`]{_OTHER}[^\"'`]*"
)
_TAG = re.compile(r"<([A-Za-z][\w:-]*)((?:\s+[^<>]*?)?)\s*/?>", re.DOTALL)
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_FIX = "keep a copy in the theme, or leave it out: readers may be offline"
_READ = {
    ".css": (_STYLE,),
    ".js": (_SCRIPT,),
    ".mjs": (_SCRIPT,),
    ".html": (_STYLE, _SCRIPT),
    ".svg": (_STYLE,),
}


def check_tag(name: str, attributes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the addresses of an HTML tag, and the fix.

    Args:
        name: The tag's name.
        attributes: Its attributes.

    Examples:
        >>> list(check_tag("a", {"href": "https://example.org/"}))
        []
        >>> next(check_tag("img", {"src": "https://example.org/a.png"}))[0]
        "<img src='https://example.org/a.png'> is asked of another host"
    """
    relations = attributes.get("rel", "").lower().split()
    for attribute in _FETCHED:
        value = attributes.get(attribute, "")
        if not _OTHER_HOST.search(value):
            continue
        if attribute.endswith("href") and name in _CLICKED:
            continue
        if name == "link" and relations and set(relations) <= set(_STATED):
            continue
        yield f"<{name} {attribute}={value!r}> is asked of another host", _FIX
    if _STYLE.search(attributes.get("style", "")):
        yield f"the style of <{name}> is asked of another host: {attributes['style']}", _FIX


def check_file(path: Path, shown: str) -> Iterator[Problem]:
    """Yield the requests to other hosts that a file of the theme would make.

    Args:
        path: A template, style, script or drawing; other files have none.
        shown: Its path in messages.
    """
    patterns = _READ.get(path.suffix)
    if patterns is None:
        return
    text = path.read_text(encoding="utf-8")
    if "//" not in text:
        return
    for pattern in patterns:
        for match in pattern.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            message = f"`{match[0]}` is asked of another host"
            yield Problem(shown, line, message, _FIX)
    if path.suffix in (".html", ".svg"):
        for tag in _TAG.finditer(text):
            attributes = {
                m[1].lower(): m[2] or m[3] or m[4] or "" for m in _ATTRIBUTE.finditer(tag[2])
            }
            attributes.pop("style", None)  # read above
            line = text.count("\n", 0, tag.start()) + 1
            for message, fix in check_tag(tag[1].lower(), attributes):
                yield Problem(shown, line, message, fix)
