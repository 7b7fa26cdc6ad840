"""What a site needs to be safe and to be read without a network, once both languages are built.

Styles that every page needs become one sheet; styles lose what no page asks for, and with scripts
their comments. Each page
gets a content security policy that allows the site's own scripts by their hashes, and the address
of its service worker; the worker gets the list of all files; and the whole site is packed to be
taken home. `mkdocs serve` does none of this: its pages change while they are read.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from html import escape
from pathlib import Path

import rjsmin

from explainer.site import sheets, unused

ARCHIVE = "llms-computed.zip"
PLACE = '<span class="take-home"></span>'
_WORKER, _LIST = "sw.js", "offline.json"
_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<body>.*?)</script>", re.DOTALL)
_CHARSET = '<meta charset="utf-8">'
_VERSION = '"not published"'
# Material's sections in the navigation: no number, where the standard wants one. This one is the
# same to a reader; the attribute stays, as Material's script looks for it.
_NO_STOP = ' tabindex=""', ' tabindex="-1"'
_WORDS = {"zh": "整站下载，离线阅读", "en": "Download the site to read offline"}
_README = """解压后在这个文件夹里运行 python3 -m http.server 8000，再打开 http://127.0.0.1:8000/ 。

Unpack this archive, run  python3 -m http.server 8000  in its folder,
and open http://127.0.0.1:8000/en/ .
"""
_CSS_IDLE = re.compile(r"/\*.*?\*/|^\s+", re.DOTALL | re.MULTILINE)  # minifiers break `a :is(b)`
# What a reader offline misses least: files to take home, and the ledger for machines.
_LEFT_OUT = {".ipynb", ".xlsx", ".csv", ".py", ".xml", ".gz"}


def publish(site: Path, languages: Mapping[str, str]) -> None:
    """Finish a built site.

    Args:
        site: The site's folder, with all languages built into it.
        languages: Folder of each language below the site: `{"zh": "", "en": "en/"}`.
    """
    (site / ARCHIVE).unlink(missing_ok=True)
    for folder in languages.values():
        if folder:
            (site / folder / _WORKER).unlink(missing_ok=True)
        sheets.join(site / folder)
        _shorten(site / folder / "assets")
    pages = {
        path: sheets.linked(path.read_text(encoding="utf-8")).replace(*_NO_STOP)
        for path in sorted(site.rglob("*.html"))
    }
    scripts = _inline(pages.values())
    _prune(site, pages.values(), scripts)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{escape(policy(scripts))}">'
    for path, html in pages.items():
        up = "../" * (len(path.relative_to(site).parts) - 1)
        worker = f'<meta name="offline" content="{up}{_WORKER}">'
        words = _WORDS[_language(path.relative_to(site), languages)]
        link = f'<a class="take-home" href="{up}{ARCHIVE}" download>{words}</a>'
        finished = html.replace(_CHARSET, _CHARSET + meta + worker, 1).replace(PLACE, link)
        path.write_text(finished, encoding="utf-8")
    _list(site, languages)
    _pack(site)


def policy(scripts: Iterable[str]) -> str:
    """Return the content security policy that allows just these scripts, and the site's files.

    Args:
        scripts: The scripts that stand in any page. Instant navigation shows one page under the
            policy of another, so all share one.

    Examples:
        >>> policy(["1"]).split("script-src ")[1]
        "'self' 'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='"
    """
    digests = sorted(
        base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts
    )
    rules = {
        "default-src": "'none'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "worker-src": "'self'",
        "manifest-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "style-src": "'self'",
        "style-src-attr": "'unsafe-inline'",  # MathML, and the widths that charts are given
        "script-src": " ".join(["'self'", *(f"'sha256-{digest}'" for digest in digests)]),
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _shorten(assets: Path) -> None:
    """Take comments and indentation from our own styles and scripts; Material's have none."""
    shorten = {".js": rjsmin.jsmin, ".css": lambda text: _CSS_IDLE.sub("", text)}
    for path in assets.rglob("*"):
        short = shorten.get(path.suffix)
        if short and not {"javascripts", "stylesheets"} & set(path.relative_to(assets).parts):
            path.write_text(short(path.read_text(encoding="utf-8")), encoding="utf-8")


def _prune(site: Path, pages: Collection[str], inline: Collection[str]) -> None:
    """Take from all styles, Material's too, what neither a page nor a script can ask for."""
    found: dict[bool, list[str]] = {True: [], False: sorted(inline)}
    for path in sorted(site.rglob("*.js")):
        found["javascripts" in path.parts].append(path.read_text(encoding="utf-8"))
    names = unused.names(pages, scripts=found[False], libraries=found[True])
    copies = defaultdict[str, list[Path]](list)  # each language has the same sheets
    for path in sorted(site.rglob("assets/**/*.css")):
        copies[path.read_text(encoding="utf-8")].append(path)
    pruned = [(unused.pruned(css, names), paths) for css, paths in copies.items()]
    styles = itertools.chain((css for css, _ in pruned), pages)
    asked = unused.asked_properties(styles, scripts=itertools.chain(found[True], found[False]))
    for css, paths in pruned:
        for path in paths:
            path.write_text(unused.with_properties(css, asked), encoding="utf-8")


def _inline(pages: Iterable[str]) -> set[str]:
    """Return the scripts that stand in the pages themselves."""
    return {
        match["body"]
        for html in pages
        for match in _SCRIPT.finditer(html)
        if "src=" not in match["attributes"] and "json" not in match["attributes"]
    }


def _language(path: Path, languages: Mapping[str, str]) -> str:
    """Return the language of a page, the one whose folder is the most exact."""
    inside = [name for name, folder in languages.items() if path.as_posix().startswith(folder)]
    return max(inside, key=lambda name: len(languages[name]))


def _list(site: Path, languages: Mapping[str, str]) -> None:
    """Write the list of files that the worker keeps, and the worker itself with its version."""
    kept: dict[str, list[list[str]]] = {"shared": [], **{name: [] for name in languages}}
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site)
        if not path.is_file() or path.suffix in _LEFT_OUT:
            continue
        if path.name in (_WORKER, _LIST, "numbers.json"):
            continue
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        url = name.as_posix().removesuffix("index.html")
        ours = path.suffix == ".html" or path.name == "search_index.json"
        kept[_language(name, languages) if ours else "shared"].append([url, digest])
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    (site / _LIST).write_text(text, encoding="utf-8")
    worker = site / _WORKER
    version = json.dumps(hashlib.sha256(text.encode()).hexdigest()[:16])
    worker.write_text(worker.read_text(encoding="utf-8").replace(_VERSION, version, 1), "utf-8")


def _pack(site: Path) -> None:
    """Pack the site; the same site gives the same bytes."""
    with zipfile.ZipFile(site / ARCHIVE, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        archive.writestr(_entry("README.txt"), _README)
        for path in sorted(site.rglob("*")):
            if path.is_file() and path.name != ARCHIVE:
                archive.writestr(_entry(path.relative_to(site).as_posix()), path.read_bytes())


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(f"llms-computed/{name}", (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
