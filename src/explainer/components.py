"""Where a number of a model stands, and what it is for: the words of `count` and `inspect`."""

from __future__ import annotations

COMPONENTS = (
    "embedding",
    "attention",
    "feed_forward",
    "experts",
    "shared_experts",
    "router",
    "norm",
    "head",
    "multi_token_prediction",
)
"""Where a parameter stands. `experts` are the routed ones; a tied head counts as `embedding`."""

KINDS = ("weights", "biases", "gains", "buffers")
"""What a number is for. Gains scale a norm; attention sinks are biases; buffers are not learned."""
