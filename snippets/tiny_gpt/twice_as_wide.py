"""The tiny GPT at twice the width: how many parameters?"""

# %% answer
import jax

from explainer.gpt import GPTConfig, init_gpt
from explainer.parameters import count_parameters


def count(d_model):
    """Count a GPT of this width, without making it."""
    config = GPTConfig(d_model=d_model)
    return count_parameters(jax.eval_shape(lambda: init_gpt(config, key=jax.random.key(0))))


narrow_width, wide_width = 48, 96
narrow, wide = count(narrow_width), count(wide_width)
print(f"{wide:,}, {wide / narrow:.2f} times {narrow:,}")
