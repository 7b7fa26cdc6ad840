"""What "it" attends to in SmolLM2, head by head."""

# %% read
import numpy as np

from explainer.models.llama import load_smollm2, trace_llama

_model = load_smollm2()


def look(text: str) -> tuple[list[str], np.ndarray]:
    """Return the tokens and the attention maps, [layer, head, asks, is seen]."""
    ids = _model.tokenizer.encode(text).ids
    seen = trace_llama(_model.params, np.array(ids), _model.config)
    return [_model.tokenizer.decode([i]).strip() for i in ids], np.asarray(seen.attention)


sentence = "The animal didn't cross the street because it was too tired"
tokens, _maps = look(sentence)
it, animal, street = (tokens.index(word) for word in ("it", "animal", "street"))
_of_it = _maps[:, :, it, : it + 1]  # [layer, head, token up to "it"]
print(f"{len(tokens)} tokens, {_of_it[..., 0].size} heads")

# %% average
average = _of_it.mean((0, 1))
favourites = np.bincount(_of_it.argmax(-1).ravel(), minlength=it + 1)
for _token, _share, _heads in zip(tokens, average, favourites, strict=False):
    print(f"{_token:>8} {_share:5.1%} on average, the favourite of {_heads:3} heads")

# %% best
best = {}
for _word, _place in (("animal", animal), ("street", street)):
    _l, _h = (int(i) for i in np.unravel_index(_of_it[..., _place].argmax(), (30, 9)))
    best[_word] = {"layer": _l + 1, "head": _h + 1, "shares": _of_it[_l, _h]}
    print(f"most on {_word}: layer {_l + 1}, head {_h + 1}, {_of_it[_l, _h, _place]:.0%}")

# %% other
_layer, _head = best["animal"]["layer"] - 1, best["animal"]["head"] - 1
_wide = look(sentence.replace("tired", "wide"))[1]
change = float(np.abs(_wide - _maps)[:, :, : it + 1].max())
_words, _swapped = look("The street didn't cross the animal because it was too tired")
swapped = {w: float(_swapped[_layer, _head, it, _words.index(w)]) for w in ("animal", "street")}
print(f"'wide' instead of 'tired' changes what 'it' takes by {change}")
print("animal and street exchanged:", {w: round(share, 2) for w, share in swapped.items()})

# %% widget
heads = _of_it[_layer]  # [head, token]
_layers = [1, _layer + 1, best["street"]["layer"], 30]
# Whole percent for each head of four layers: [layer, head, asks, is seen].
_percent = (100 * _maps[[number - 1 for number in _layers]]).round().astype(np.uint8)
widget = {"tokens": tokens, "layers": _layers, "layer": _layer + 1, "head": _head + 1}
widget |= {"query": it, "percent": _percent}
