"""A playground of networks: sixteen sizes, two data sets, five seeds each."""

# timeout: 400

# %% data
import numpy as np

rng = np.random.default_rng(0)


def circle(n):
    x = rng.uniform(-1, 1, size=(n, 2))
    return x, (x**2).sum(1) < 0.5


def spiral(n):
    arm = rng.integers(2, size=n)
    r = np.sqrt(rng.uniform(0.02, 1, size=n))
    angle = 7 * r + np.pi * arm
    x = r[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return x + 0.02 * rng.normal(size=(n, 2)), arm == 1


data = {"circle": circle, "spiral": spiral}
points, new_points = 150, 500
_seen, _new = ([draw(n) for draw in data.values()] for n in (points, new_points))

# %% sizes
from itertools import pairwise

from explainer.network import Layer
from explainer.parameters import mlp_parameters

widest, seeds = 8, 5
sizes = [(), *[(width,) * depth for depth in (1, 2, 3) for width in (1, 2, 3, 4, 8)]]


def start(hidden):
    """Draw a network and fill its layers up with neurons of zeros: with tanh they stay zeros."""
    layers, wide = [], (2, *[widest] * len(hidden), 1)
    for (d_in, d_out), (all_in, all_out) in zip(
        pairwise((2, *hidden, 1)), pairwise(wide), strict=True
    ):
        weight = np.zeros((all_out, all_in))
        weight[:d_out, :d_in] = rng.normal(scale=d_in**-0.5, size=(d_out, d_in))
        layers.append(Layer(weight, np.zeros(all_out)))
    return tuple(layers)


# %% train
import jax
import jax.numpy as jnp
import optax

from explainer.network import apply_mlp
from explainer.training import train

num_steps, rate, key = 500, 0.05, jax.random.key(0)
optimizer = optax.adam(rate)


def logits_of(params, x):
    return apply_mlp(params, x, activation=jnp.tanh)[..., 0]


def loss(params, batch, key):
    x, y = batch
    return optax.sigmoid_binary_cross_entropy(logits_of(params, x), y.astype(float)).mean()


def learn(params, seen, new):
    rule = {"loss": loss, "optimizer": optimizer, "num_steps": num_steps, "key": key}
    params = train(params, seen, **rule).params
    return params, jnp.stack([((logits_of(params, x) > 0) == y).mean() for x, y in (seen, new)])


# %% grid
def stack(trees):
    return jax.tree.map(lambda *leaves: np.stack(leaves), *trees)


every = jax.jit(jax.vmap(jax.vmap(learn, (None, 0, 0)), (0, None, None)))
rows, _trained = [], {}
for depth in (0, 1, 2, 3):  # four compiled programs for all sizes
    group = [size for size in sizes if len(size) == depth]
    begin = stack([start(size) for size in group for _ in range(seeds)])
    params, right = jax.tree.map(np.asarray, every(begin, stack(_seen), stack(_new)))
    scores = right.reshape(len(group), seeds, len(data), 2)
    for i, size in enumerate(group):
        row = {"size": "–".join(map(str, (2, *size, 1))), "layers": depth}
        row["parameters"] = mlp_parameters((2, *size, 1))
        for j, name in enumerate(data):
            row[f"{name}_seen"], row[name] = scores[i].mean(0)[j].tolist()
            row[f"{name}_spread"] = float(scores[i, :, j, 1].std(ddof=1))
            _trained[name, size] = jax.tree.map(lambda a, i=i, j=j: a[i * seeds, j], params)
        rows.append(row)
        print("{size:9} {parameters:3d} {circle:.1%} {spiral:.1%}".format(**row))

# %% surfaces
side = np.linspace(-1, 1, 33)
places = [f"{v:.2f}".replace("-", "−") for v in side]
_square = np.stack(np.meshgrid(side, side[::-1]), axis=-1)  # up is up
surface = jax.jit(lambda params: jax.nn.sigmoid(logits_of(params, _square)))
shown = [("circle", (2,)), ("circle", (3,)), ("spiral", (3,)), ("spiral", (8, 8, 8))]
surfaces = [surface(_trained[which]) for which in shown]

# %% numbers
(W1, b1), (W2, b2) = _trained["circle", (3,)]
neurons = [[*W1[i].tolist(), float(b1[i]), float(W2[0, i])] for i in range(3)]
output_bias = float(b2[0])
for x_weight, y_weight, bias, outgoing in neurons:
    print(f"{x_weight:6.2f} x {y_weight:+6.2f} y {bias:+6.2f}, times {outgoing:6.2f}")
print(f"output bias {output_bias:.2f}")


def listed(x, y):
    return {"points": np.round(x.astype(float), 3).tolist(), "labels": y.astype(int).tolist()}


widget = {"data": "circle", "neurons": neurons, "output_bias": output_bias, "rate": rate}
widget["seen"] = {name: listed(*drawn) for name, drawn in zip(data, _seen, strict=True)}
widget["new"] = {name: listed(x[:100], y[:100]) for name, (x, y) in zip(data, _new, strict=True)}
silent = float(np.abs(W1[3:]).max())  # what the neurons of zeros became
