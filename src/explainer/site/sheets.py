"""One style sheet for what every page needs: a reader's browser asks once, not six times."""

from __future__ import annotations

import re
from pathlib import Path

# In the order of main.html.
SHEETS = ("explainer", "frame", "blocks", "figures", "charts", "receipt")
JOINED = "site"
_LINKS = re.compile(
    r'<link rel="stylesheet" href="(?P<base>[^"]*)assets/' + SHEETS[0] + r'\.css">'
    + "".join(
        rf'\s*<link rel="stylesheet" href="(?P=base)assets/{name}\.css">' for name in SHEETS[1:]
    )
)  # fmt: skip


def linked(html: str) -> str:
    """Return a page that asks for the joined sheet in place of the single ones.

    Examples:
        >>> page = "".join(f'<link rel="stylesheet" href="../assets/{n}.css">' for n in SHEETS)
        >>> linked(page)
        '<link rel="stylesheet" href="../assets/site.css">'
    """
    return _LINKS.sub(rf'<link rel="stylesheet" href="\g<base>assets/{JOINED}.css">', html)


def join(folder: Path) -> None:
    """Put the joined sheet in the place of the single ones.

    Args:
        folder: A language's folder, which holds `assets`.
    """
    files = [folder / "assets" / f"{name}.css" for name in SHEETS]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    (folder / "assets" / f"{JOINED}.css").write_text(text, encoding="utf-8")
    for file in files:
        file.unlink()
