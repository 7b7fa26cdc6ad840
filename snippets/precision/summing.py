"""Add a thousandth ten thousand times, and keep the sum in each format."""

# %% add
import jax
import jax.numpy as jnp

from explainer.formats import BFLOAT16, FLOAT8_E4M3FN, FLOAT16, FLOAT32, TF32
from explainer.formats.conversion import round_to_format

term, num_terms = 0.001, 10_000
formats = {"fp32": FLOAT32, "tf32": TF32, "fp16": FLOAT16, "bf16": BFLOAT16, "e4m3": FLOAT8_E4M3FN}


def sums(format, rounding="nearest"):
    """Return the running sum, rounded to the format after every addition."""

    def add(total, key):
        total = round_to_format(total + small, format, rounding=rounding, key=key)
        return total, total

    small = round_to_format(jnp.float32(term), format)
    keys = jax.random.split(jax.random.key(0), num_terms)
    return jax.lax.scan(add, jnp.float32(0), keys)[1]


_curves = {name: sums(format) for name, format in formats.items()}
_curves["chance"] = sums(BFLOAT16, "stochastic")
rows = []
for name, curve in _curves.items():
    stopped = int((curve < curve[-1]).sum()) + 1  # additions until it no longer grows
    rows.append({"format": name, "sum": float(curve[-1]), "stopped": stopped})
    print(f"{name:6} {curve[-1]:.5g}, last grew at addition {stopped:,}")

# %% curves
every = num_terms // 50
steps = [0, *range(every, num_terms + 1, every)]
curves = {
    name: jnp.concatenate([jnp.zeros(1), c[every - 1 :: every]]) for name, c in _curves.items()
}
wanted = term * num_terms

# %% why
from explainer.formats import spacing

final = {row["format"]: row["sum"] for row in rows}
half_before = spacing(FLOAT16, 3.0) / 2
half_steps = {n: spacing(f, final[n]) / 2 for n, f in formats.items()}
print(f"half a step of BF16 at {final['bf16']}: {half_steps['bf16']:.4f}")
