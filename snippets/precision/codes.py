"""The value of every code of the small formats."""

# %% four
import numpy as np

from explainer.formats import FLOAT4_E2M1FN, INT4, NF4, decode

four = {"fp4": FLOAT4_E2M1FN, "int4": INT4, "nf4": NF4}
values = {name: decode(format, range(16)) for name, format in four.items()}
rows = [
    {"bits": f"{code:04b}"} | {name: float(v[code]) for name, v in values.items()}
    for code in range(16)
]
for row in rows[:8]:
    print("{bits}: {fp4:4} {int4:4} {nf4:.4f}".format(**row))

# %% lines
places = list(range(1, 17))
lines = {name: np.sort(v) / np.abs(v).max() for name, v in values.items()}

# %% six
from explainer.formats import FLOAT6_E2M3FN, FLOAT6_E3M2FN

_coarse, _fine = decode(FLOAT6_E3M2FN, range(32)), decode(FLOAT6_E2M3FN, range(32))
six_rows = [
    {"bits": f"{code:06b}", "e3m2": float(_coarse[code]), "e2m3": float(_fine[code])}
    for code in range(32)
]
print(f"E3M2 up to {_coarse.max()}, E2M3 up to {_fine.max()}")

# %% eight
from explainer.formats import FLOAT8_E4M3FN, FLOAT8_E5M2

fp8 = {}
for name, format in {"e4m3": FLOAT8_E4M3FN, "e5m2": FLOAT8_E5M2}.items():
    code = np.arange(1, format.largest_code + 1)  # the positive numbers
    fp8[name] = {"code": code, "value": decode(format, code)}
    print(f"{name}: {len(code)} positive numbers, from {fp8[name]['value'][0]:.3g}")

# %% specials
_all = {
    name: decode(format, range(256))
    for name, format in {"e4m3": FLOAT8_E4M3FN, "e5m2": FLOAT8_E5M2}.items()
}
infinite = {name: int(np.isinf(v).sum()) for name, v in _all.items()}
not_numbers = {name: int(np.isnan(v).sum()) for name, v in _all.items()}
print("infinities:", infinite, "NaN:", not_numbers)

# %% scale
from explainer.formats import FLOAT8_E8M0FNU

powers = decode(FLOAT8_E8M0FNU, [0, 126, 127, 128, 254])
print(powers)
