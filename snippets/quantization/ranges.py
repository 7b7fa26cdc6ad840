"""What integers of a few bits can hold, and what happens beyond."""

# %% ranges
rows = [
    {
        "bits": bits,
        "codes": 2**bits,
        "signed": f"−{2 ** (bits - 1)} … {2 ** (bits - 1) - 1}",
        "symmetric": f"−{2 ** (bits - 1) - 1} … {2 ** (bits - 1) - 1}",
        "unsigned": f"0 … {2**bits - 1}",
    }
    for bits in (8, 6, 5, 4, 3, 2)
]

# %% beyond
import jax.numpy as jnp
import numpy as np

too_large = 300
wrapped = int(np.array(too_large).astype(np.int8))
saturated = int(jnp.clip(too_large, -127, 127))
print(f"{too_large} as INT8: {wrapped} if it wraps, {saturated} if it is clipped first")
