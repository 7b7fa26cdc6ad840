"""Hidden units change places: other weights, the same function."""

# %% train
import jax
import numpy as np
import optax

from explainer.classification import accuracy, classification_loss
from explainer.digits import load_digits, split_examples
from explainer.network import Layer, apply_mlp, init_mlp
from explainer.training import train

key, hidden = jax.random.key(0), 32
digits = split_examples(load_digits(), num_train=1200, key=key)
start = init_mlp((64, hidden, 10), key=key)
rule = {"optimizer": optax.adam(0.01), "num_steps": 300, "key": key}
trained = train(start, digits.train, loss=classification_loss, **rule).params
network = jax.tree.map(np.asarray, trained)

# %% permute
(W1, b1), (W2, b2) = network
order = np.roll(np.arange(hidden), 1)  # each hidden unit moves on by one place
permuted = (Layer(W1[order], b1[order]), Layer(W2[:, order], b2))
moved = np.concatenate([(W1 != W1[order]).ravel(), (W2 != W2[:, order]).ravel()])
logits_of = jax.jit(apply_mlp)
differences = logits_of(permuted, digits.test.x) - logits_of(network, digits.test.x)
largest = float(abs(differences).max())
changed, weights = int(moved.sum()), moved.size
print(f"{changed:,} of {weights:,} weights differ, the outputs by {largest:.1e}")

# %% average
average = jax.tree.map(lambda one, other: (one + other) / 2, network, permuted)
scores = {}
for name, params in (("one", network), ("other", permuted), ("average", average)):
    scores[name] = float(accuracy(logits_of(params, digits.test.x), digits.test.labels))
    print(f"{name:8} {scores[name]:.1%} right")

# %% orders
from math import factorial

orders = factorial(hidden)
print(f"{orders:.2e} ways to order the hidden units, one function")
