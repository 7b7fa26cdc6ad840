"""What SmolLM2 puts after "Dogs are man's best", token by token, with probabilities."""

# %% read
import jax
import numpy as np

from explainer.models.llama import apply_llama, load_smollm2

_model = load_smollm2()
_tokenizer = _model.tokenizer
prompt = "Dogs are man's best"
ids = _tokenizer.encode(prompt).ids
tokens = [_tokenizer.decode([token]) for token in ids]
vocabulary = _model.config.vocab_size
print(f"{len(tokens)} tokens: {tokens}")

# %% guess
_probabilities = np.asarray(
    jax.nn.softmax(apply_llama(_model.params, np.array(ids), _model.config))
)
guessed = []
for _place, _wanted in enumerate(ids[1:]):
    _row = _probabilities[_place]
    guessed.append(
        {
            "after": "".join(tokens[: _place + 1]),
            "came": tokens[_place + 1],
            "probability": float(_row[_wanted]),
            "guess": _tokenizer.decode([int(_row.argmax())]),
            "guess_probability": float(_row.max()),
        }
    )
for _row in guessed:
    print(f"{_row['after']:<16} {_row['came']:>6} {_row['probability']:8.2%}")

# %% next
_last = _probabilities[-1]
likeliest = [
    {"token": _tokenizer.decode([int(_id)]), "probability": float(_last[_id])}
    for _id in np.argsort(-_last)[:5]
]
total = float(_last.sum())
for _row in likeliest:
    print(f"{_row['token']:>12} {_row['probability']:7.2%}")

# %% continue
from explainer.models.llama import generate

_stop = _tokenizer.token_to_id(".")
_added = generate(_model.params, ids, _model.config, num_tokens=6, stop=[_stop])
_text = np.array([*ids, *_added])
_chances = jax.nn.softmax(apply_llama(_model.params, _text, _model.config))[len(ids) - 1 : -1]
continued = [
    {"token": _tokenizer.decode([int(_id)]), "probability": float(_chance[_id])}
    for _id, _chance in zip(_added, _chances, strict=True)
]
print(prompt + "".join(row["token"] for row in continued))
