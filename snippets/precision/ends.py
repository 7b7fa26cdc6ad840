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
with np.errstate(invalid="ignore"):
    wrapped = int(np.float32(300).astype(np.int32).astype(np.int8))
print(dict(zip(edge, at_edge, strict=True)), "int8 of 300 in NumPy:", wrapped)


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
