"""Three claims that need a sum of their own: neurons, a memory formula, and two percentages."""

# %% neurons
from explainer.architectures import architecture

gpt3 = architecture("gpt3-175b")
L, D, V = 96, 12288, 50257  # layers, width, tokens
in_layer = 3 * D + D + 4 * D + D  # queries, keys, values; output; feed-forward, out and back
neurons = L * in_layer + V
per_neuron = gpt3.total / neurons
print(f"{gpt3.total:,} parameters on {neurons:,} neurons: {per_neuron:,.0f} each")

# %% memory
qwen = architecture("qwen2.5-7b")
nominal, bits, factor = 7 * 10**9, 4, 1.2
promised = factor * nominal * bits / 8  # the popular formula, overhead included
per_block, in_block = 144, 256  # bytes, weights: a block of Q4_K
weights_alone = qwen.total * per_block / in_block
print(f"promised {promised / 1e9:.2f} GB, weights alone {weights_alone / 1e9:.2f} GB")

# %% decades
first, second = 0.15, 0.05  # gains said to come from 1 to 100 and from 100 to 1,000 billion
per_decade = (1 + first) ** (1 / 2) - 1  # the first spans two decades, the second one
print(f"for each tenfold: {per_decade:.2%}, then {second:.2%}")

# %% verdicts
verdicts = ["right", "right-with-a-gap", "misleading", "wrong", "cannot-be-checked"]
