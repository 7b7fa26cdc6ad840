"""Ten activations that lean to one side: a zero-point moves the grid to where they are."""

# %% activations
activations = [0.2, 2.9, 0.0, 1.4, 0.7, 3.6, -0.2, 1.1, 2.2, 0.4]
bits = 4


# %% affine
def affine(values, bits):
    low, high = min(0, *values), max(0, *values)
    scale = (high - low) / (2**bits - 1)
    zero_point = round(-low / scale)
    codes = [round(value / scale) + zero_point for value in values]
    return scale, zero_point, codes


scale, zero_point, codes = affine(activations, bits)
back = [scale * (code - zero_point) for code in codes]
print("codes:", *codes)
print(f"scale {scale:.4f}, zero-point {zero_point}")

# %% symmetric
symmetric_scale = max(abs(value) for value in activations) / (2 ** (bits - 1) - 1)
symmetric_codes = [round(value / symmetric_scale) for value in activations]
symmetric_back = [symmetric_scale * code for code in symmetric_codes]
unused = sum(code < min(symmetric_codes) for code in range(-7, 8))
print("symmetric:", *symmetric_codes, f" scale {symmetric_scale:.4f}, {unused} codes unused")

# %% compare
rows = [
    {"activation": a, "code": q, "back": x, "symmetric": s, "symmetric_back": y}
    for a, q, x, s, y in zip(activations, codes, back, symmetric_codes, symmetric_back, strict=True)
]
error = max(abs(row["activation"] - row["back"]) for row in rows)
symmetric_error = max(abs(row["activation"] - row["symmetric_back"]) for row in rows)
print(f"largest error {error:.3f} instead of {symmetric_error:.3f}")
