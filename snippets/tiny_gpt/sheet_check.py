"""The workbook's values against JAX, and what one changed weight does to them."""

# %% continue
import numpy as np

from explainer.gpt import VOCABULARY, GPTConfig, apply_gpt, letters_of, tokens_of, trained_gpt
from explainer.spreadsheet.reference import continue_prompt, decimals

config, prompt = GPTConfig(), "CBABBC"
vocabulary = list(VOCABULARY)
_params = trained_gpt()
_exact = decimals(_params)
_trace = continue_prompt(_exact, tokens_of(prompt).tolist(), num_heads=config.num_heads)
letters = letters_of(_trace.tokens)
answer = letters_of(_trace.continuation)
print(prompt, "->", answer)

# %% positions
probabilities = _trace.values["probability"]  # [T V]
typed = len(prompt)
rows = []
for _place, _next in enumerate(letters_of(_trace.following)):
    _origin = "typed-letter" if _place < typed else "own-letter"
    rows.append({"position": _place + 1, "letter": letters[_place], "origin": _origin})
    rows[-1] |= {"next": _next, "probability": float(probabilities[_place].max())}
writing = rows[typed - 1 :]  # from here on the next letter is a letter of the answer
least = min(row["probability"] for row in writing)
reading = rows[: typed - 1]  # here it still reads, and nobody has trained its guesses
right = sum(row["next"] == letters[row["position"]] for row in reading)
print(f"sure of each letter of the answer by {least:.1%} or more")
print(f"while reading: {right} of {len(reading)} guesses right")

# %% jax
from explainer.spreadsheet.nanogpt import jax_logits

_logits = _trace.values["logits"]
in_double = float(abs(_logits - jax_logits(_exact, _trace, config)).max())
in_single = float(abs(_logits - apply_gpt(_params, np.array(_trace.tokens), config)).max())
print(f"largest difference from JAX: float64 {in_double:.1e}, float32 {in_single:.1e}")

# %% change
change = 0.001
_changed = decimals(_params)
_changed["blocks"]["up"]["weight"][1, 7, 11] += change
_other = continue_prompt(_changed, list(_trace.tokens), num_heads=config.num_heads)
moved = float(abs(_other.values["logits"] - _logits).max())
tolerance = 1e-9
print(f"one weight {change} larger: a logit moves by {moved:.1e}")
