"""Pairs of sentences of similar meaning, to see what a model of sentences makes of them."""

from __future__ import annotations

import json
from importlib import resources


def sentence_pairs() -> tuple[tuple[str, str], ...]:
    """Return two dozen pairs of English sentences; the two of a pair mean nearly the same.

    Returns:
        Forty-eight different sentences. They were written for this site: enough to follow what a
        change does to one model, too few and too easy to rank models by.

    Examples:
        >>> pairs = sentence_pairs()
        >>> len(pairs), pairs[1]
        (24, ('The cat is asleep on the sofa.', 'A kitten naps on the couch.'))
    """
    file = resources.files("explainer") / "data" / "sentence_pairs.json"
    pairs = json.loads(file.read_text(encoding="utf-8"))["pairs"]
    return tuple((first, second) for first, second in pairs)
