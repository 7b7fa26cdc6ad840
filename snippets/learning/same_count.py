"""The exercise: one wide layer or three narrow ones, for the same parameters."""

# %% answer
from itertools import pairwise

shapes = [(2, 5, 1), (2, 2, 2, 2, 1)]
counts = [sum(i * o + o for i, o in pairwise(shape)) for shape in shapes]
for shape, count in zip(shapes, counts, strict=True):
    print(f"{'–'.join(map(str, shape))}: {count} parameters")
