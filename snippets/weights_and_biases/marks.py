"""Marks are weighted sums: an essay with a base mark, an exam as a dot product."""

# %% essay
import numpy as np

weight = np.array([0.4, 0.3, 0.1])  # content, structure, language
base = 20.0  # given to whoever hands something in
essay, blank = np.array([80.0, 70.0, 90.0]), np.zeros(3)
essay_mark = float(weight @ essay + base)
blank_mark = float(weight @ blank + base)
print(f"essay {essay_mark:.0f}, blank sheet {blank_mark:.0f}")

# %% exam
points = np.array([30.0, 30.0, 25.0, 15.0])  # what each question is worth
solved = np.array([1.0, 0.5, 0.8, 0.0])  # how much of each was right
terms = (points * solved).tolist()
exam_mark = float(points @ solved)  # multiply in pairs, add up
print(" + ".join(f"{term:.0f}" for term in terms), f"= {exam_mark:.0f}")
