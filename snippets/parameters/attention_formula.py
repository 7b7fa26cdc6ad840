"""More heads, the same parameters: the more there are, the narrower each is."""

# %% shapes
import jax
import jax.numpy as jnp

from explainer.parameters import count_parameters

D = 8192


def attention(H):
    """Return the four matrices of an attention with H heads."""
    d_head = D // H
    matrices = {name: jnp.zeros((H, D, d_head)) for name in ("Q", "K", "V")}
    return matrices | {"output": jnp.zeros((H, d_head, D))}


# %% count
rows = []
for H in (1, 64, 128, 256):
    shapes = jax.eval_shape(lambda H=H: attention(H))  # nothing is allocated
    row = {"heads": H, "head_width": D // H}
    row["parameters"] = count_parameters(shapes)
    row["popular"] = H * D * (3 * D + D)
    row["ratio"] = row["popular"] / row["parameters"]
    rows.append(row)
    print("H = {heads:3d}: {parameters:,}, not {popular:,}".format(**row))
