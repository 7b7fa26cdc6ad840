"""Rounding to nearest against GPTQ's error correction, on text seen and on new text."""

# timeout: 240
# %% activations
from sklearn import datasets

from explainer.damage import relative_error
from explainer.exam import text_named
from explainer.models.bert import bert_states, load_minilm, tokenize
from explainer.quantization import input_hessian, quantize, quantize_gptq

_model = load_minilm()
layer = 5
_W = _model.params.blocks.key.weight[layer]


def inputs_of_layer(text):  # one vector for each token
    sentences = [s for s in text.replace("\n", " ").split(". ") if 3 < len(s.split()) < 60]
    ids, mask = tokenize(_model, sentences)
    return bert_states(_model.params, ids, mask, _model.config)[layer][mask]


_about = [getattr(datasets, f"load_{name}")().DESCR for name in ("breast_cancer", "wine", "digits")]
_words = [word for word in " ".join(_about).split() if word.strip(".,").isalpha()]
_seen = inputs_of_layer(text_named("alice") + " ".join(_words))
_new = inputs_of_layer(text_named("lock"))
num_seen, d_in = _seen.shape
num_new = len(_new)
print(f"{num_seen} tokens to calibrate, {num_new} new ones, {d_in} inputs")

# %% compare
bits = 3


def output_error(q, x):
    return float(relative_error(x @ q.dequantize().T, x @ _W.T))


_plain = quantize(_W, bits=bits, granularity="group")
_best = quantize_gptq(_W, input_hessian(_seen), bits=bits, granularity="group")
rows = [
    {
        "method": method,
        "weights": float(relative_error(_q.dequantize(), _W)),
        "seen": output_error(_q, _seen),
        "new": output_error(_q, _new),
    }
    for method, _q in (("round-to-nearest", _plain), ("gptq", _best))
]
same_bits = _plain.bits_per_weight == _best.bits_per_weight
for _row in rows:
    print(f"{_row['method']:17} seen {_row['seen']:.1%}, new {_row['new']:.1%}")

# %% tokens
token_counts, seen_errors, new_errors = [100, 200, 400, 800, num_seen], [], []
for n in token_counts:
    _q = quantize_gptq(_W, input_hessian(_seen[:n]), bits=bits, granularity="group")
    seen_errors.append(output_error(_q, _seen[:n]))
    new_errors.append(output_error(_q, _new))
    print(f"{n:5} tokens: seen {seen_errors[-1]:.1%}, new {new_errors[-1]:.1%}")
