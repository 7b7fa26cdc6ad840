"""Who depends on whom in attention and in convolution: two claims of one article."""

# %% attention
import numpy as np

T, D = 6, 8  # tokens, width
_rng = np.random.default_rng(0)
_text, _other = _rng.normal(size=(2, T, D))
_other[1:] = _text[1:]  # another first token, all else the same
_W, _U, _W_Q, _W_K = _rng.normal(size=(4, D, D)) / D**0.5  # parameters, fixed
_v, _state = _rng.normal(size=(2, D))  # a parameter, and the reader's state


def softmax(scores):
    shares = np.exp(scores - scores.max(-1, keepdims=True))
    return shares / shares.sum(-1, keepdims=True)


def classic(x):  # Bahdanau, Cho and Bengio 2015
    return softmax(np.tanh(_state @ _W + x @ _U) @ _v)


def self_attention(x):
    return softmax(x @ _W_Q @ (x @ _W_K).T / D**0.5)


moved = {f.__name__: float(np.abs(f(_other) - f(_text)).max()) for f in (classic, self_attention)}
print("weights move by", *(f"{name} {by:.3f}" for name, by in moved.items()))

# %% reach
kernel, window = 3, 512
reach = {layers: 1 + layers * (kernel - 1) for layers in (1, 2, 5)}
layers_needed = -(-(window - 1) // (kernel - 1))
print(f"reach by layers {reach}; {window} tokens take {layers_needed} layers")

# %% claims
claims = [
    {"id": "fixed-weights", "verdict": "wrong", "typed": "fixed", "true": moved["classic"]},
    {"id": "local-global", "verdict": "right", "typed": "local", "true": reach[1]},
]
by_id = {claim["id"]: claim for claim in claims}
