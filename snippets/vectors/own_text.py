"""A thousand tokens through DeepSeek-R1: how many vectors, how many numbers."""

# %% answer
from explainer.architectures import architecture, known_config

config = known_config("deepseek-r1")
tokens, layers, width = 1000, config["num_hidden_layers"], config["hidden_size"]
vectors = tokens * (layers + 1)  # one before the first layer, one after each
numbers = vectors * width
share = numbers / architecture("deepseek-r1").total
print(f"{vectors:,} vectors, {numbers:,} numbers, {share:.3%} of the parameters")
