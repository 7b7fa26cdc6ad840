"""The exercise: how many sets of weights say the same thing?"""

# %% answer
from itertools import permutations, product

import numpy as np

rng = np.random.default_rng(0)
W1, b1, W2 = rng.normal(size=(3, 2)), rng.normal(size=3), rng.normal(size=3)
points = rng.normal(size=(100, 2))
answers = np.tanh(points @ W1.T + b1) @ W2
same, tried = 0, 0
for order in permutations(range(3)):
    for sign in product([1, -1], repeat=3):  # tanh(−z) = −tanh(z)
        o, s = list(order), np.array(sign)
        other = np.tanh(points @ (s[:, None] * W1[o]).T + s * b1[o]) @ (s * W2[o])
        same, tried = same + bool(np.allclose(other, answers)), tried + 1
print(f"{same} of {tried} networks give the same answers")
