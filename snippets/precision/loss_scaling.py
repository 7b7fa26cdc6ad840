"""Small gradients become zero in FP16; multiplied first, they survive."""

# %% gradients
import jax
import jax.numpy as jnp
import optax

from explainer.classification import classification_loss
from explainer.digits import load_digits, split_examples
from explainer.formats import BFLOAT16, FLOAT8_E5M2, FLOAT16
from explainer.formats.conversion import round_to_format
from explainer.network import init_mlp
from explainer.training import train

key = jax.random.key(0)
learn, _ = split_examples(load_digits(), num_train=900, key=key)
run = {"optimizer": optax.adam(1e-2), "num_steps": 600, "batch_size": 100, "key": key}
_params = train(init_mlp((64, 64, 10), key=key), learn, loss=classification_loss, **run).params
_tree = jax.grad(classification_loss)(_params, learn, key)
_slopes = jnp.concatenate([leaf.ravel() for leaf in jax.tree.leaves(_tree)])
_slopes = _slopes[_slopes != 0]
typical = float(jnp.median(jnp.abs(_slopes)))
print(f"{_slopes.size:,} slopes, half of them below {typical:.1e}")

# %% scale
scales = [4.0**n for n in range(13)]
lost = {}
for format in (FLOAT16, FLOAT8_E5M2, BFLOAT16):
    rounded = [round_to_format(scale * _slopes, format) for scale in scales]
    lost[format.name] = [float((each == 0).mean()) for each in rounded]
    overflowed = [bool(jnp.isinf(each).any()) for each in rounded]
    print(f"{format.label}: lost {lost[format.name][0]:.1%}, scaled {min(lost[format.name]):.1%}")
chosen = scales[6]
at_chosen = lost["float16"][6]

# %% kept
_kept = round_to_format(chosen * _slopes, FLOAT16) / chosen  # divided again before the update
off = float(jnp.linalg.norm(_kept - _slopes) / jnp.linalg.norm(_slopes))
print(f"times {chosen:,.0f}: {at_chosen:.2%} lost, {off:.1e} off in all")
