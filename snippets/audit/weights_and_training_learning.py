"""Where training starts and how far a step goes: the sums of one article, done again."""

# %% starts
from explainer.architectures import architecture

gpt2 = architecture("gpt2").kinds
fixed = gpt2["biases"] + gpt2["gains"]  # these begin at 0 and at 1, for everyone
print(f"GPT-2: {gpt2['weights']:,} drawn at random, {fixed:,} not")

# %% step
rate, w = 0.25, 1.0


def gradient(w):
    return 4 * w  # of f(w) = ½ · 4w²


new = w - rate * gradient(w)
sgd = [rate * abs(g) for g in (1e-3, 1.0, 1e3)]
adam = [rate * abs(g) / ((g**2) ** 0.5 + 1e-8) for g in (1e-3, 1.0, 1e3)]  # the first step
print(f"from {w} to {new}; SGD steps", *sgd)
print("Adam steps", *(f"{step:.6f}" for step in adam))

# %% rates
limit, ends = 2 / 4, {}  # 4: the curvature
for rate in (0.01, 0.25, 0.5, 0.51):
    w = 1.0
    for _ in range(50):
        w = w - rate * gradient(w)
    ends[rate] = w
    print(f"rate {rate:.2f}: at {w:+.3g} after 50 steps")

# %% claims
claims = [
    {"id": "all-zero", "verdict": "misleading", "typed": "never", "true": "with a sigmoid it does"},
    {"id": "random-biases", "verdict": "misleading", "typed": "random", "true": fixed},
    {"id": "gradient-and-step", "verdict": "misleading", "typed": 1e6, "true": adam[2] / adam[0]},
    {"id": "update-rule", "verdict": "right", "typed": "SGD", "true": new},
    {"id": "too-small-too-large", "verdict": "right", "typed": "both", "true": limit},
]
by_id = {claim["id"]: claim for claim in claims}
