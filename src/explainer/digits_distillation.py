"""Does a teacher help? A paired experiment on handwritten digits, every seed and condition at once.

A seed is a split of the data and a start of the networks. All conditions of a seed share both, so
a difference between two conditions of one seed is due to the condition. The held-out images are
divided once more: whatever is chosen (a temperature) is chosen on `validation`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import optax
from jax import Array
from jax.tree_util import Partial
from jaxtyping import Float

from explainer.classification import Examples, accuracy, classification_loss
from explainer.digits import first_of_each_class, load_digits, split_examples
from explainer.distillation import (
    distillation_loss,
    flatten_wrong_classes,
    shuffle_wrong_classes,
)
from explainer.network import MLP, Layer, apply_mlp, init_mlp
from explainer.training import train

NUM_TRAIN, NUM_VALIDATION = 900, 397  # of 1797 images; 500 are left for the test
TEACHER_WIDTHS = (64, 128, 128, 10)  # 26,122 parameters
STUDENT_WIDTHS = (64, 16, 10)  # 1,210 parameters
NUM_STEPS, BATCH_SIZE = 600, 100
CONTROLS = ("teacher", "shuffled", "flat")

_teacher_optimizer = optax.adam(2e-3)
_student_optimizer = optax.adam(1e-2)


@dataclass(frozen=True)
class Condition:
    """One way to train the student.

    Args:
        temperature: Of the soft labels.
        alpha: Weight of the soft labels; 0 is the student alone, on hard labels.
        labels_per_class: Images of each digit that the student sees; None for all 900.
        omitted: A digit of which the student sees no image, or None.
        targets: What the wrong classes say: `teacher`, or the controls `shuffled` and `flat`.
    """

    temperature: float = 1.0
    alpha: float = 0.0
    labels_per_class: int | None = None
    omitted: int | None = None
    targets: str = "teacher"


class Comparison(NamedTuple):
    """Shares of images recognised, 0 to 1.

    Args:
        teacher: On the test images, shape `[num_seeds]`.
        validation: Of each student on the validation images, `[num_conditions, num_seeds]`.
        test: Of each student on the test images, `[num_conditions, num_seeds]`.
        omitted: On those test images that show the omitted digit; NaN where none is omitted.
    """

    teacher: Array
    validation: Array
    test: Array
    omitted: Array


class _Lesson(NamedTuple):
    """What a student sees of each image."""

    x: Array
    labels: Array
    teacher_logits: Array


class _Settings(NamedTuple):
    """A condition as numbers, so that all conditions run in one compiled program."""

    temperature: Array
    alpha: Array
    num_each: Array
    omitted: Array
    control: Array


def compare(conditions: Sequence[Condition], *, num_seeds: int, key: Array) -> Comparison:
    """Train a teacher for each seed and a student for each seed and condition, and test them.

    Args:
        conditions: What to compare.
        num_seeds: How many splits and starts.
        key: Random key.

    Returns:
        Accuracies, paired by seed.

    Raises:
        ValueError: If a condition names unknown `targets`.

    References:
        Hinton, Vinyals, Dean 2015, section 3 (the student that never saw a 3).
    """
    for condition in conditions:
        if condition.targets not in CONTROLS:
            raise ValueError(f"`targets` (={condition.targets!r}) must be one of {CONTROLS}")
    rows = [
        _Settings(
            temperature=jnp.float32(each.temperature),
            alpha=jnp.float32(each.alpha),
            num_each=jnp.int32(each.labels_per_class or NUM_TRAIN),
            omitted=jnp.int32(-1 if each.omitted is None else each.omitted),
            control=jnp.int32(CONTROLS.index(each.targets)),
        )
        for each in conditions
    ]
    settings = jax.tree.map(lambda *leaves: jnp.stack(leaves), *rows)
    comparison: Comparison = _compare(load_digits(), settings, jax.random.split(key, num_seeds))
    return comparison


@jax.jit
def _compare(digits: Examples, settings: _Settings, keys: Array) -> Comparison:
    by_seed = jax.vmap(lambda key: _one_seed(digits, settings, key))(keys)
    # The teacher has no axis of conditions; the rest goes from [seed, condition] to its transpose.
    return Comparison(by_seed.teacher, *(leaf.T for leaf in by_seed[1:]))


def _one_seed(digits: Examples, settings: _Settings, key: Array) -> Comparison:
    split_key, teacher_key, student_key = jax.random.split(key, 3)
    learn, held_out = split_examples(digits, num_train=NUM_TRAIN, key=split_key)
    teacher = train(
        init_mlp(TEACHER_WIDTHS, key=teacher_key),
        learn,
        loss=classification_loss,
        optimizer=_teacher_optimizer,
        num_steps=NUM_STEPS,
        batch_size=BATCH_SIZE,
        key=teacher_key,
    ).params
    lesson = _Lesson(learn.x, learn.labels, apply_mlp(teacher, learn.x))
    students = jax.vmap(lambda row: _student(lesson, row, student_key))(settings)
    logits = jax.vmap(lambda student: apply_mlp(student, held_out.x))(students)

    right = logits.argmax(-1) == held_out.labels[None, :]  # [num_conditions, held out]
    is_test = jnp.arange(held_out.labels.size) >= NUM_VALIDATION
    is_omitted = is_test & (held_out.labels[None, :] == settings.omitted[:, None])
    teacher_right = accuracy(
        apply_mlp(teacher, held_out.x[NUM_VALIDATION:]), held_out.labels[NUM_VALIDATION:]
    )
    return Comparison(
        teacher_right,
        right[:, :NUM_VALIDATION].mean(1),
        right[:, NUM_VALIDATION:].mean(1),
        right.mean(1, where=is_omitted),
    )


def _student(lesson: _Lesson, settings: _Settings, key: Array) -> MLP:
    init_key, shuffle_key, train_key = jax.random.split(key, 3)
    logits, labels = lesson.teacher_logits, lesson.labels
    targets = jnp.stack(
        [
            logits,
            shuffle_wrong_classes(logits, labels, key=shuffle_key),
            flatten_wrong_classes(logits, labels, temperature=settings.temperature),
        ]
    )[settings.control]
    seen = first_of_each_class(labels, settings.num_each) & (labels != settings.omitted)
    # Repeated until they fill the set, so that every condition has the same shapes and steps.
    rows = jnp.argsort(~seen, stable=True)[jnp.arange(seen.size) % seen.sum()]
    data = jax.tree.map(lambda leaf: leaf[rows], _Lesson(lesson.x, labels, targets))
    loss = Partial(  # type: ignore[no-untyped-call]
        _loss, temperature=settings.temperature, alpha=settings.alpha
    )
    params: MLP = train(
        init_mlp(STUDENT_WIDTHS, key=init_key),
        data,
        loss=loss,
        optimizer=_student_optimizer,
        num_steps=NUM_STEPS,
        batch_size=BATCH_SIZE,
        key=train_key,
    ).params
    return params


def _loss(
    params: tuple[Layer, ...], batch: _Lesson, key: Array, *, temperature: Array, alpha: Array
) -> Float[Array, ""]:
    return distillation_loss(
        apply_mlp(params, batch.x),
        batch.teacher_logits,
        batch.labels,
        temperature=temperature,
        alpha=alpha,
    )
