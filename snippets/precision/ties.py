"""Half-way cases: to the even neighbour, or always up?"""

# %% ties
import numpy as np

halves = np.arange(0.5, 100, 1)  # 0.5, 1.5, 2.5, ...
even = np.rint(halves)
up = np.floor(halves + 0.5)
rows = [
    {"x": float(x), "even": float(e), "up": float(u)}
    for x, e, u in zip(halves[:6], even, up, strict=False)
]
print("to even:", even[:6], "up:", up[:6])
drift = {"even": float((even - halves).mean()), "up": float((up - halves).mean())}
print(f"mean error: to even {drift['even']:+.2f}, up {drift['up']:+.2f}")

# %% bfloat
from explainer.formats import BFLOAT16, decode, encode

odd = np.array([257.0, 259.0])  # both half-way between two values of BF16
nearest = decode(BFLOAT16, encode(BFLOAT16, odd))
cut = decode(BFLOAT16, encode(BFLOAT16, odd, rounding="toward_zero"))
print(f"nearest: {nearest}, toward zero: {cut}")
