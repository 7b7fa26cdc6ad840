"""How many bytes a model takes: weights, cache, activations, training, and what fits where."""
