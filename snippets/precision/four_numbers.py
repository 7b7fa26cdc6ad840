"""Four numbers, stored in each format."""

# %% store
import math

from explainer.formats import FORMATS, store

numbers = {"tenth": 0.1, "large": 70_000.0, "odd": 257.0, "pi": math.pi}
rows = []
for f in FORMATS.values():
    stored = {name: store(f, x) for name, x in numbers.items()}
    rows.append({"format": f.label} | {name: each.value for name, each in stored.items()})
by_name = {row["format"]: row for row in rows}
for name in ("FP32", "FP16", "BF16", "FP8 E4M3"):
    print("{format:9}{tenth:.12g}  {large:g}  {odd:g}  {pi:.10g}".format(**by_name[name]))

# %% show
shown = [{key: v if isinstance(v, str) else f"{v:.9g}" for key, v in row.items()} for row in rows]

# %% around
from explainer.formats import BFLOAT16, FLOAT16, neighbours

around = {f.name: neighbours(f, 257.0) for f in (BFLOAT16, FLOAT16)}
for name, (below, above) in around.items():
    print(f"{name}: {below:g}  257  {above:g}")

# %% parameter
# A number that an article calls a possible parameter.
odd_one = -12138.123
kept = {f.label: store(f, odd_one).value for f in FORMATS.values() if f.bits in (16, 8)}
print({name: kept[name] for name in ("FP16", "BF16", "FP8 E5M2", "FP8 E4M3")})
