"""What the float inspector starts from: every code of the small formats, cases of the wide ones."""

# %% small
import json
import math

from explainer.formats import FORMATS, decode, store


def plain(number):
    """Return a number as JSON can hold it."""
    return number if math.isfinite(number) else str(number)


small = [f for f in FORMATS.values() if f.bits <= 8]
tables = {f.name: [plain(float(v)) for v in decode(f, range(2**f.bits))] for f in small}
print(f"{len(tables)} formats, {sum(map(len, tables.values())):,} codes")

# %% golden
inputs = ["0.1", "70000", "257", "3.141592653589793", "-0.0", "1e-8", "6e-8", "inf", "nan"]
wide = [f for f in FORMATS.values() if f.bits > 8]
golden = [
    {"format": f.name, "input": x, "bits": found.bits, "value": plain(found.value)}
    for f in wide
    for x in inputs
    for found in [store(f, float(x))]
]
widget = {"tables": tables, "golden": golden}
rows = [case for case in golden if case["input"] == "0.1"]
print(json.dumps(golden[-1]))

# %% flip
from explainer.formats import BFLOAT16, bit_string, encode

start = int(encode(BFLOAT16, 0.1))
flips = []
for place in range(16):
    code = start ^ 1 << 15 - place
    value = float(decode(BFLOAT16, code))
    flips.append(
        {"place": place, "bits": bit_string(BFLOAT16, code, separator=" "), "value": value}
    )
print(f"first bit: {flips[0]['value']:.4f}, last bit: {flips[-1]['value']:.4f}")
