"""Which score gets half of the attention."""

# %% answer
import math

num_others, num_many = 2, 999
score = math.log(num_others)  # the others have a score of zero
weight = math.exp(score) / (math.exp(score) + num_others)
many = math.log(num_many)
print(f"against {num_others}: {score:.3f}, against {num_many}: {many:.3f}")
