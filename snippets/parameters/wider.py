"""The exercise: twice as many hidden neurons, and what that does to the count."""

# %% answer
from explainer.parameters import mlp_parameters

hidden = [500, 1000]
counts = [mlp_parameters((100, width, 10)) for width in hidden]
for width, count in zip(hidden, counts, strict=True):
    print(f"{count:,} = {width:,} × (100 + 1 + 10) + 10")
short_of_double = 2 * counts[0] - counts[1]  # the output biases do not double
