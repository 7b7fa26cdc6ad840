r"""Distillation: a student learns from what a teacher says, not only from the right answers.

Either from the teacher's probabilities (soft labels, Hinton et al. 2015), which needs the same
classes on both sides, or from text that the teacher wrote (sequence-level distillation), which
needs nothing but the text: what DeepSeek-R1's "distills" are.
"""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import optax
from jax import Array
from jax.typing import ArrayLike
from jaxtyping import Bool, Float, Int

from explainer.classification import cross_entropy

Logits = Float[Array, "*batch num_classes"]


def soft_labels(logits: Logits, *, temperature: ArrayLike = 1.0) -> Logits:
    r"""Return $\mathrm{softmax}(z / T)$.

    Args:
        logits: $z$, shape `[..., num_classes]`.
        temperature: $T$, positive. 1 changes nothing; the larger, the more even.

    Returns:
        Probabilities, shape `[..., num_classes]`.

    Examples:
        >>> round(float(soft_labels(jnp.array([4.0, 0.0]), temperature=4.0)[0]), 4)
        0.7311
    """
    return jax.nn.softmax(_cooled(logits, temperature))


def soft_loss(
    student_logits: Logits, teacher_logits: Logits, *, temperature: ArrayLike
) -> Float[Array, ""]:
    r"""Return $T^2 \, \mathrm{KL}(p \,\|\, q)$, the mean over the examples.

    $p = \mathrm{softmax}(z_t / T)$ is the teacher's answer, $q = \mathrm{softmax}(z_s / T)$ the
    student's. The gradient in $z_s$ is $T (q - p)$ per example: each of the two divisions by T
    makes it smaller, and $T^2$ keeps its size when T changes.

    Args:
        student_logits: $z_s$, shape `[..., num_classes]`.
        teacher_logits: $z_t$, of the same shape.
        temperature: $T$, positive.

    Returns:
        The loss in nats, as PyTorch's `KLDivLoss(reduction="batchmean")` gives it (which takes
        log-probabilities of the student); its "mean" is `num_classes` times too small.

    References:
        Hinton, Vinyals, Dean 2015, Distilling the Knowledge in a Neural Network, section 2.
    """
    log_student = jax.nn.log_softmax(_cooled(student_logits, temperature))
    teacher = soft_labels(teacher_logits, temperature=temperature)
    divergence: Array = optax.losses.kl_divergence(log_student, teacher)  # [...]
    return jnp.asarray(temperature, divergence.dtype) ** 2 * divergence.mean()


def distillation_loss(
    student_logits: Logits,
    teacher_logits: Logits,
    labels: Int[Array, "*batch"],
    *,
    temperature: ArrayLike,
    alpha: ArrayLike,
) -> Float[Array, ""]:
    r"""Return $\alpha \, T^2 \mathrm{KL} + (1 - \alpha) \, \mathrm{CE}$.

    Args:
        student_logits: $z_s$, shape `[..., num_classes]`.
        teacher_logits: $z_t$, of the same shape.
        labels: The right classes, shape `[...]`.
        temperature: $T$ of the soft part; the hard part is at temperature 1.
        alpha: $\alpha$, weight of the soft part, 0 (the student alone) to 1.

    Returns:
        The mean loss in nats.
    """
    soft = soft_loss(student_logits, teacher_logits, temperature=temperature)
    hard = cross_entropy(student_logits, labels)
    alpha = jnp.asarray(alpha, soft.dtype)
    return alpha * soft + (1 - alpha) * hard


def flatten_wrong_classes(
    teacher_logits: Logits, labels: Int[Array, "*batch"], *, temperature: ArrayLike
) -> Logits:
    r"""Return logits that say the same of the label and nothing of the other classes.

    A control: label smoothing of the teacher's strength. At `temperature` the label keeps its
    probability and the others share the rest evenly:
    $z_j = T \left( \log \sum_{k \ne y} e^{z_k / T} - \log (C - 1) \right)$ for $j \ne y$.

    Args:
        teacher_logits: Shape `[..., num_classes]`.
        labels: $y$, shape `[...]`.
        temperature: The $T$ that the logits will be used at.

    Returns:
        Logits of the same shape.
    """
    scale = jnp.asarray(temperature, teacher_logits.dtype)
    is_label = _is_label(teacher_logits, labels)
    wrong = jnp.where(is_label, -jnp.inf, teacher_logits / scale)
    total = jax.nn.logsumexp(wrong, axis=-1, keepdims=True)  # [..., 1]
    even = scale * (total - jnp.log(jnp.asarray(teacher_logits.shape[-1] - 1, total.dtype)))
    return jnp.where(is_label, teacher_logits, jnp.broadcast_to(even, teacher_logits.shape))


def shuffle_wrong_classes(
    teacher_logits: Logits, labels: Int[Array, "*batch"], *, key: Array
) -> Logits:
    """Return logits whose wrong classes have changed places, anew for each example.

    A control: as uneven as the teacher's, but it no longer says which classes are alike.

    Args:
        teacher_logits: Shape `[..., num_classes]`.
        labels: The classes that stay where they are, shape `[...]`.
        key: Random key.

    Returns:
        Logits of the same shape; each example's values are a permutation of its own.
    """
    is_label = _is_label(teacher_logits, labels)
    draw = jax.random.uniform(key, teacher_logits.shape)
    # The wrong classes in random order, then the label.
    order = jnp.argsort(jnp.where(is_label, jnp.inf, draw), axis=-1)
    # A wrong class c takes the next of them: the c-th, or the one before where the label is below.
    last = teacher_logits.shape[-1] - 1
    place = jnp.broadcast_to(jnp.arange(last + 1, dtype=labels.dtype), is_label.shape)
    above = place > jnp.broadcast_to(labels[..., None], is_label.shape)
    place = jnp.where(is_label, last, place - above.astype(place.dtype))
    source = jnp.take_along_axis(order, place, axis=-1)
    return jnp.take_along_axis(teacher_logits, source, axis=-1)


def sample_text(
    next_logits: Callable[[Int[Array, " T"], Int[Array, ""]], Float[Array, " V"]],
    prompt: Int[Array, " prompt_tokens"],
    *,
    num_tokens: int,
    key: Array,
    temperature: ArrayLike = 1.0,
) -> Int[Array, " T"]:
    """Return a prompt continued by a model, a token at a time.

    Args:
        next_logits: `next_logits(tokens, position)`: the model's logits for the token at
            `position`, from the tokens before it; those from `position` on are zeros.
        prompt: Token ids to begin with, at least one.
        num_tokens: How many to add.
        key: Random key; `jax.vmap` over keys for many texts.
        temperature: Of the sampling, positive.

    Returns:
        Token ids: the prompt and what the model wrote.
    """
    start = len(prompt)
    tokens = jnp.concatenate([prompt, jnp.zeros(num_tokens, prompt.dtype)])

    def write(tokens: Array, now: tuple[Array, Array]) -> tuple[Array, None]:
        position, draw_key = now
        logits = _cooled(next_logits(tokens, position), temperature)
        token = jax.random.categorical(draw_key, logits)
        return tokens.at[position].set(token.astype(tokens.dtype)), None

    positions = start + jnp.arange(num_tokens)
    tokens, _ = jax.lax.scan(write, tokens, (positions, jax.random.split(key, num_tokens)))
    return tokens


def sequence_loss(
    student_logits: Float[Array, "*batch T V"],
    tokens: Int[Array, "*batch T"],
    written: Bool[Array, "*batch T"],
) -> Float[Array, ""]:
    r"""Return the student's mean next-token cross-entropy on text that the teacher wrote.

    Plain fine-tuning: no logit of the teacher enters, so teacher and student may have different
    vocabularies (then `tokens` is the teacher's text in the student's tokens). Its minimum over
    all students is reached where the student's probabilities equal the teacher's.

    Args:
        student_logits: What the student says of the token at each position, `[..., T, V]`.
        tokens: The text, `[..., T]`.
        written: Which positions the teacher wrote; the prompt teaches nothing.

    Returns:
        The mean over the written tokens, in nats.

    References:
        Kim and Rush 2016, Sequence-Level Knowledge Distillation, section 3.2 (which takes the
        teacher's most probable text; here it is sampled). DeepSeek-AI 2025, DeepSeek-R1,
        section 2.4.
    """
    each: Array = optax.losses.softmax_cross_entropy_with_integer_labels(student_logits, tokens)
    return each.mean(where=written)


def _cooled(logits: Array, temperature: ArrayLike) -> Array:
    return logits / jnp.asarray(temperature, logits.dtype)


def _is_label(logits: Array, labels: Array) -> Array:
    return jax.nn.one_hot(labels, logits.shape[-1], dtype=bool)
