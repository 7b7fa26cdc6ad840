"""What a teacher says of one image, and how a temperature lets the quiet part be heard."""

# %% teacher
import jax
import numpy as np
import optax

from explainer.classification import accuracy, classification_loss
from explainer.digits import load_digits, split_examples
from explainer.digits_distillation import TEACHER_WIDTHS
from explainer.network import apply_mlp, init_mlp
from explainer.training import train

key = jax.random.key(0)
num_train = 900
digits, adam = load_digits(), optax.adam(2e-3)


@jax.jit
def teach(key):
    """Return images that the teacher never saw, its logits, and the share that is right."""
    learn, test = split_examples(digits, num_train=num_train, key=key)
    run = {"optimizer": adam, "num_steps": 600, "batch_size": 100, "key": key}
    start = init_mlp(TEACHER_WIDTHS, key=key)
    teacher = train(start, learn, loss=classification_loss, **run).params
    logits = apply_mlp(teacher, test.x)
    return *test, logits, accuracy(logits, test.labels)


_images, _labels, _said, right = map(np.asarray, teach(key))
teacher_accuracy = float(right)
print(f"images it never saw, recognized: {teacher_accuracy:.1%}")

# %% image
# The first 3 of the test set that the teacher gets right.
is_three = (_labels == 3) & (_said.argmax(1) == 3)
chosen = int(is_three.argmax())
image = _images[chosen].reshape(8, 8)
logits = _said[chosen]
least, *_, third, rival, shown = logits.argsort().tolist()
print("logits:", " ".join(f"{z:.1f}" for z in logits))

# %% soften
for T in (1, 2, 4, 8, 20):
    p = jax.nn.softmax(logits / T)
    print(f"T = {T:2}: " + " ".join(f"{value:.3f}" for value in p))

# %% curves
temperatures = np.linspace(1, 20, 39)
curves = jax.nn.softmax(logits / temperatures[:, None])  # [temperature, digit]

# %% widget
widget = {"logits": [round(float(z), 4) for z in logits], "temperature": 8.0}
plain = jax.nn.softmax(logits)
soft = jax.nn.softmax(logits / widget["temperature"])
rows = [
    {"digit": str(d), "logit": float(logits[d]), "plain": float(plain[d]), "soft": float(soft[d])}
    for d in range(10)
]
print(f"the {rival} behind the {shown}: {plain[rival]:.5f}, softened {soft[rival]:.3f}")
