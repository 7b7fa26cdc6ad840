"""Weights alone, or weights and activations: a real layer's outputs under both."""

# %% layer
from explainer.damage import relative_error
from explainer.exam import text_named
from explainer.models.bert import load_minilm, tokenize
from explainer.models.bert_encoder import layer_norm
from explainer.quantization import integer_matmul, quantize, weight_only_matmul

_model = load_minilm()
_text = text_named("alice").split("\n\n")[:4]
_tokens = tokenize(_model, _text)
_params = _model.params
_rows = _params.word[_tokens.ids] + _params.position[None, : _tokens.ids.shape[1]]
_rows = _rows + _params.token_type[None, :1]
# What enters the first layer: one vector for each token of the text.
_x = layer_norm(_params.norm, _rows, epsilon=1e-12)[_tokens.mask]
_W = _params.blocks.query.weight[0]
_wanted = _x @ _W.T
num_tokens, d_in = _x.shape
print(f"{num_tokens} tokens, a layer of {_W.shape[0]} × {d_in}")

# %% compare
rows = []
for weight_bits in (8, 4):
    _q = quantize(_W, bits=weight_bits)
    for activation_bits in (32, 8, 4):
        if activation_bits == 32:
            _found = weight_only_matmul(_x, _q)
        else:
            _found = integer_matmul(quantize(_x, bits=activation_bits), _q)
        error = float(relative_error(_found, _wanted))
        rows.append({"weights": weight_bits, "activations": activation_bits, "error": error})
        print(f"W{weight_bits} A{activation_bits:<2} error {error:.2%}")

# %% size
q8, q4 = quantize(_W, bits=8), quantize(_W, bits=4)
sizes = {"float": 4 * _W.size, "int8": q8.nbytes_stored, "int4": q4.nbytes_stored}
print(sizes, f"{q8.bits_per_weight:.3f} and {q4.bits_per_weight:.3f} bits a weight")
