"""The task: letters, tokens, texts, and the model's own continuation, checked against Python."""

from __future__ import annotations

import itertools

import jax
import numpy as np
import pytest

from explainer.gpt import (
    GPTConfig,
    answers,
    apply_gpt,
    every_input,
    generate,
    init_gpt,
    letters_of,
    sort_letters,
    sorted_rightly,
    sorting_texts,
    tokens_of,
    trained_gpt,
)

CONFIG = GPTConfig()


def test_every_input_is_the_product_of_the_letters() -> None:
    """The 729 inputs are those that itertools makes, in its order."""
    words = ["".join(letters) for letters in itertools.product("ABC", repeat=6)]
    assert [letters_of(row) for row in every_input()] == words


def test_texts_end_with_the_sorted_letters() -> None:
    """Behind each input stands what Python's `sorted` makes of it."""
    for text in map(letters_of, sorting_texts(every_input())):
        assert text[6:] == "".join(sorted(text[:6]))


def test_generation_is_a_loop_over_growing_texts() -> None:
    """Tokens come out as if the model were called on the text so far, again and again."""
    params = jax.tree.map(lambda leaf: 3 * leaf, init_gpt(CONFIG, key=jax.random.key(5)))
    text, logits_of = [1, 0, 2, 2], jax.jit(apply_gpt)
    said = generate(params, np.array(text, np.int32), CONFIG, num_tokens=8)
    for _ in range(8):
        logits = logits_of(params, np.array(text, np.int32), CONFIG)
        text.append(int(np.asarray(logits)[-1].argmax()))
    assert said.tolist() == text[4:]


def test_rightly_is_as_python_sorts() -> None:
    """An input counts as sorted where each letter of the answer is the one of Python's `sorted`."""
    params = jax.tree.map(lambda leaf: leaf + 0.15, trained_gpt())  # spoilt: right here and there
    said = np.asarray(answers(params, every_input(), CONFIG)).tolist()
    right = [
        sorted(given) == answer for given, answer in zip(every_input().tolist(), said, strict=True)
    ]
    assert np.asarray(sorted_rightly(params, every_input(), CONFIG)).tolist() == right
    assert 0 < sum(right) < 729


def test_small_letters_are_letters() -> None:
    """The trained model sorts `cbabbc` as it sorts `CBABBC`."""
    assert sort_letters(trained_gpt(), "cbabbc", CONFIG) == "ABBBCC"


def test_other_characters_are_refused() -> None:
    """A letter without a token is named."""
    with pytest.raises(ValueError, match=r"`letters` \(='ABDA'\).*no token for 'D'"):
        tokens_of("ABDA")


@pytest.mark.parametrize("letters", ["", "ABCAB", "ABCABCA"])
def test_other_lengths_are_refused(letters: str) -> None:
    """The sorter takes six letters, neither more nor fewer."""
    with pytest.raises(ValueError, match=rf"`letters` \(='{letters}'\) must be 6 of ABC"):
        sort_letters(trained_gpt(), letters, CONFIG)


def test_too_long_a_continuation_is_refused() -> None:
    """Six letters and seven more need a context of twelve; nothing to continue is refused too."""
    params = trained_gpt()
    with pytest.raises(ValueError, match=r"`num_tokens` \(=7\).*`context_length` \(=11\)"):
        generate(params, tokens_of("CBABBC"), CONFIG, num_tokens=7)
    with pytest.raises(ValueError, match=r"`prompt` \(=0 tokens\)"):
        generate(params, tokens_of(""), CONFIG, num_tokens=1)
