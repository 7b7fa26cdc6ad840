"""Why scores are divided by the root of the width: random queries and keys, measured."""

# %% draw
import jax
import numpy as np

num_keys, num_draws = 16, 400
_rng = np.random.default_rng(0)
rows = []
for width in (4, 16, 64, 256, 1024):
    _q = _rng.normal(size=(num_draws, width))
    _k = _rng.normal(size=(num_draws, num_keys, width))
    _dots = np.einsum("nd,nkd->nk", _q, _k).astype(np.float32)
    rows.append({"width": width, "spread": float(_dots.std())})
    for _name, _scores in (("plain", _dots), ("scaled", _dots / np.float32(width**0.5))):
        _weights = jax.nn.softmax(_scores)
        rows[-1][_name] = float(_weights.max(-1).mean())  # the largest weight
    print(f"width {width:4}: dot products spread by {rows[-1]['spread']:5.1f}")

# %% softmax
for _row in rows:
    print(f"{_row['width']:4}  plain {_row['plain']:.2f}  scaled {_row['scaled']:.2f}")
