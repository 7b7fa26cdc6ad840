"""Rounding by chance: wrong every time, right in the mean."""

# %% draw
import numpy as np

from explainer.formats import FLOAT8_E5M2, decode, encode

draws, x = 10_000, 0.1
below, above = (float(decode(FLOAT8_E5M2, encode(FLOAT8_E5M2, v))) for v in (0.094, 0.109))
chance = (x - below) / (above - below)  # of going up
_codes = encode(FLOAT8_E5M2, np.full(draws, x), rounding="stochastic", key=0)
drawn = decode(FLOAT8_E5M2, _codes)
went_up = float((drawn == above).mean())
print(f"{below} or {above}: up with {chance:.3f}, did so {went_up:.3f}")

# %% mean
nearest = float(decode(FLOAT8_E5M2, encode(FLOAT8_E5M2, x)))
running = np.cumsum(drawn) / np.arange(1, draws + 1)
counts = np.unique(np.geomspace(1, draws, 60).astype(int))
means = running[counts - 1]
mean = float(running[-1])
print(f"nearest: {nearest}, mean of {draws:,} draws: {mean:.5f}")
