"""The first whole number that a format cannot hold."""

# %% answer
from explainer.formats import BFLOAT16, FLOAT8_E4M3FN, FLOAT16, FLOAT32, store

rows = []
for f in (FLOAT32, FLOAT16, BFLOAT16, FLOAT8_E4M3FN):
    missing = 2 ** (f.mantissa_bits + 1) + 1
    assert store(f, missing).value != missing
    assert store(f, missing - 1).value == missing - 1
    rows.append({"format": f.label, "missing": missing})
    print(f"{f.label}: {missing:,}")
