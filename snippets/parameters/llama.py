"""A Llama layer: no biases, and a feed-forward of three matrices."""

# %% layer
D, F, L, V = 4096, 11008, 32, 32000  # widths, layers, vocabulary of Llama-2-7B
attention = {"query": D * D, "key": D * D, "value": D * D, "output": D * D}
feed_forward = {"gate": F * D, "up": F * D, "down": D * F}
norms = 2 * D  # one gain a channel, no bias
layer = sum(attention.values()) + sum(feed_forward.values()) + norms
print(f"attention     {sum(attention.values()):11,}")
print(f"feed-forward  {sum(feed_forward.values()):11,}")
print(f"norms         {norms:11,}")
print(f"one layer     {layer:11,}")

# %% two
missing = L * feed_forward["gate"]  # for a count of "up" and "down" alone
print(f"two matrices instead of three: {missing:,} parameters too few")

# %% total
embedding = V * D
head = V * D  # untied: a matrix of its own
total = embedding + L * layer + D + head  # D: the last norm
print(f"untied {total:,}, tied it would be {total - head:,}")
