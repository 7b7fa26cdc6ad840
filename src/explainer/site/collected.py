"""What can be written only when all pages are known: the ledger, the gallery, the site's figures.

A page leaves a place for each, an empty `div`; the plugin fills it before the pages are written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape

PLACES = ("ledger", "gallery", "site-facts")
_PLACE = re.compile(rf'<div class="({"|".join(PLACES)})" data-language="\w+"></div>')


def place(name: str, language: str) -> str:
    """Return the place of one of `PLACES` on a page."""
    return f'<div class="{name}" data-language="{escape(language)}"></div>'


def fill(html: str, writers: Mapping[str, Callable[[str], str]], *, base: str) -> str:
    """Return a page with its places filled.

    Args:
        html: The page's content.
        writers: What writes each place, given `base`; called only where it is needed.
        base: Address of the language's root as seen from the page, "../".

    Examples:
        >>> fill(place("ledger", "en"), {"ledger": lambda base: f"<p>{base}</p>"}, base="../")
        '<p>../</p>'
    """
    return _PLACE.sub(lambda found: writers[found[1]](base), html)
