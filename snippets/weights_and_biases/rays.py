"""Without biases a network cannot tell near from far: twice the input gives twice the output."""

# %% rays
import jax
import numpy as np

from explainer.network import apply_mlp, init_mlp

blind = init_mlp((2, 16, 16, 2), key=jax.random.key(1), use_bias=False)
point = np.array([0.3, 0.4], np.float32)
near, far = jax.jit(apply_mlp)(blind, np.stack([point, 2 * point]))
proportional = bool(np.allclose(far, 2 * near, rtol=1e-5))
print(f"twice the input gives twice the output: {proportional}")
