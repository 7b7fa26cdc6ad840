"""A real, tiny site: the project's own configuration over pages of a few lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

PAGE = {
    "zh": "# 一条线 {#line}\n\n斜率是\u2009{{ line.slope:.1f }}。\n\n"
    '```python exec="on" snippet="line#fit"\n```\n\n```python exec="on" snippet="line#use"\n```\n',
    "en": "# A line {#line}\n\nThe slope is {{ line.slope:.1f }}.\n\n"
    '```python exec="on" snippet="line#fit"\n```\n\n```python exec="on" snippet="line#use"\n```\n',
}
SNIPPET = '''"""A line through two points."""

# %% fit
slope = (3.0 - 1.0) / (2.0 - 1.0)
intercept = 1.0 - slope
print("slope", slope)

# %% use
prediction = slope * 5 + intercept
layers = [{"name": "point", "size": 3}, {"name": "point", "size": 4}]
print(prediction)
'''
GLOSSARY = """[groups.parameters]
zh = "参数"
en = "Parameters"

[terms.point]
group = "parameters"
zh = "点"
en = "point"
[terms.point.definition]
zh = "平面上的一个位置。"
en = "A place in the plane."

[terms.share]
group = "parameters"
zh = "占比"
en = "share"
[terms.share.definition]
zh = "一部分占整体的多少。"
en = "How much of a whole a part is."
"""


class Tiny:
    """A project of one page, on which a test breaks one thing."""

    def __init__(self, root: Path) -> None:
        """Write the project below `root`."""
        self.root = root
        for language, text in PAGE.items():
            self.write(f"docs/{language}/index.md", text)
        self.write("snippets/index/line.py", SNIPPET)
        self.write("docs/glossary.toml", GLOSSARY)
        self.write("docs/allowed.toml", "")
        config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
        theme = str(ROOT / "src/explainer/site/theme")
        config = config.replace("src/explainer/site/theme", theme)
        self.write("mkdocs.yml", _with_nav(config))
        english = (ROOT / "mkdocs.en.yml").read_text(encoding="utf-8")
        self.write("mkdocs.en.yml", _with_nav(english))

    def write(self, path: str, text: str) -> Path:
        """Write one file."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def read(self, path: str) -> str:
        """Read one file."""
        return (self.root / path).read_text(encoding="utf-8")

    def page(self, en: str, zh: str | None = None, name: str = "index.md") -> None:
        """Append a paragraph to a page in both languages."""
        for language, text in (("en", en), ("zh", zh if zh is not None else en)):
            path = f"docs/{language}/{name}"
            self.write(path, self.read(path) + "\n" + text + "\n")

    def build(self, **options: Any) -> Path:
        """Build both languages; return the site's folder."""
        from mkdocs.commands.build import build
        from mkdocs.config import load_config

        site = self.root / "site"
        build(load_config(str(self.root / "mkdocs.yml"), site_dir=str(site), **options))
        return site

    def refusal(self) -> str:
        """Build, expect a refusal, and return its message."""
        from mkdocs.exceptions import Abort

        with pytest.raises(Abort) as caught:
            self.build()
        return str(caught.value.message)


def _with_nav(config: str) -> str:
    """Replace the `nav` block at the end of a configuration; keep its tags as they are."""
    before, _, _ = config.partition("\nnav:")
    return before + "\nnav:\n  - index.md\n"
