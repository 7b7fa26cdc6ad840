"""The exercise: two other points, the same two questions."""

# %% answer
from explainer.line import solve_line

points, question = [(0.0, 1.0), (2.0, 5.0)], 5.0
line = solve_line(points)
slope, intercept = float(line.slope), float(line.intercept)
answer = float(line(question))
print(f"a = {slope:.0f}, b = {intercept:.0f}, answer {answer:.0f}")
