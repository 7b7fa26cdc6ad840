"""The task of the tiny GPT: six letters A, B, C go in, the same letters come out in order.

A text is the six letters and their answer, 12 tokens; the model sees the first 11 of them and
says after each which comes next. What it says after the sixth to the eleventh is its answer.
"""

from __future__ import annotations

from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Bool, Int

from explainer.gpt.model import GPTConfig, Params, Tokens, apply_gpt

VOCABULARY = "ABC"
NUM_LETTERS = 6


def tokens_of(letters: str) -> Int[np.ndarray, " T"]:
    """Return the token of each letter: A is 0, B is 1, C is 2.

    Args:
        letters: Any number of A, B and C, small or capital.

    Returns:
        Token ids, shape `[T]`, int32.

    Raises:
        ValueError: If another character is among them; the model has no token for it.

    Examples:
        >>> tokens_of("CAB").tolist()
        [2, 0, 1]
    """
    for letter in letters.upper():
        if letter not in VOCABULARY:
            raise ValueError(
                f"`letters` (={letters!r}) must be of {VOCABULARY} only; the model has no token "
                f"for {letter!r}"
            )
    return np.array([VOCABULARY.index(letter) for letter in letters.upper()], np.int32)


def letters_of(tokens: Sequence[int] | Int[Array | np.ndarray, " T"]) -> str:
    """Return the letters that tokens stand for.

    Args:
        tokens: Token ids, 0 to 2.

    Returns:
        One letter a token.

    Examples:
        >>> letters_of([2, 0, 1])
        'CAB'
    """
    return "".join(VOCABULARY[int(token)] for token in tokens)


def every_input() -> Int[np.ndarray, "n 6"]:
    """Return all 3⁶ = 729 inputs, in the order of a dictionary.

    Returns:
        Token ids, shape `[729, 6]`, int32.

    Examples:
        >>> letters_of(every_input()[0]), letters_of(every_input()[5]), len(every_input())
        ('AAAAAA', 'AAAABC', 729)
    """
    grid = np.indices((len(VOCABULARY),) * NUM_LETTERS, dtype=np.int32)
    return grid.reshape(NUM_LETTERS, -1).T.copy()


def sorting_texts(inputs: Int[Array | np.ndarray, "n 6"]) -> Int[np.ndarray, "n 12"]:
    """Return each input with its right answer behind it.

    Args:
        inputs: Token ids, shape `[n, 6]`.

    Returns:
        Token ids, shape `[n, 12]`.

    Examples:
        >>> letters_of(sorting_texts(tokens_of("CBABBC")[None])[0])
        'CBABBCABBBCC'
    """
    given = np.asarray(inputs)
    return np.concatenate([given, np.sort(given, axis=1)], axis=1)


def generate(
    params: Params, prompt: Tokens, config: GPTConfig, *, num_tokens: int
) -> Int[Array, " num_tokens"]:
    """Continue a text, each time with the most probable token.

    Args:
        params: Parameters.
        prompt: Token ids, shape `[P]`, at least one.
        config: Sizes.
        num_tokens: How many tokens to add.

    Returns:
        The added tokens, shape `[num_tokens]`. Of equally probable ones, the first.

    Raises:
        ValueError: If the prompt is empty, or the text outgrows the context; its last token is
            only said, never read, and does not count.

    Examples:
        >>> from explainer.gpt.model import init_gpt
        >>> config = GPTConfig()
        >>> params = init_gpt(config, key=jax.random.key(0))
        >>> generate(params, tokens_of("CBABBC"), config, num_tokens=6).shape
        (6,)
    """
    start = len(prompt)
    if not start:
        raise ValueError("`prompt` (=0 tokens) must hold at least one")
    if start + num_tokens - 1 > config.context_length:
        raise ValueError(
            f"`prompt` (={start} tokens) and `num_tokens` (={num_tokens}) less one must be at "
            f"most `context_length` (={config.context_length})"
        )
    # The places still to be filled hold a token too; no earlier place can see them.
    text = jnp.zeros(start + num_tokens, jnp.int32).at[:start].set(jnp.asarray(prompt, jnp.int32))

    def step(text: Array, place: Array) -> tuple[Array, Array]:
        logits = apply_gpt(params, text[:-1], config)
        said = logits[place].argmax().astype(jnp.int32)
        return text.at[place + 1].set(said), said

    places = jnp.arange(start - 1, start + num_tokens - 1)
    said: Array = jax.lax.scan(step, text, places)[1]
    return said


@jax.jit
def answers(
    params: Params, inputs: Int[Array | np.ndarray, "n 6"], config: GPTConfig
) -> Int[Array, "n 6"]:
    """Return what the model says to each input, letter by letter.

    Args:
        params: Parameters.
        inputs: Token ids, shape `[n, 6]`.
        config: Sizes.

    Returns:
        Token ids, shape `[n, 6]`.
    """
    return jax.vmap(lambda prompt: generate(params, prompt, config, num_tokens=NUM_LETTERS))(
        jnp.asarray(inputs)
    )


@jax.jit
def sorted_rightly(
    params: Params, inputs: Int[Array | np.ndarray, "n 6"], config: GPTConfig
) -> Bool[Array, " n"]:
    """Return for each input whether all six letters of the answer are right.

    Args:
        params: Parameters.
        inputs: Token ids, shape `[n, 6]`.
        config: Sizes.

    Returns:
        Shape `[n]`.
    """
    right = jnp.sort(jnp.asarray(inputs), axis=1)
    is_right: Array = (answers(params, inputs, config) == right).all(1)
    return is_right


def sort_letters(params: Params, letters: str, config: GPTConfig) -> str:
    """Return what the model makes of six letters; a trained one sorts them.

    Args:
        params: Parameters.
        letters: Six of A, B and C.
        config: Sizes.

    Returns:
        Six letters.

    Raises:
        ValueError: If there are not six, or another character is among them.

    Examples:
        >>> from explainer.gpt import trained_gpt
        >>> sort_letters(trained_gpt(), "CBABBC", GPTConfig())
        'ABBBCC'
    """
    if len(letters) != NUM_LETTERS:
        raise ValueError(f"`letters` (={letters!r}) must be {NUM_LETTERS} of {VOCABULARY}")
    return letters_of(answers(params, tokens_of(letters)[None], config)[0])
