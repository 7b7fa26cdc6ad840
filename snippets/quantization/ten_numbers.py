"""Ten weights, rounded to integers by hand."""

# %% weights
weights = [0.62, -1.31, 0.04, 0.88, -0.43, 0.0, 1.05, -0.77, 0.26, -0.09]


# %% symmetric
def symmetric(values, bits):
    largest_code = 2 ** (bits - 1) - 1
    scale = max(abs(value) for value in values) / largest_code
    codes = [round(value / scale) for value in values]
    return scale, codes


# %% back
def restored(scale, codes):
    return [scale * code for code in codes]


step8, codes8 = symmetric(weights, bits=8)
step4, codes4 = symmetric(weights, bits=4)
print("8 bits:", *codes8, f" scale {step8:.5f}")
print("4 bits:", *codes4, f" scale {step4:.5f}")

# %% error
back8, back4 = restored(step8, codes8), restored(step4, codes4)
error8 = max(abs(a - b) for a, b in zip(weights, back8, strict=True))
error4 = max(abs(a - b) for a, b in zip(weights, back4, strict=True))
print(f"largest error: 8 bits {error8:.5f}, half a step is {step8 / 2:.5f}")
print(f"               4 bits {error4:.5f}, half a step is {step4 / 2:.5f}")

# %% library
import jax.numpy as jnp

from explainer.quantization import quantize

found = quantize(jnp.array(weights), bits=4)
agrees = found.codes().tolist() == codes4
print("the library finds the same codes:", agrees)

# %% table
rows = [
    {"weight": w, "code8": p, "back8": x, "code4": q, "back4": y}
    for w, p, x, q, y in zip(weights, codes8, back8, codes4, back4, strict=True)
]
places = list(range(1, len(weights) + 1))
grid = [step4 * code for code in range(-7, 8)]
