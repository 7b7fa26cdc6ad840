"""Growing models and shrinking them: percentages of one article, put on equal terms."""

# %% decades
from explainer.scaling import HOFFMANN, size_loss

first, second = 0.15, 0.05  # said: from 1 to 100 billion, from 100 to 1,000 billion
each = (1 + first) ** (1 / 2) - 1  # for one tenfold: the first step is two of them
starts = [1e9, 1e10, 1e11]
kaplan = [1 - size_loss(10 * N) / size_loss(N) for N in starts]
hoffmann = [1 - HOFFMANN.loss(10 * N) / HOFFMANN.loss(N) for N in starts]
print(f"said for each tenfold {each:.2%}, {each:.2%}, {second:.2%}")
print("Kaplan  ", *(f"{share:.2%}" for share in kaplan))
print("Hoffmann", *(f"{share:.2%}" for share in hoffmann))

# %% starved
well_fed = HOFFMANN.loss(1e9, 20e9)  # a billion parameters, twenty tokens each
tokens = HOFFMANN.tokens_to_reach(well_fed, 1e12)
print(f"a trillion parameters lose to that with fewer than {tokens:,.0f} tokens")

# %% effects
each_effect = 1e-4
left = {n: (1 - each_effect) ** n for n in (100, 1_000, 10_000)}
print(*(f"{n:6,} of them leave {share:.3f}" for n, share in left.items()), sep="\n")

# %% blocks
from explainer.quantization.gguf_layouts import LAYOUTS

bits = {name: LAYOUTS[name].bits_per_weight for name in ("Q8_0", "Q4_0")}
smaller = {name: {"FP32": 32 / b, "BF16": 16 / b} for name, b in bits.items()}
for name, times in smaller.items():
    print(
        name, bits[name], *(f"{times[origin]:.2f} times smaller than {origin}" for origin in times)
    )

# %% qwen
from explainer.facts import value

tests = ("mmlu", "ceval", "gsm", "humaneval")
lost = {
    width: [round(value(f"qwen_bf16.{test}") - value(f"qwen_{width}.{test}"), 1) for test in tests]
    for width in ("int8", "int4")
}
within = {width: sum(1 <= points <= 2 for points in lost[width]) for width in lost}
print("points lost:", lost)

# %% claims
claims = [
    {"id": "millions", "verdict": "misleading", "typed": 10**12, "true": "few"},
    {"id": "fifteen-then-five", "verdict": "misleading", "typed": first / second, "true": each},
    {"id": "trillion-loses", "verdict": "right", "typed": "possible", "true": tokens},
    {"id": "useless-heat", "verdict": "misleading", "typed": each_effect, "true": left[10_000]},
    {"id": "smaller-and-faster", "verdict": "misleading", "typed": 8, "true": smaller["Q4_0"]},
    {"id": "qwen", "verdict": "misleading", "typed": [1, 2], "true": lost["int4"][3]},
]
by_id = {claim["id"]: claim for claim in claims}
