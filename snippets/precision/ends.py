"""Beyond the largest number, and below the smallest."""

# %% above
from explainer.formats import FORMATS, store

names = ("float16", "bfloat16", "float8_e4m3fn", "float8_e5m2", "float4_e2m1fn", "int8")
chosen = [FORMATS[name] for name in names]
above = []
for f in chosen:
    row = {"format": f.label, "largest": f.largest, "rule": f.overflow}
    row["ten"] = str(store(f, 10 * f.largest).value)
    row["saturated"] = store(f, 10 * f.largest, overflow="saturate").value
    above.append(row)
    print("{format:9}10 x {largest:g} becomes {ten}".format(**row))

# %% edge
import numpy as np

from explainer.formats import FLOAT8_E4M3FN, decode, encode

edge = [448.0, 464.0, 465.0]
at_edge = [str(v) for v in decode(FLOAT8_E4M3FN, encode(FLOAT8_E4M3FN, edge))]
print(dict(zip(edge, at_edge, strict=True)))

# %% libraries
import jax.numpy as jnp
import ml_dtypes

too_large = 300.0
_kinds = {"numpy": np.array([edge[-1], too_large]), "jax": jnp.array([edge[-1], too_large])}
libraries = {name: str(x.astype(ml_dtypes.float8_e4m3fn)[0]) for name, x in _kinds.items()}
_float = _kinds["jax"]  # for a float like this one NumPy promises nothing
_whole = {"from a float": _float, "from an integer": _float.astype(int)}
integers = {name: int(x.astype(jnp.int8)[1]) for name, x in _whole.items()}
print("E4M3:", libraries)
print("INT8 in JAX:", integers)


# %% halving
def halvings(format):
    """Return how often 1 can be halved before it is zero."""
    count, x = 0, 1.0
    while store(format, x / 2).value > 0:
        count, x = count + 1, x / 2
    return count


below = []
for f in chosen[:5]:
    plain = round(-np.log2(f.smallest_normal))  # with normal numbers alone
    below.append({"format": f.label, "plain": plain, "halvings": halvings(f)})
    print("{format:9}{plain} halvings, with subnormals {halvings}".format(**below[-1]))
