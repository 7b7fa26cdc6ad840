"""Checks of `snippets/vectors/words.py`."""

import runpy
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "vectors" / "words.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_words_make_up_the_texts(run: dict[str, Any]) -> None:
    """The words, one after the other, are the text without spaces and its full stop or mark."""
    for text, words in run["texts"].items():
        assert "".join(words) == text.replace(" ", "").removesuffix("？")
    for row in run["rows"]:
        assert row["characters"] == len(row["text"])


def test_minilm_pieces_by_the_longest_match(run: dict[str, Any]) -> None:
    """WordPiece by its rule, on the model's own list of tokens: always the longest that fits."""
    import re

    from explainer.models import path

    file = path("minilm").parent / "vocab.txt"
    known = set(file.read_text(encoding="utf-8").splitlines())

    def cut(word: str) -> list[str]:
        found, at = [], 0
        while at < len(word):
            marks = "##" if at else ""
            ends = [end for end in range(len(word), at, -1) if marks + word[at:end] in known]
            if not ends:
                return ["[UNK]"]
            found.append(marks + word[at : ends[0]])
            at = ends[0]
        return found

    for row in run["rows"]:
        words = re.findall(r"[a-z]+|[^a-z\s]", row["text"].lower())
        pieces = [piece for word in words for piece in cut(word)]
        assert run["pieces"][row["text"]] == pieces
        assert (row["minilm"], row["unknown"]) == (len(pieces), pieces.count("[UNK]"))


def test_smollm2_by_merging_in_order(run: dict[str, Any]) -> None:
    """Byte pairs merged by hand, in the order of the file's own list."""
    from gguf import GGUFReader

    from explainer.models import path

    fields = GGUFReader(path("smollm2")).fields
    merges = fields["tokenizer.ggml.merges"].contents()
    order = {tuple(merge.split(" ", 1)): place for place, merge in enumerate(merges)}
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    shifted = (byte for byte in range(256) if byte not in printable)
    letters = {byte: chr(byte) for byte in printable}
    letters |= {byte: chr(256 + place) for place, byte in enumerate(shifted)}

    def merged(piece: str) -> list[str]:
        parts = [letters[byte] for byte in piece.encode()]
        while True:
            pairs = [(order.get(pair, len(order)), pair) for pair in pairwise(parts)]
            best = min(pairs, default=(len(order), ("", "")))
            if best[0] == len(order):
                return parts
            at = next(i for i in range(len(parts)) if tuple(parts[i : i + 2]) == best[1])
            parts[at : at + 2] = ["".join(best[1])]

    # GPT-2's rule for these texts: a word with the space before it, 's, and marks by themselves.
    cuts = {
        "Dogs are man's best friend": ["Dogs", " are", " man", "'s", " best", " friend"],
        "unbelievably": ["unbelievably"],
        "明天适合去野餐吗？": ["明天适合去野餐吗", "？"],
        "人工智能": ["人工智能"],
    }
    for row in run["rows"]:
        assert row["smollm2"] == sum(len(merged(piece)) for piece in cuts[row["text"]])
    assert run["split"] == merged("unbelievably")
    assert run["sizes"] == [len(fields["tokenizer.ggml.tokens"].contents()), 30_522]
