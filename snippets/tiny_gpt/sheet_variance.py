"""A layer norm that divides by n - 1: how far off it is, and whether the model notices."""

# %% off
width = 48
factor = ((width - 1) / width) ** 0.5
print(f"every normalised number is {1 - factor:.2%} too small")

# %% sorts
from explainer.gpt import GPTConfig, every_input, sorted_rightly, trained_gpt

_params = trained_gpt()
right = int(sorted_rightly(_params, every_input(), GPTConfig()).sum())
_blocks = _params["blocks"]
for _norm in (_blocks["ln_attention"], _blocks["ln_mlp"], _params["ln_final"]):
    _norm["gain"] = factor * _norm["gain"]
right_with_bug = int(sorted_rightly(_params, every_input(), GPTConfig()).sum())
inputs = len(every_input())
print(f"sorted rightly: {right} of {inputs}; with the bug: {right_with_bug}")
