"""AWQ: weights of large inputs are rounded finer; the same layer and texts as for GPTQ."""

# timeout: 240
# %% inputs
import jax.numpy as jnp
from sklearn import datasets

from explainer.damage import relative_error
from explainer.exam import text_named
from explainer.models.bert import bert_states, load_minilm, tokenize
from explainer.quantization import quantize
from explainer.quantization.awq import quantize_awq

_model = load_minilm()
layer, bits = 5, 3
_W = _model.params.blocks.key.weight[layer]


def inputs_of_layer(text):  # one vector for each token
    sentences = [s for s in text.replace("\n", " ").split(". ") if 3 < len(s.split()) < 60]
    ids, mask = tokenize(_model, sentences)
    return bert_states(_model.params, ids, mask, _model.config)[layer][mask]


_about = [getattr(datasets, f"load_{name}")().DESCR for name in ("breast_cancer", "wine", "digits")]
_words = [word for word in " ".join(_about).split() if word.strip(".,").isalpha()]
_seen = inputs_of_layer(text_named("alice") + " ".join(_words))
_new = inputs_of_layer(text_named("lock"))
_sizes = jnp.abs(_seen).mean(0)
largest = float(_sizes.max() / jnp.median(_sizes))

# %% search
_plain = quantize(_W, bits=bits, granularity="group").dequantize()
_found = quantize_awq(_W, _seen, bits=bits)
alpha = float(_found.alpha)
errors = {
    name: {
        "plain": float(relative_error(x @ _plain.T, x @ _W.T)),
        "scaled": float(relative_error(x @ _found.dequantize().T, x @ _W.T)),
    }
    for name, x in (("seen", _seen), ("new", _new))
}
print(
    f"best exponent {alpha:.2f}; new text {errors['new']['plain']:.1%} plain,",
    f"{errors['new']['scaled']:.1%} scaled",
)
