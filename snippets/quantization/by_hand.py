"""The answer to the exercise on scale, code and error."""

# %% answer
largest, weight, bits = 2.8, 1.1, 4
scale = largest / (2 ** (bits - 1) - 1)
code = round(weight / scale)
error = scale * code - weight
print(f"scale {scale:.2f}, code {code}, stands for {scale * code:.2f}, error {error:.2f}")
