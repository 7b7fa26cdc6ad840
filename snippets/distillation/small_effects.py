"""What is left after many removals that cost one part in ten thousand each."""

# %% multiply
import math

each = 1e-4
counts = (1, 100, 1_000, 10_000, 50_000)
rows = [{"count": n, "left": (1 - each) ** n, "exponential": math.exp(-each * n)} for n in counts]
for row in rows:
    print(f"{row['count']:6,} removals leave {row['left']:.3f}")

# %% answer
until = 0.9
needed = math.ceil(math.log(until) / math.log(1 - each))
print(f"after {needed:,} removals a tenth is gone: {(1 - each) ** needed:.5f} is left")
