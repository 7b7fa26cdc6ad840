"""What a site can say of itself: how many numbers it shows, of which kinds, and how many are typed.

The figures are counted when all pages are known. They are no rows of the ledger, which would
otherwise have to count itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from explainer.site import figures
from explainer.site.ledger import Row
from explainer.site.numerals import format_value
from explainer.site.source import Page

_WORDS = {
    "zh": {
        "numbers": "个数字",
        "computed": "个是算出来的",
        "measured": "个是量出来的",
        "cited": "个是引用的，都有出处",
        "claim": "句话，建站时逐句核对过",
        "typed": "个是手写的",
    },
    "en": {
        "numbers": "numbers on these pages",
        "computed": "of them computed",
        "measured": "of them measured",
        "cited": "of them cited, with their sources",
        "claim": "claims in words, checked at this build",
        "typed": "of the numbers typed",
    },
}


def count(rows: Sequence[Row], pages: Iterable[Page]) -> dict[str, int]:
    """Return the figures by name.

    Args:
        rows: All numbers and claims of one language.
        pages: The pages of that language, as their authors wrote them.

    Returns:
        `numbers`, which are `computed`, `measured` or `cited`; `claim`s; and the figures in prose
        that no computation stands behind, `typed`.
    """
    kinds = Counter(row.kind for row in rows)
    numbers = {kind: kinds[kind] for kind in ("computed", "measured", "cited")}
    typed = sum(len(figures.find(page.prose)) for page in pages)
    return {"numbers": sum(numbers.values()), **numbers, "claim": kinds["claim"], "typed": typed}


def render(counts: dict[str, int], language: str) -> str:
    """Return the figures as a list.

    Args:
        counts: What `count` returned.
        language: "zh" or "en".
    """
    items = "".join(
        f'<li><data class="n" value="{counts[name]}" data-kind="computed" '
        f'data-expr="ledger.{name}">{format_value(counts[name], "", language)}</data> {words}</li>'
        for name, words in _WORDS[language].items()
    )
    return f'<ul class="site-facts">{items}</ul>'
