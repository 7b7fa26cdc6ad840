"""A parameter is just a number; a format decides which number it becomes."""

# %% store
import jax.numpy as jnp
import numpy as np

large, small = -12138.123, 3.1415926
formats = "float64 float32 float16 bfloat16 float8_e4m3fn float8_e5m2"


def spell(number, digits):
    text = format(number, digits)
    return text.replace("nan", "NaN").replace("-", "−")


def store(value):
    rows = []
    for name in formats.split():
        dtype = jnp.dtype(name)
        kept = float(np.float64(value).astype(dtype))
        row = {"format": name, "bits": 8 * dtype.itemsize}
        row["value"] = spell(kept, ".10g")
        row["error"] = spell(kept - value, ".3g")
        rows.append(row)
        print(f"{name:14} {row['value']:>13} {row['error']:>10}")
    return rows


large_rows, small_rows = store(large), store(small)

# %% limit
largest = float(jnp.finfo("float8_e4m3fn").max)
print(f"float8_e4m3fn ends at {largest:.0f}")
