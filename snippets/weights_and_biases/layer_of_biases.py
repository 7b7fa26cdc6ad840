"""One layer at four bits: what its biases could still save."""

# %% answer
width = 4096  # inputs, and outputs
weights_bytes = width * width * 4 // 8
biases_bytes = 4 * width
before_bytes = weights_bytes + biases_bytes
saved_bytes = biases_bytes - width * 4 // 8
share = saved_bytes / before_bytes
print(f"{saved_bytes:,} of {before_bytes:,} bytes, {share:.2%}")
