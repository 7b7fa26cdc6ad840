"""The experiment's claims, with bounds far outside the spread of its seeds."""

from __future__ import annotations

import jax
import numpy as np
import pytest

from explainer.digits_distillation import (
    STUDENT_WIDTHS,
    TEACHER_WIDTHS,
    Comparison,
    Condition,
    compare,
)
from explainer.network import mlp_shapes

CONDITIONS = {
    "few": Condition(labels_per_class=5),
    "few soft": Condition(temperature=8.0, alpha=0.9, labels_per_class=5),
    "few shuffled": Condition(8.0, 0.9, labels_per_class=5, targets="shuffled"),
    "few flat": Condition(8.0, 0.9, labels_per_class=5, targets="flat"),
    "all": Condition(),
    "all soft": Condition(temperature=4.0, alpha=0.9),
    "no 3": Condition(omitted=3),
    "no 3 soft": Condition(temperature=8.0, alpha=0.9, omitted=3),
}


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    """Three seeds of every condition, in one program."""
    return compare(list(CONDITIONS.values()), num_seeds=3, key=jax.random.key(0))


def of(values: jax.Array, name: str) -> np.ndarray:
    """Return the three seeds of a condition, in per cent."""
    row: np.ndarray = 100 * np.asarray(values)[list(CONDITIONS).index(name)]
    return row


def test_sizes_of_teacher_and_student() -> None:
    """The teacher has 26,122 parameters, the student 1,210."""
    sizes = [
        sum(leaf.size for leaf in jax.tree.leaves(mlp_shapes(widths)))
        for widths in (TEACHER_WIDTHS, STUDENT_WIDTHS)
    ]
    assert sizes == [26_122, 1_210]


def test_the_teacher_is_good(comparison: Comparison) -> None:
    """Every teacher recognises more than 94 % of the test images."""
    assert np.all(np.asarray(comparison.teacher) > 0.94)


def test_soft_labels_help_where_labels_are_few(comparison: Comparison) -> None:
    """With five labels a digit every seed gains more than 3 points from soft labels."""
    gain = of(comparison.test, "few soft") - of(comparison.test, "few")
    assert gain.min() > 3
    assert 4 < gain.mean() < 16


def test_controls_remove_the_gain(comparison: Comparison) -> None:
    """Shuffled or flattened wrong classes gain nothing: what helps is which classes are alike."""
    for control in ("few shuffled", "few flat"):
        assert (of(comparison.test, control) - of(comparison.test, "few")).mean() < 1


def test_soft_labels_change_nothing_where_labels_are_many(comparison: Comparison) -> None:
    """With all 900 labels the mean difference is within 2 points of zero."""
    gain = of(comparison.test, "all soft") - of(comparison.test, "all")
    assert abs(gain.mean()) < 2


def test_a_student_that_never_saw_a_three_recognises_most(comparison: Comparison) -> None:
    """Alone it recognises no 3; from soft labels of other digits most of them."""
    assert of(comparison.omitted, "no 3").max() == 0
    assert of(comparison.omitted, "no 3 soft").mean() > 50
    assert np.all(np.isnan(of(comparison.omitted, "all")))


def test_validation_and_test_are_of_one_kind(comparison: Comparison) -> None:
    """A temperature chosen on validation images is worth as much on the test images."""
    gap = np.asarray(comparison.validation) - np.asarray(comparison.test)
    assert np.abs(gap.mean(1)).max() < 0.05


def test_unknown_targets_are_refused() -> None:
    """A misspelt control is refused with its value."""
    with pytest.raises(ValueError, match="'suffled'"):
        compare([Condition(targets="suffled")], num_seeds=1, key=jax.random.key(0))
