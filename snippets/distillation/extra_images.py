"""Images without labels: do the soft answers help, or the images?"""

# %% data
import jax
import optax

from explainer.classification import Examples, accuracy, classification_loss
from explainer.digits import first_of_each_class, load_digits, split_examples
from explainer.digits_distillation import STUDENT_WIDTHS, TEACHER_WIDTHS
from explainer.distillation import soft_loss
from explainer.network import apply_mlp, init_mlp
from explainer.training import train

digits = load_digits()
num_labelled, num_unlabelled, num_few = 450, 450, 20
adam = {"teacher": optax.adam(2e-3), "student": optax.adam(1e-2)}


def imitate(params, batch, key):
    """Return the loss on soft labels alone, at temperature 8."""
    return soft_loss(apply_mlp(params, batch.x), batch.labels, temperature=8.0)


# %% experiment
def experiment(key):
    """Return the share of right pseudo-labels, and what three students reach."""
    learn, rest = split_examples(digits, num_train=num_labelled, key=key)
    unlabelled, test = split_examples(rest, num_train=num_unlabelled, key=key)

    def fit(widths, data, loss, role):
        run = {"optimizer": adam[role], "num_steps": 400, "batch_size": num_few, "key": key}
        return train(init_mlp(widths, key=key), data, loss=loss, **run).params

    teacher = fit(TEACHER_WIDTHS, learn, classification_loss, "teacher")
    logits = apply_mlp(teacher, unlabelled.x)  # the student sees no label of these images
    order = (~first_of_each_class(learn.labels, 2)).argsort(stable=True)[:num_few]
    few = jax.tree.map(lambda leaf: leaf[order], learn)
    lessons = {
        "alone": (few, classification_loss),
        "pseudo-label": (Examples(unlabelled.x, logits.argmax(1)), classification_loss),
        "soft-label": (Examples(unlabelled.x, logits), imitate),
    }
    reached = {}
    for name, (data, loss) in lessons.items():
        student = fit(STUDENT_WIDTHS, data, loss, "student")
        reached[name] = accuracy(apply_mlp(student, test.x), test.labels)
    return accuracy(logits, unlabelled.labels), reached


# %% run
pseudo_right, _reached = jax.jit(jax.vmap(experiment))(jax.random.split(jax.random.key(1), 5))
pseudo_right = float(pseudo_right.mean())
rows = []
for name, shares in _reached.items():
    entry = {"lesson": name, "accuracy": float(shares.mean())}
    rows.append(entry | {"spread": 100 * float(shares.std(ddof=1))})
    print(f"{name:12} {entry['accuracy']:.1%} ± {rows[-1]['spread']:.1f}")
print(f"of the pseudo-labels, {pseudo_right:.1%} are right")
soft_less_hard = 100 * float((_reached["soft-label"] - _reached["pseudo-label"]).mean())
