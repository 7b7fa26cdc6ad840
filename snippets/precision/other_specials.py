"""E4M3 with the infinities and NaNs that IEEE would have given it."""

# %% answer
from dataclasses import replace

from explainer.formats import FLOAT8_E4M3FN

as_ieee = replace(FLOAT8_E4M3FN, name="float8_e4m3", specials="ieee")
largest = {"fn": FLOAT8_E4M3FN.largest, "ieee": as_ieee.largest}
codes = FLOAT8_E4M3FN.largest_code - as_ieee.largest_code  # numbers won, of each sign
print(f"{largest['ieee']:.0f} instead of {largest['fn']:.0f}, {codes} numbers fewer")
