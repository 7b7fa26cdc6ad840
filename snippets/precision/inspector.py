"""A tenth in every format, and what flipping each of its bits in BF16 does."""

# %% every
from explainer.formats import FORMATS, store

number, chosen = "0.1", "bfloat16"
rows = []
for format in FORMATS.values():
    found = store(format, float(number))
    row = {"format": format.label, "bits": found.bits, "value": found.value}
    rows.append(row | {"error": found.error})
for row in rows[3:6]:
    print(f"{row['format']:>8} {row['bits']:>16} = {row['value']}")

# %% flip
from explainer.formats import BFLOAT16, bit_string, decode, encode

start = int(encode(BFLOAT16, 0.1))
flips = []
for place in range(16):
    code = start ^ 1 << 15 - place
    value = float(decode(BFLOAT16, code))
    flips.append(
        {"place": place, "bits": bit_string(BFLOAT16, code, separator=" "), "value": value}
    )
print(f"first bit: {flips[0]['value']:.4f}, last bit: {flips[-1]['value']:.4f}")
