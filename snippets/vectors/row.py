"""A token's id picks a row of the embedding matrix, and the row becomes a vector."""

# %% ids
import numpy as np

from explainer.models.bert import bert_states, load_minilm, tokenize

_minilm = load_minilm()
river = ["He sat on the river bank.", "She fished from the bank of the river."]
money = ["The bank lent him money.", "They opened an account at the bank."]
tokens = tokenize(_minilm, river + money)
bank = _minilm.tokenizer.token_to_id("bank")
for ids, real in zip(tokens.ids, tokens.mask, strict=True):
    print(ids[real].tolist())

# %% pick
E = _minilm.params.word  # the embedding matrix: parameters
row = np.asarray(E[bank])
first = [float(number) for number in row[:4]]
print(f"E has {E.shape[0]:,} rows of {E.shape[1]} numbers")
print(f"row {bank}:", *(f"{number:+.3f}" for number in first), "…")

# %% context
_states = np.asarray(bert_states(_minilm.params, *tokens, _minilm.config))
_at = np.arange(4), np.asarray((tokens.ids == bank).argmax(axis=1))  # text, place
_vectors = _states[:, *_at]  # of the four banks: [layer, text, number]
_unit = _vectors / np.linalg.norm(_vectors, axis=-1, keepdims=True)
_cosines = _unit @ _unit.swapaxes(1, 2)
depths = list(range(len(_cosines)))
same = [float(layer[[0, 2], [1, 3]].mean()) for layer in _cosines]
different = [float(layer[:2, 2:].mean()) for layer in _cosines]
nearest = bool(_cosines[-1, [0, 2], [1, 3]].min() > _cosines[-1, :2, 2:].max())
for depth in depths[::3]:
    print(f"after layer {depth}: same {same[depth]:.3f}, different {different[depth]:.3f}")

# %% pictures
_near = range(bank - 4, bank + 5)
names = [_minilm.tokenizer.id_to_token(number) for number in _near]
table = np.asarray(E[bank - 4 : bank + 5, :20])
pieces = [_minilm.tokenizer.id_to_token(int(i)) for i in tokens.ids[0][tokens.mask[0]]]
vectors = _states[-1, 0, : len(pieces), :20]
