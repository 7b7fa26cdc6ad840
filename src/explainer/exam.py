"""What a language model is tested on: two short texts and a hundred facts, and its answers.

The texts are fixed and ship with the library: the opening of *Alice's Adventures in Wonderland*
(Lewis Carroll, 1865, in the public domain), which a model has likely read in training, and
*The lock*, written for this site, which it cannot have.
"""

from __future__ import annotations

import json
from functools import partial
from importlib.resources import files
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import Array

from explainer.models.llama import Llama, LlamaConfig, LlamaParams, apply_llama
from explainer.models.llama_decoder import Cache, empty_cache, next_logits, run_layers

TEXTS = ("alice", "lock")
MAX_TOKENS = 849
"""Predicted tokens of one text at most: with SmolLM2's tokenizer both texts make 1,500."""
START_TOKEN = "<|endoftext|>"
"""Put before a text where the vocabulary has it: without any first token to lean on, a model that
was trained with one is markedly worse."""
_PROMPTS_AT_ONCE = 25
Ids = npt.NDArray[np.int32]


class KnownFact(NamedTuple):
    """A statement without its last word, and that word."""

    prompt: str
    expected: str


class Exam(NamedTuple):
    """Texts and facts as one model's ids.

    Args:
        texts: Ids of each text.
        prefix: Ids before every prompt.
        prompts: Ids of the prompts, padded behind, `[N S]`.
        lengths: Ids of each prompt, `[N]`.
        expected: First id of each answer, `[N]`.
        facts: The facts themselves.
    """

    texts: tuple[Ids, ...]
    prefix: Ids
    prompts: Ids
    lengths: Ids
    expected: Ids
    facts: tuple[KnownFact, ...]


class Answers(NamedTuple):
    """What a model made of an exam.

    Args:
        text_logits: `[T V]` for each text.
        chosen: Most likely next id after each prompt, `[N]`.
        probability: Of the expected id, `[N]`.
    """

    text_logits: tuple[Array, ...]
    chosen: npt.NDArray[np.int32]
    probability: npt.NDArray[np.float32]


def text_named(name: str) -> str:
    """Return one of the texts.

    Args:
        name: One of `TEXTS`.

    Examples:
        >>> text_named("alice")[:15]
        'Alice was begin'
    """
    if name not in TEXTS:
        raise ValueError(f"`name` (={name!r}) must be one of {', '.join(TEXTS)}")
    return files("explainer").joinpath(f"data/texts/{name}.txt").read_text("utf-8")


def known_facts() -> tuple[str, tuple[KnownFact, ...]]:
    """Return the prefix and the hundred facts.

    Examples:
        >>> len(known_facts()[1]), known_facts()[1][0]
        (100, KnownFact(prompt='The capital of France is', expected=' Paris'))
    """
    raw: Any = json.loads(files("explainer").joinpath("data/known_facts.json").read_bytes())
    return raw["prefix"], tuple(KnownFact(*fact) for fact in raw["facts"])


def prepare_exam(
    tokenizer: Any, *, max_tokens: int = MAX_TOKENS, num_facts: int | None = None
) -> Exam:
    """Return the exam in the ids of a model.

    Args:
        tokenizer: From `explainer.models.tokenizer`.
        max_tokens: Predicted tokens of one text at most.
        num_facts: The first so many facts; all if None.

    Raises:
        ValueError: If an answer begins inside a token of its prompt.
    """
    start = START_TOKEN if tokenizer.token_to_id(START_TOKEN) is not None else ""
    texts = tuple(
        np.array(tokenizer.encode(start + text_named(name)).ids[: max_tokens + 1], np.int32)
        for name in TEXTS
    )
    prefix, facts = known_facts()
    facts = facts[:num_facts]
    ids = [tokenizer.encode(start + prefix + fact.prompt).ids for fact in facts]
    wholes = [tokenizer.encode(start + prefix + "".join(fact)).ids for fact in facts]
    for fact, prompt, whole in zip(facts, ids, wholes, strict=True):
        if whole[: len(prompt)] != prompt or len(whole) == len(prompt):
            raise ValueError(f"the answer to {fact.prompt!r} must begin with a token of its own")
    shared = len(tokenizer.encode(start + prefix).ids)
    shared = min(shared, *(len(prompt) - 1 for prompt in ids))
    while any(prompt[:shared] != ids[0][:shared] for prompt in ids):
        shared -= 1
    longest = max(map(len, ids)) - shared
    prompts = np.zeros((len(ids), longest), np.int32)
    for row, prompt in zip(prompts, ids, strict=True):
        row[: len(prompt) - shared] = prompt[shared:]
    return Exam(
        texts=texts,
        prefix=np.array(ids[0][:shared], np.int32),
        prompts=prompts,
        lengths=np.array([len(prompt) - shared for prompt in ids], np.int32),
        expected=np.array([whole[len(p)] for whole, p in zip(wholes, ids, strict=True)], np.int32),
        facts=facts,
    )


def sit_exam(params: LlamaParams, config: LlamaConfig, exam: Exam) -> Answers:
    """Let a model take the exam.

    Args:
        params: Whole or coarsened, of the same shapes.
        config: Sizes.
        exam: From `prepare_exam`, with this model's tokenizer.
    """
    text_logits = tuple(apply_llama(params, ids, config) for ids in exam.texts)
    chosen, probability = _answer(
        params, exam.prefix, exam.prompts, exam.lengths, exam.expected, config
    )
    return Answers(text_logits, np.asarray(chosen), np.asarray(probability))


def model_exam(model: Llama, **settings: Any) -> Exam:
    """Return `prepare_exam` for a loaded model."""
    return prepare_exam(model.tokenizer, **settings)


@partial(jax.jit, static_argnames="config")
def _answer(
    params: LlamaParams,
    prefix: Array,
    prompts: Array,
    lengths: Array,
    expected: Array,
    config: LlamaConfig,
) -> tuple[Array, Array]:
    """Read the prefix once, then each prompt after it; what stands behind a prompt has no say."""
    prefix_length = len(prefix)
    cache = empty_cache(config, prefix_length + prompts.shape[1])
    start = jnp.int32(0)
    _, cache, _ = run_layers(params, prefix, Cache(*cache), start, config)

    def one(question: tuple[Array, Array, Array]) -> tuple[Array, Array]:
        prompt, length, wanted = question
        x, _, _ = run_layers(params, prompt, cache, jnp.int32(prefix_length), config)
        logits = next_logits(params, jax.lax.dynamic_slice_in_dim(x, length - 1, 1))[0]
        return logits.argmax().astype(jnp.int32), jax.nn.softmax(logits)[wanted]

    questions = (prompts, lengths, expected)
    chosen: tuple[Array, Array] = jax.lax.map(one, questions, batch_size=_PROMPTS_AT_ONCE)
    return chosen
