"""What a parameter is: its share of a file and of memory, its size, and a line as example."""

# %% shares
from explainer.architectures import architecture, known_config

student, c = architecture("r1-distill-qwen-7b"), known_config("r1-distill-qwen-7b")
d_head = c["hidden_size"] // c["num_attention_heads"]
per_token = 2 * 2 * c["num_hidden_layers"] * c["num_key_value_heads"] * d_head  # bytes, FP16
weights, context = 2 * student.total, 131_072
shares = {"running": weights / (weights + context * per_token)}
kept = {"weights": 2, "gradients": 2, "copy in FP32": 4, "two moments": 8}  # bytes, Adam
shares["training"] = kept["weights"] / sum(kept.values())
print("parameters' share of memory:", *(f"{name} {share:.1%}" for name, share in shares.items()))

# %% size
from explainer.formats import FORMATS, store

large, sigma = -12138.123, 0.02  # the article's example; how widely GPT-2's weights are drawn
deviations = abs(large) / sigma
stored = {f: store(FORMATS[f], large).value for f in ("float16", "bfloat16", "float8_e5m2")}
largest = FORMATS["float8_e4m3fn"].largest
print(f"{deviations:,.0f} deviations from zero; the format of R1's weights ends at {largest:.0f}")

# %% line
(x1, y1), (x2, y2) = (1, 1), (2, 3)
a = (y2 - y1) / (x2 - x1)
b = y1 - a * x1
print(f"a = {a:.0f}, b = {b:.0f}")

# %% use
guess, question = 0.5, 5  # a and b of the article's second step
answer, other = a * question + b, guess * question + guess
missed = guess * x2 + guess
print(f"at {question}: {answer:.0f}, not {other:.1f}; at {x2} the other line gives {missed}")

# %% claims
claims = [
    {"id": "nine-tenths", "verdict": "misleading", "typed": 0.9, "true": shares["training"]},
    {"id": "any-number", "verdict": "misleading", "typed": large, "true": largest},
    {"id": "two-points", "verdict": "right", "typed": "solvable", "true": [a, b]},
    {"id": "using-the-line", "verdict": "misleading", "typed": other, "true": answer},
]
by_id = {claim["id"]: claim for claim in claims}
