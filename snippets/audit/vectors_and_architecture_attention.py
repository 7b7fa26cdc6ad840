"""One layer of a transformer: the sums of one article, done again."""

# %% attention
from explainer.parameters import attention_parameters, count_parameters

D, H = 8192, 128  # width, heads
d_k = D // H  # width of one head
shapes = {name: (H, D, d_k) for name in ("queries", "keys", "values")}
shapes["output"] = (H * d_k, D)
attention = count_parameters(shapes)
assert attention == attention_parameters(D, H, bias=False) == 4 * D**2
print(f"built:   {attention:,}")

# %% formula
formula = H * D * (3 * D + D)
printed_attention = 335_000_000
print(f"formula: {formula:,}, {formula / attention:.0f} times as many")
print(f"printed: {printed_attention:,}; 5D² would be {5 * D**2:,}")

# %% feed_forward
from explainer.architectures import architecture
from explainer.parameters import feed_forward_parameters

printed_feed_forward = 534_000_000
feed_forward = feed_forward_parameters(D, 4 * D, gated=False, bias=False)
llama = architecture("llama-2-7b")
llama_squares = llama.components["feed_forward"] / 32 / 4096**2
print(f"8D² = {feed_forward:,}; a layer of Llama-2-7B has {llama_squares} D²")

# %% biases
gpt2 = architecture("gpt2")
bias_share = gpt2.kinds["biases"] / gpt2.total
print(f"GPT-2: {bias_share:.4%}")

# %% claims
answers = [
    {"answer": "as-built", "count": attention},
    {"answer": "as-printed", "count": printed_attention},
    {"answer": "formula-evaluated", "count": formula},
]
claims = [
    {"id": "head-shapes", "verdict": "right", "typed": 4 * D**2, "true": attention},
    {"id": "times-heads", "verdict": "wrong", "typed": formula, "true": attention},
    {"id": "attention-sum", "verdict": "wrong", "typed": printed_attention, "true": formula},
    {
        "id": "eight-squares",
        "verdict": "right-with-a-gap",
        "typed": 534 * 10**6,
        "true": feed_forward,
    },
    {"id": "small-biases", "verdict": "right", "typed": "small", "true": bias_share},
]
by_id = {claim["id"]: claim for claim in claims}
