"""Five letters instead of six: does the sorter still sort?"""

# %% shorter
import jax
import numpy as np

from explainer.gpt import GPTConfig, every_input, generate, letters_of, trained_gpt

_params, _config = trained_gpt(), GPTConfig()
_five = np.unique(every_input()[:, :5], axis=0)  # all inputs of five letters
_said = np.asarray(jax.vmap(lambda p: generate(_params, p, _config, num_tokens=5))(_five))
right = int((_said == np.sort(_five)).all(1).sum())
shown = [f"{letters_of(a)} -> {letters_of(b)}" for a, b in zip(_five, _said, strict=True)]
print(f"{right} of {len(_five)} rightly;", shown[100])
