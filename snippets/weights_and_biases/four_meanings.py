"""One word, four things: parameter, exponent bias, zero-point, and bias in statistics."""

# %% parameter
import numpy as np

weight, parameter = np.array([6.0, 2.0, 3.0]), -5.0
output = float(weight @ np.ones(3) + parameter)
print(f"6 + 2 + 3 {parameter:+.0f} = {output:.0f}")

# %% exponent
number = 6.5
(bits,) = np.frombuffer(np.float32(number).tobytes(), np.uint32)
stored_exponent = int(bits >> 23 & 0xFF)  # eight bits, never negative
true_exponent = int(np.floor(np.log2(number)))  # 6.5 = 1.625 · 2²
exponent_bias = stored_exponent - true_exponent
print(f"stored {stored_exponent}, meant {true_exponent}: bias {exponent_bias}")

# %% zero_point
low, high = -0.5, 1.5
scale = (high - low) / 255
zero_point = round(-low / scale)  # the integer that stands for 0.0
kept = round(1.0 / scale) + zero_point
back = (kept - zero_point) * scale
print(f"0.0 is stored as {zero_point}, 1.0 as {kept}, read back as {back:.4f}")

# %% statistics
samples = np.random.default_rng(0).normal(size=(100_000, 5))  # true variance 1
naive = float(samples.var(axis=1).mean())  # divided by n
corrected = float(samples.var(axis=1, ddof=1).mean())  # divided by n - 1
statistical_bias = naive - 1
del samples
print(f"average estimate {naive:.3f}, so a bias of {statistical_bias:+.3f}")
print(f"divided by one less: {corrected:.3f}")
