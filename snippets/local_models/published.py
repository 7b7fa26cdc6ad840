"""What fewer parameters and fewer bits cost, on the same four tests by the same authors."""

# %% lost
from explainer.facts import value

tests = ("mmlu", "ceval", "gsm", "humaneval")
whole = [value(f"qwen_72b_bf16.{test}") for test in tests]


def lost(name, key, kind):
    """Return the points that a model is behind the largest, whole one: mean, least, most."""
    points = [best - value(f"{key}.{test}") for best, test in zip(whole, tests, strict=True)]
    mean = sum(points) / len(points)
    return {"name": name, "kind": kind, "mean": mean, "low": min(points), "high": max(points)}


rows = [
    lost("72B, Int8", "qwen_72b_int8", "bits"),
    lost("72B, Int4", "qwen_72b_int4", "bits"),
    lost("14B, BF16", "qwen_14b_bf16", "size"),
    lost("7B, BF16", "qwen_bf16", "size"),
    lost("1.8B, BF16", "qwen_1_8b_bf16", "size"),
]
by_name = {row["name"]: row for row in rows}
for row in rows:
    print("{name:10} {mean:5.1f} points behind, {low:.1f} to {high:.1f}".format(**row))

# %% both
small = lost("7B, Int4", "qwen_int4", "both")
more = small["mean"] - by_name["7B, BF16"]["mean"]  # what the bits add to the size
times = by_name["7B, BF16"]["mean"] / by_name["72B, Int4"]["mean"]
print(f"7B in four bits: {small['mean']:.1f} behind, {more:.1f} of it for the bits")
