"""One Markdown page as its author wrote it: what stands where.

Nothing is rendered. What counts as prose is what the site's own Markdown extensions would show
as words; the rest is blanked, so that an offset in `Page.prose` is an offset in the file.
Code set off by indent alone is not recognised: a fence says what it is.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from explainer.site.blocks import Admonition, Fence, Heading, fences, walk
from explainer.site.errors import Problem
from explainer.site.markup import (
    Expression,
    Findings,
    Identifier,
    Link,
    Math,
    Reference,
    Tag,
)
from explainer.site.specs import KINDS, Yaml, YamlError, is_text, read

LANGUAGES = ("zh", "en")
_FRONT_MATTER = re.compile(r"\A---[ ]*\n(?P<body>.*?\n)?(?:---|\.\.\.)[ ]*(?:\n|\Z)", re.DOTALL)


@dataclass(frozen=True)
class Spec:
    """A table, chart or widget: the YAML of its fence, and the line in which each part stands."""

    kind: str
    yaml: Yaml
    line: int

    @property
    def id(self) -> str:
        """Return its id, empty if it has none."""
        return str(self.yaml.data.get("id", ""))

    def line_of(self, *path: str | int) -> int:
        """Return the line in the file of the value at a path."""
        return self.line + 1 + self.yaml.line(*path)


@dataclass(frozen=True)
class Page:
    """A page and what stands on it, each part with its line.

    Args:
        path: File, relative to the project's root.
        language: "zh" or "en".
        name: Path inside its language's tree: "parameters/counting.md".
        text: The file's text.
        prose: The text with everything that is not prose blanked; same length, same lines.
        front: Front matter.
        problems: What could not be read.
    """

    path: str
    language: str
    name: str
    text: str
    prose: str
    front: Mapping[str, Any]
    front_lines: Mapping[str, int]
    headings: tuple[Heading, ...]
    fences: tuple[Fence, ...]
    specs: tuple[Spec, ...]
    admonitions: tuple[Admonition, ...]
    expressions: tuple[Expression, ...]
    links: tuple[Link, ...]
    references: tuple[Reference, ...]
    definitions: Mapping[str, Link]
    tags: tuple[Tag, ...]
    ids: tuple[Identifier, ...]
    math: tuple[Math, ...]
    problems: tuple[Problem, ...]

    @functools.cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    @functools.cached_property
    def _heading_lines(self) -> list[int]:
        return [heading.line for heading in self.headings]

    def line(self, offset: int) -> int:
        """Return the line, from 1, in which an offset lies."""
        return bisect_right(self._starts, offset)

    def section(self, line: int) -> str:
        """Return the id of the heading that a line stands under, empty above the first."""
        at = bisect_right(self._heading_lines, line)
        return self.headings[at - 1].id if at else ""


def without_front_matter(text: str) -> str:
    """Return a page's text as MkDocs hands it to the extensions."""
    return _FRONT_MATTER.sub("", text)


def load(root: Path) -> dict[str, Page]:
    """Read all pages of a project.

    Args:
        root: The project's root.

    Returns:
        Pages by path relative to the root, `docs/zh` before `docs/en`, each sorted.
    """
    paths = [
        path for language in LANGUAGES for path in sorted((root / "docs" / language).rglob("*.md"))
    ]
    pages = [parse(path, root) for path in paths]
    return {page.path: page for page in pages}


def parse(path: Path, root: Path) -> Page:
    """Read one page.

    Args:
        path: The file, `docs/<language>/…` below the root.
        root: The project's root.
    """
    relative = path.relative_to(root)
    return parse_text(path.read_text(encoding="utf-8"), relative.as_posix())


@functools.lru_cache(maxsize=1024)
def parse_text(text: str, path: str) -> Page:
    """Read one page from its text; see `parse`.

    Args:
        text: The page.
        path: Its path relative to the root, which names its language.
    """
    _, language, name = path.split("/", 2)
    found = Findings(text)
    visible: list[tuple[int, int]] = []
    front_match = _FRONT_MATTER.match(text)
    front = Yaml({}, ())
    if front_match and front_match["body"]:
        origins = _origins(text, *front_match.span("body"), indent=0)
        front = _yaml(front_match["body"], origins, found, visible, what="the front matter")
    body_start = front_match.end() if front_match else 0
    blocks, flat = fences(found, body_start)
    headings, admonitions = walk(found, flat, visible)
    specs = []
    for fence in blocks:
        visible.extend(fence.titles)
        for start, end in fence.titles:
            found.templates(start, end)
        if fence.language in KINDS:
            body = _yaml(fence.body, fence.origins, found, visible, what=f"this {fence.language}")
            specs.append(Spec(fence.language, body, fence.line))
    found.expressions.sort(key=lambda expression: expression.start)
    return Page(
        path=path,
        language=language,
        name=name,
        text=text,
        prose=found.prose(visible),
        front=front.data,
        front_lines={str(key): front.line(str(key)) + 2 for key in front.data},
        headings=tuple(headings),
        fences=tuple(blocks),
        specs=tuple(specs),
        admonitions=tuple(admonitions),
        expressions=tuple(found.expressions),
        links=tuple(found.links),
        references=tuple(found.references),
        definitions=found.definitions,
        tags=tuple(found.tags),
        ids=tuple(found.ids),
        math=tuple(found.math),
        problems=tuple(Problem(path, *error) for error in sorted(found.errors)),
    )


def _origins(text: str, start: int, end: int, *, indent: int) -> tuple[int, ...]:
    lines = re.findall(r"[^\n]*\n|[^\n]+", text[start:end])
    origins = [start + indent]
    for line in lines:
        origins.append(origins[-1] + len(line))
    return tuple(origins)


def _yaml(
    body: str,
    origins: tuple[int, ...],
    found: Findings,
    visible: list[tuple[int, int]],
    *,
    what: str,
) -> Yaml:
    """Read a YAML text; its words become visible, its `{{ … }}` expressions of the page."""
    try:
        read_yaml = read(body)
    except YamlError as error:
        line = found.line(origins[min(error.line, len(origins) - 1)])
        message = f"{what} is not readable YAML: {error}"
        found.errors.append((line, message, 'write `key: value`, and `key: "{{ … }}"` in quotes'))
        return Yaml({}, ())
    for scalar in read_yaml.scalars:
        if scalar.is_key:
            continue
        start, end = (
            origins[min(line, len(origins) - 1)] + column
            for line, column in (scalar.start, scalar.end)
        )
        if is_text(scalar.path):
            visible.append((start, end))
            found.scan(start, end)
        elif "{{" in scalar.value:
            found.templates(start, end)
    return read_yaml
