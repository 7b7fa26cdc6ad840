"""Does a teacher help a small student? Five seeds, every condition paired by seed."""

# %% sizes
from explainer.digits_distillation import STUDENT_WIDTHS, TEACHER_WIDTHS, Condition, compare
from explainer.network import mlp_shapes
from explainer.parameters import count_parameters

teacher_parameters = count_parameters(mlp_shapes(TEACHER_WIDTHS))
student_parameters = count_parameters(mlp_shapes(STUDENT_WIDTHS))
print(f"teacher: {teacher_parameters:,}, student: {student_parameters:,}")

# %% conditions
few, omitted, alpha = 2, 3, 0.9
temperatures = (1.0, 2.0, 4.0, 8.0)
conditions = []
for images in ({"labels_per_class": few}, {}, {"omitted": omitted}):
    conditions.append(Condition(**images))  # alone
    conditions += [Condition(T, alpha, **images) for T in temperatures]
conditions += [Condition(8.0, alpha, few, targets=control) for control in ("flat", "shuffled")]
print(f"{len(conditions)} ways to train the student")

# %% run
import jax
import numpy as np

found = compare(conditions, num_seeds=5, key=jax.random.key(0))
teacher, validation, test, seen = (np.asarray(values) for values in found)
chosen = temperatures[validation[1:5].mean(1).argmax()]  # not on the test images
teacher_mean = float(teacher.mean())
print(f"teacher: {teacher_mean:.1%}, chosen temperature: {chosen:.0f}")


# %% compare
def row(lesson, number, alone):
    """Return what the students of one condition reached, paired with those alone."""
    T = conditions[number].temperature
    gain = 100 * (test[number] - test[alone])  # percentage points
    shares = {"accuracy": test[number].mean(), "spread": 100 * test[number].std(ddof=1)}
    gains = {"gain": gain.mean(), "gain_spread": gain.std(ddof=1), "wins": int((gain > 0).sum())}
    threes = {"mean": seen[number].mean(), "low": seen[number].min(), "high": seen[number].max()}
    shown = "–" if lesson == "alone" else f"{T:.0f}"
    return {"lesson": lesson, "temperature": shown} | shares | gains | threes


# %% tables
lessons = ["alone"] + ["soft-label"] * 4
few_rows = [row(lesson, i, 0) for i, lesson in enumerate(lessons)]
full_rows = [row(lesson, 5 + i, 5) for i, lesson in enumerate(lessons)]
omitted_rows = [row(lesson, 10 + i, 10) for i, lesson in enumerate(lessons)]
smoothed, shuffled = row("label-smoothing", 15, 0), row("shuffled-labels", 16, 0)
control_rows = [few_rows[0], few_rows[-1], smoothed, shuffled]
for name, group in {"few": few_rows + control_rows[2:], "all": full_rows}.items():
    for entry in group:
        text = "{lesson:15} {temperature}: {accuracy:.1%}, {gain:+.1f}, {wins} of 5"
        print(f"{name}, {text.format(**entry)}")

# %% omitted
for entry in omitted_rows:
    print("{lesson:10} {temperature}: {mean:.1%} of the 3s".format(**entry))
