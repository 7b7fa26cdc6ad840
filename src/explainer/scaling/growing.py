r"""Networks of growing width learn one small made-up language: a scaling curve of our own.

The language has a few letters. What comes next depends on the last letters by rules such as "an a
two places ago and a c now make an e likelier", each weaker than the one before it, as a text has a
few strong regularities and many faint ones. Its entropy is known exactly, so what a network loses
above it is known exactly too: no test set, no noise of measuring.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import Array
from jax.tree_util import Partial
from jaxtyping import Float, Int

from explainer.classification import cross_entropy
from explainer.network import MLP, Layer, apply_mlp, init_mlp, mlp_shapes
from explainer.parameters import count_parameters
from explainer.training import train

LEARNING_RATE = 1e-2
BATCH_SIZE = 128


class Language(NamedTuple):
    """What follows each context.

    Args:
        inputs: Each context's letters as ones and zeros, shape `[V**K, K V]`.
        log_probs: Of each next letter, shape `[V**K, V]`.
    """

    inputs: Array
    log_probs: Array

    @property
    def entropy(self) -> float:
        """Return the loss of whoever knows the language, in nats a letter."""
        return float(-(jnp.exp(self.log_probs) * self.log_probs).sum(-1).mean())


class Grown(NamedTuple):
    """What networks of several sizes, or fed differently, made of a language.

    Args:
        parameters: Of each network, shape `[n]`.
        letters: Different examples that it could see, shape `[n]`.
        excess: Loss above the entropy, in nats a letter, shape `[n, num_seeds]`.
    """

    parameters: np.ndarray
    letters: np.ndarray
    excess: np.ndarray


class _Lesson(NamedTuple):
    """The language, and the text that one seed reads: contexts and what came next."""

    language: Language
    codes: Array
    following: Array


def made_up_language(
    *,
    vocab_size: int = 6,
    context: int = 4,
    decay: int | float = 0.75,
    strength: int | float = 6.0,
    seed: int = 0,
) -> Language:
    r"""Return a language with a rule for each pair of letters at each pair of places.

    Rule $k$ adds $s\,k^{-d}$ to the logit of one letter wherever its pair stands.

    Args:
        vocab_size: $V$, letters, at least 2.
        context: $K$, letters that have a say, at least 2.
        decay: $d$: how fast rules get weaker, at least 0.
        strength: $s$, of the strongest rule.
        seed: Of the order of the rules and of their letters.

    Returns:
        Every context with its next letters; all contexts are equally frequent.

    Raises:
        ValueError: If there are fewer than two letters or places.

    Examples:
        >>> made_up_language().log_probs.shape
        (1296, 6)
    """
    if vocab_size < 2 or context < 2:
        raise ValueError(
            f"`vocab_size` (={vocab_size}) and `context` (={context}) must be at least 2"
        )
    V, K = vocab_size, context
    rng = np.random.default_rng(seed)
    letters = (np.arange(V**K)[:, None] // V ** np.arange(K)) % V  # [V**K, K]
    pairs = [(i, j, a, b) for i in range(K) for j in range(i) for a in range(V) for b in range(V)]
    logits = np.zeros((V**K, V))
    for rank, chosen in enumerate(rng.permutation(len(pairs)), start=1):
        i, j, a, b = pairs[chosen]
        stands = (letters[:, i] == a) & (letters[:, j] == b)
        logits[stands, rng.integers(V)] += strength * rank**-decay
    ones = np.eye(V, dtype=np.float32)[letters].reshape(V**K, K * V)
    return Language(jnp.asarray(ones), jax.nn.log_softmax(jnp.asarray(logits, jnp.float32)))


def network_widths(language: Language, width: int) -> tuple[int, int, int]:
    """Return units of the input, of the one hidden layer, of the output."""
    return language.inputs.shape[1], width, language.log_probs.shape[1]


def grow(
    language: Language,
    widths: Sequence[int],
    *,
    key: Array,
    num_seeds: int = 4,
    num_steps: int = 1500,
    letters: Sequence[int] | None = None,
) -> Grown:
    """Train networks of several widths on a language, several seeds of each, in one program.

    Args:
        language: To learn.
        widths: Hidden units of each network, at least 1 each.
        key: Random key; each seed has a text and starting numbers of its own.
        num_seeds: How many.
        num_steps: Updates, on `BATCH_SIZE` examples each.
        letters: Different examples that each network may see, 1 to `num_steps * BATCH_SIZE`; it
            sees fewer ones again and again. As many as it takes if None.

    Returns:
        Sizes and exact losses above the entropy.

    Raises:
        ValueError: If a number is out of range, or `letters` are not as many as `widths`.
    """
    most = num_steps * BATCH_SIZE
    fed = [most] * len(widths) if letters is None else list(letters)
    if not widths or min(widths) < 1 or num_seeds < 1 or num_steps < 1:
        raise ValueError(
            f"`widths` (={tuple(widths)}), `num_seeds` (={num_seeds}) and `num_steps` "
            f"(={num_steps}) must be at least 1"
        )
    if len(fed) != len(widths) or not all(1 <= number <= most for number in fed):
        raise ValueError(
            f"`letters` (={tuple(fed)}) must be as many as `widths` (={len(widths)}), each 1 to "
            f"`num_steps` times {BATCH_SIZE} (={most})"
        )
    excess = _grow(
        language,
        jnp.asarray(fed, jnp.int32),
        jax.random.split(key, num_seeds),
        widths=tuple(widths),
        num_steps=num_steps,
    )
    sizes = [count_parameters(mlp_shapes(network_widths(language, width))) for width in widths]
    return Grown(np.array(sizes), np.array(fed), np.asarray(excess).T)


@partial(jax.jit, static_argnames=("widths", "num_steps"))
def _grow(
    language: Language,
    letters: Int[Array, " n"],
    keys: Array,
    *,
    widths: tuple[int, ...],
    num_steps: int,
) -> Float[Array, "num_seeds n"]:
    """Return the excess loss of each seed's networks."""
    optimizer = optax.adam(optax.cosine_decay_schedule(LEARNING_RATE, num_steps))

    def one_seed(key: Array) -> Array:
        start_key, code_key, next_key, train_key = jax.random.split(key, 4)
        starts = [
            _padded(init_mlp(network_widths(language, width), key=start_key), max(widths))
            for width in widths
        ]
        stacked = jax.tree.map(lambda *leaves: jnp.stack(leaves), *starts)
        shape = (num_steps * BATCH_SIZE,)
        codes = jax.random.randint(code_key, shape, 0, len(language.inputs))
        following = jax.random.categorical(next_key, language.log_probs[codes])
        lesson = _Lesson(language, codes, following)

        def one_network(params: MLP, limit: Array) -> Array:
            trained = train(
                params,
                # One "example" of everything: the loss draws its own batch, below the limit.
                jax.tree.map(lambda leaf: leaf[None], lesson),
                loss=Partial(_loss, limit=limit),  # type: ignore[no-untyped-call]
                optimizer=optimizer,
                num_steps=num_steps,
                key=train_key,
            )
            return excess_loss(trained.params, language)

        return jax.vmap(one_network)(stacked, letters)

    return jax.vmap(one_seed)(keys)


def excess_loss(params: Sequence[Layer], language: Language) -> Float[Array, ""]:
    """Return the exact loss above the entropy: mean KL over all contexts, in nats a letter."""
    found = jax.nn.log_softmax(apply_mlp(params, language.inputs))
    return (jnp.exp(language.log_probs) * (language.log_probs - found)).sum(-1).mean()


def _loss(params: MLP, batch: _Lesson, key: Array, *, limit: Array) -> Array:
    """Return the cross-entropy on a random batch of the first `limit` letters of the text."""
    lesson = jax.tree.map(lambda leaf: leaf[0], batch)
    rows = jax.random.randint(key, (BATCH_SIZE,), 0, limit)
    logits = apply_mlp(params, lesson.language.inputs[lesson.codes[rows]])
    return cross_entropy(logits, lesson.following[rows])


def _padded(params: MLP, width: int) -> MLP:
    """Return a network with hidden units added that are zero and stay so.

    Their weights in and out are zero, so relu hands on nothing and no gradient reaches them: one
    program trains all widths, and each network is exactly the one it would be alone.
    """
    hidden, output = params
    more = width - len(hidden.weight)
    assert hidden.bias is not None
    return (
        Layer(jnp.pad(hidden.weight, ((0, more), (0, 0))), jnp.pad(hidden.bias, (0, more))),
        Layer(jnp.pad(output.weight, ((0, 0), (0, more))), output.bias),
    )
