"""The frame of a page: its counterpart in the other language, and only what it needs."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import yaml
from mkdocs.commands.build import build
from mkdocs.config import load_config

import explainer.site

THEME = Path(explainer.site.__file__).parent / "theme"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return two plain builds of one page and a front page, Chinese at /, English at /en/."""
    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    root = tmp_path_factory.mktemp("site")
    for language, address in (("zh", "book/"), ("en", "book/en/")):
        pages = root / language
        (pages / "part").mkdir(parents=True)
        (pages / "index.md").write_text("# Home\n", encoding="utf-8")
        (pages / "part" / "page.md").write_text("# Page\n\nso $a < b$\n", encoding="utf-8")
        config = {
            "site_name": "t",
            "site_url": f"https://example.org/{address}",
            "docs_dir": str(pages),
            "site_dir": str(root / "out" / ("en" if language == "en" else "")),
            "theme": {
                "name": "material",
                "custom_dir": str(THEME),
                "language": language,
                "font": False,
                "logo": "assets/logo.svg",
                "favicon": "assets/logo.svg",
            },
            "plugins": [],
            "markdown_extensions": [
                {"pymdownx.arithmatex": {"generic": True}},
                "explainer.site.math",
            ],
            "extra": {
                "alternate": [
                    {"name": "中文", "link": "/", "lang": "zh"},
                    {"name": "English", "link": "/en/", "lang": "en"},
                ]
            },
        }
        file = root / f"{language}.yml"
        file.write_text(yaml.safe_dump(config), encoding="utf-8")
        build(load_config(str(file)))
    return root / "out"


def read(site: Path, page: str) -> str:
    """Return one built page."""
    return (site / page).read_text(encoding="utf-8")


def alternates(page: str) -> dict[str, str]:
    """Return what a page names as its counterparts."""
    return dict(re.findall(r'<link rel="alternate " hreflang="([^"]+)" href="([^"]+)">', page))


@pytest.mark.parametrize("page", ["part/page/index.html", "en/part/page/index.html"])
def test_a_page_names_its_counterparts(site: Path, page: str) -> None:
    """Both languages name the same absolute pair of pages, below the site's own folder."""
    assert alternates(read(site, page)) == {
        "zh": "https://example.org/book/part/page/",
        "en": "https://example.org/book/en/part/page/",
        "x-default": "https://example.org/book/part/page/",
    }


@pytest.mark.parametrize(
    ("page", "counterpart"),
    [
        ("part/page/index.html", "en/part/page/index.html"),
        ("en/part/page/index.html", "part/page/index.html"),
        ("index.html", "en/index.html"),
        ("en/index.html", "index.html"),
    ],
)
def test_the_switch_stays_on_the_page(site: Path, page: str, counterpart: str) -> None:
    """The switch is one plain relative link to the same page, so it needs no script."""
    links = re.findall(r'<a class="language"[^>]* href="([^"]+)"', read(site, page))
    assert len(links) == 1
    assert (site / page).parent.joinpath(links[0], "index.html").resolve() == (
        site / counterpart
    ).resolve()


def test_only_formulas_ask_for_the_font(site: Path) -> None:
    """A page without a formula links neither the font nor the styles of formulas."""
    assert "math.css" in read(site, "part/page/index.html")
    assert "explainer-math.woff2" in read(site, "part/page/index.html")
    assert "math" not in re.sub(r"<script.*?</script>", "", read(site, "index.html"), flags=re.S)


def test_every_style_sheet_exists(site: Path) -> None:
    """What a page links from the theme is in the site."""
    page = read(site, "part/page/index.html")
    links = re.findall(r'(?:href|src)="(\.\./\.\./assets/[^"]+)"', page)
    assert len(links) > 10
    assert [link for link in links if not (site / "part" / "page" / link).is_file()] == []


def test_the_search_dialog_has_a_name() -> None:
    """A dialog without a name is what axe finds in the stock theme."""
    search = (THEME / "partials" / "search.html").read_text(encoding="utf-8")
    assert re.search(r'role="dialog"[^>]*aria-label=', search)
