"""The trained weights in a file of one byte a parameter, for the stepper of the page."""

# %% write
import numpy as np

from explainer import gpt
from explainer.gpt.stored import named

_params = dict(named(gpt.trained_gpt()))
step = 1 / 512  # every stored parameter is a multiple of it


def whole(name, array):
    """Return how many steps each number is from zero, or a gain from one."""
    return np.rint((array.ravel() - name.endswith(".gain")) / step).astype(int)


_steps = {name: whole(name, array) for name, array in _params.items()}
largest = max(int(np.abs(steps).max()) for steps in _steps.values())
_file = np.concatenate(list(_steps.values())).astype(np.int8)
downloads = {"tiny-gpt.bin": _file.view(np.uint8)}
size = _file.size
print(f"{size:,} bytes, no number in them beyond {largest}")

# %% layout
layout = [[name, steps.size] for name, steps in _steps.items()]
config = {**vars(gpt.GPTConfig()), "d_ff": gpt.GPTConfig().d_ff}
