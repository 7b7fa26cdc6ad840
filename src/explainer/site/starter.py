"""Start a page: both languages, a snippet, its test, and the entries in the navigation.

The page is a draft: `draft: true` in its front matter. `explainer check` and a build refuse drafts,
so no half-written page is published; under `make serve` a draft shows like any other page.
"""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass
from pathlib import Path

from explainer.site import glossary
from explainer.site.errors import Problem

TEMPLATES = Path(__file__).with_name("templates")
NAVIGATIONS = {"zh": "mkdocs.yml", "en": "mkdocs.en.yml"}
_SLUG = re.compile(r"[a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*")
_RULE = "lower-case words that begin with a letter, joined by `-`: quantization/block-scales"
_ITEM = re.compile(r"(?P<indent> +)- +(?P<entry>.+?)\s*$")
# What stays last in the navigation.
_LAST = ("glossary.md", "ledger.md")


@dataclass(frozen=True)
class Start:
    """A page to be.

    Args:
        chapter: Its folder below `docs/<language>`, "quantization".
        page: Its slug, "block-scales".
    """

    chapter: str
    page: str

    @property
    def folder(self) -> str:
        """The folder of its snippets and tests."""
        return self.chapter.replace("-", "_")

    @property
    def name(self) -> str:
        """The name of its snippet."""
        return self.page.replace("-", "_")


def parse(name: str) -> Start:
    """Read CHAPTER/PAGE.

    Raises:
        ValueError: If it is not two slugs, or gives no name that Python takes.
    """
    parts = name.removesuffix(".md").split("/")
    if len(parts) != 2 or not all(_SLUG.fullmatch(part) for part in parts):
        near = re.sub(r"[^a-z0-9/]+", "-", name.removesuffix(".md").lower()).strip("-/")
        is_name = near.count("/") == 1 and all(map(_SLUG.fullmatch, near.split("/")))
        fix = f"write {near}" if is_name else "choose two such names"
        raise ValueError(f"a page is named CHAPTER/PAGE, {_RULE}; not {name!r}\n  fix: {fix}")
    start = Start(*parts)
    for word in (start.folder, start.name):
        if keyword.iskeyword(word) or word in ("facts", "snippets", "row"):
            raise ValueError(
                f"{word!r} means something else in Python or on a page, and cannot be a chapter "
                f"or a snippet\n  fix: add a word, {word}-basics"
            )
    return start


def files(root: Path, start: Start) -> dict[Path, str]:
    """Return the files of a new page, and the navigations with it, as text by path.

    Raises:
        FileExistsError: If one of the new files is there already; nothing is overwritten.
        ValueError: If a navigation has no `nav:` block.
    """
    texts = {
        root / "docs/en" / start.chapter / f"{start.page}.md": "page.en.md.txt",
        root / "docs/zh" / start.chapter / f"{start.page}.md": "page.zh.md.txt",
        root / "snippets" / start.folder / f"{start.name}.py": "snippet.py.txt",
        root / "tests/snippets" / start.folder / f"test_{start.name}.py": "test.py.txt",
    }
    for path in texts:
        if path.exists():
            shown = path.relative_to(root).as_posix()
            raise FileExistsError(f"{shown} is there already\n  fix: edit it, or choose a new name")
    marks = {
        "@title_zh@": _title(root, start.page, "zh"),
        "@title_en@": _title(root, start.page, "en"),
        "@chapter@": start.folder,
        "@name@": start.name,
        "@up@": "../",
    }
    made = {path: _filled(template, marks) for path, template in texts.items()}
    for language, file in NAVIGATIONS.items():
        text = (root / file).read_text(encoding="utf-8")
        section = _title(root, start.chapter, language)
        made[root / file] = navigation(text, start, section=section, file=file)
    return made


def _filled(template: str, marks: dict[str, str]) -> str:
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    for mark, value in marks.items():
        text = text.replace(mark, value)
    return text


def _title(root: Path, slug: str, language: str) -> str:
    """Return the glossary's name of a slug, or its words until the author writes better ones."""
    try:
        term = glossary.load(root).get(slug)
    except (Problem, OSError):
        term = None
    name = term.name(language) if term else slug.replace("-", " ")
    return name[:1].upper() + name[1:]


def navigation(text: str, start: Start, *, section: str, file: str) -> str:
    """Return the text of a `mkdocs.yml` with one more page; every other line stays as it is.

    A page goes below the last one of its chapter; a new chapter before the glossary and ledger.

    Args:
        text: The file.
        start: The page.
        section: Title of its chapter, if that is new.
        file: Name of the file, for the error.

    Raises:
        ValueError: If there is no `nav:` block.
    """
    lines = text.splitlines(keepends=True)
    first = next((n for n, line in enumerate(lines) if line.rstrip() == "nav:"), None)
    if first is None:
        raise ValueError(f"{file} has no `nav:` block\n  fix: add one, `nav:` on a line of its own")
    items: list[tuple[int, str, str]] = []
    for number in range(first + 1, len(lines)):
        line = lines[number]
        if line.strip() and not line.startswith((" ", "#", "-")):
            break
        if match := _ITEM.match(line):
            items.append((number, match["indent"], match["entry"]))
    address = f"{start.chapter}/{start.page}.md"
    siblings = [item for item in items if item[2].split(": ")[-1].startswith(f"{start.chapter}/")]
    if siblings:
        number, indent, _ = siblings[-1]
        lines.insert(number + 1, f"{indent}- {address}\n")
        return "".join(lines)
    outer = items[0][1] if items else "  "
    at = next((n for n, _, entry in items if entry.split(": ")[-1] in _LAST), None)
    at = at if at is not None else (items[-1][0] if items else first) + 1
    lines[at:at] = [f"{outer}- {section}:\n", f"{outer}    - {address}\n"]
    return "".join(lines)
