"""Five letters instead of six: does the sorter still sort?"""

# %% shorter
import jax
import numpy as np

from explainer import gpt

_params, _config = gpt.trained_gpt(), gpt.GPTConfig()
_given = np.unique(gpt.every_input()[:, :5], axis=0)


def answer(prompt):
    return gpt.generate(_params, prompt, _config, num_tokens=5)


_said = np.asarray(jax.jit(jax.vmap(answer))(_given))
shown = {
    gpt.letters_of(letters): gpt.letters_of(said)
    for letters, said in zip(_given, _said, strict=True)
}
right = sum("".join(sorted(letters)) == said for letters, said in shown.items())
print(f"{right} of {len(shown)} rightly; BACAB -> {shown['BACAB']}")
