"""A playground of networks: sixteen sizes, two data sets, five seeds each."""

# timeout: 400

# %% data
import jax
import jax.numpy as jnp


def circle(key, n):
    x = jax.random.uniform(key, (n, 2), minval=-1.0)
    return x, ((x**2).sum(-1) < 0.5).astype(float)


def spiral(key, n):
    keys = jax.random.split(key, 3)
    arm = jax.random.bernoulli(keys[0], 0.5, (n,))
    r = jnp.sqrt(jax.random.uniform(keys[1], (n,), minval=0.02))
    angle = 7 * r + jnp.pi * arm
    x = r[:, None] * jnp.stack([jnp.cos(angle), jnp.sin(angle)], axis=1)
    return x + 0.02 * jax.random.normal(keys[2], (n, 2)), arm.astype(float)


key_train, key_test, key_start = jax.random.split(jax.random.key(0), 3)
data = {"circle": jax.jit(circle, static_argnums=1), "spiral": jax.jit(spiral, static_argnums=1)}
points, new_points = 150, 500
_seen = [draw(key_train, points) for draw in data.values()]
_new = [draw(key_test, new_points) for draw in data.values()]

# %% sizes
import numpy as np

from explainer.network import Layer, init_mlp
from explainer.parameters import mlp_parameters

widest, seeds = 8, 5
sizes = [(), *[(width,) * depth for depth in (1, 2, 3) for width in (1, 2, 3, 4, 8)]]


def cut(weight, d_in, d_out):
    """Keep what a narrower layer has, as large as if it had been drawn with `d_in` inputs."""
    row, column = np.indices(weight.shape)
    scale = np.sqrt(np.float32(weight.shape[1] / d_in))
    return np.where((row < d_out) & (column < d_in), scale * np.asarray(weight), np.float32(0))


def start(hidden, key):
    """Fill a layer up with neurons of zeros: with tanh they stay zeros."""
    layers = init_mlp((2, *[widest] * len(hidden), 1), key=key)  # biases start at 0
    ends = zip((2, *hidden), (*hidden, 1), strict=True)
    return tuple(Layer(cut(w, *of), b) for (w, b), of in zip(layers, ends, strict=True))


# %% train
import optax

from explainer.network import apply_mlp
from explainer.training import train

num_steps, optimizer = 500, optax.adam(0.05)


def logits_of(params, x):
    return apply_mlp(params, x, activation=jnp.tanh)[..., 0]


def loss(params, batch, key):
    x, y = batch
    return optax.sigmoid_binary_cross_entropy(logits_of(params, x), y).mean()


def learn(params, seen, new):
    rule = {"loss": loss, "optimizer": optimizer, "num_steps": num_steps}
    params = train(params, seen, key=key_start, **rule).params
    right = [((logits_of(params, x) > 0) == (y > 0)).mean() for x, y in (seen, new)]
    return params, jnp.stack(right)


# %% grid
def stack(trees):
    return jax.tree.map(lambda *leaves: np.stack(leaves), *trees)


every = jax.jit(jax.vmap(jax.vmap(learn, (None, 0, 0)), (0, None, None)))
rows, _trained = [], {}
for depth in (0, 1, 2, 3):  # four compiled programs for all sizes
    group = [size for size in sizes if len(size) == depth]
    keys = jax.random.split(key_start, seeds)
    begin = stack([start(size, key) for size in group for key in keys])
    params, right = every(begin, stack(_seen), stack(_new))
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
side = jnp.linspace(-1, 1, 33)
places = [f"{v:.2f}".replace("-", "−") for v in side.tolist()]
_square = jnp.stack(jnp.meshgrid(side, side[::-1]), axis=-1)  # up is up
shown = [("circle", (2,)), ("circle", (3,)), ("spiral", (3,)), ("spiral", (8, 8, 8))]
surfaces = [jax.nn.sigmoid(logits_of(_trained[which], _square)) for which in shown]

# %% numbers
(W1, b1), (W2, b2) = _trained["circle", (3,)]
neurons = [[*W1[i].tolist(), float(b1[i]), float(W2[0, i])] for i in range(3)]
output_bias = float(b2[0])
for x_weight, y_weight, bias, outgoing in neurons:
    print(f"{x_weight:6.2f} x {y_weight:+6.2f} y {bias:+6.2f}, times {outgoing:6.2f}")
print(f"output bias {output_bias:.2f}")
widget = {"data": "circle", "neurons": neurons, "output_bias": output_bias}
silent = float(jnp.abs(W1[3:]).max())  # what the neurons of zeros became
