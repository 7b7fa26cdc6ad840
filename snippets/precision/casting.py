"""A whole model in half the bytes: one line, no scale, no calibration."""

# %% cast
import jax
import jax.numpy as jnp

from explainer.network import init_mlp

params = init_mlp((64, 64, 10), key=jax.random.key(0))
half = jax.tree.map(lambda leaf: leaf.astype(jnp.bfloat16), params)


def nbytes(tree):
    """Return the bytes of all leaves."""
    return sum(leaf.nbytes for leaf in jax.tree.leaves(tree))


before, after = nbytes(params), nbytes(half)
print(f"{before:,} bytes, then {after:,}")

# %% back
_back = jax.tree.map(lambda leaf: leaf.astype(jnp.float32), half)
_weights = jnp.concatenate([leaf.ravel() for leaf in jax.tree.leaves(params)])
_again = jnp.concatenate([leaf.ravel() for leaf in jax.tree.leaves(_back)])
off = jnp.abs(_again - _weights) / jnp.where(_weights == 0, 1, jnp.abs(_weights))
largest_off, bound = float(off.max()), 2.0**-8  # half a step, of a number just above a power of two
changed = float((_again != _weights).mean())
print(f"{changed:.1%} changed, none by more than {largest_off:.3%}")

# %% integer
whole = jax.tree.map(lambda leaf: leaf.astype(jnp.int8), params)
zeros = float(jnp.mean(jnp.concatenate([leaf.ravel() for leaf in jax.tree.leaves(whole)]) == 0))
print(f"cast to int8: {zeros:.1%} are zero")
