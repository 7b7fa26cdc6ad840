"""The sentences that ladders are measured on."""

from __future__ import annotations

from explainer.models import path
from explainer.models.tokenizer import tokenizer_from_file
from explainer.sentences import sentence_pairs


def test_forty_eight_different_sentences() -> None:
    """Two dozen pairs, no sentence twice, each a whole one."""
    sentences = [sentence for pair in sentence_pairs() for sentence in pair]
    assert len(sentences) == len(set(sentences)) == 48
    assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in sentences)


def test_the_model_can_read_them() -> None:
    """None holds a word that MiniLM's tokenizer does not know, or is cut short."""
    tokenizer = tokenizer_from_file(path("minilm").parent / "tokenizer.json")
    for encoding in tokenizer.encode_batch([s for pair in sentence_pairs() for s in pair]):
        assert "[UNK]" not in encoding.tokens
        assert 4 < len(encoding.ids) <= 16
