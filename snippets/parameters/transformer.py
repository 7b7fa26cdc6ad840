"""One transformer, part by part: where each of GPT-2's parameters sits."""

# %% parts
from math import prod

D, L, V, T = 768, 12, 50257, 1024  # width, layers, tokens, places
F = 4 * D  # width inside the feed-forward
plan = [  # part, formula of one copy, copies, shapes of one copy
    ("token-embedding", "V*D", 1, [(V, D)]),
    ("position-embedding", "T*D", 1, [(T, D)]),
    ("attention", "4*D**2 + 4*D", L, [(3 * D, D), (3 * D,), (D, D), (D,)]),
    ("feed-forward", "2*D*F + F + D", L, [(F, D), (F,), (D, F), (D,)]),
    ("normalization", "2*D", 2 * L + 1, [(D,), (D,)]),
    ("output-head", "V*D", 0, [(V, D)]),  # reads the token embedding again
]
parts = []
for part, formula, copies, shapes in plan:
    one = eval(formula)  # what the table shows is what is computed
    assert one == sum(prod(shape) for shape in shapes)
    pretty = formula.replace("**2", "²").replace("*", "")
    row = {"part": part, "copies": copies, "formula": pretty}
    row["shapes"] = " + ".join("×".join(map(str, s)) for s in shapes)
    parts.append(row | {"parameters": copies * one})
    print(f"{part:19} {copies:2d} × ({pretty}) = {copies * one:,}")

# %% total
total = sum(row["parameters"] for row in parts)
biases = L * (3 * D + D + F + D) + (2 * L + 1) * D
untied = total + V * D  # if the output head were a matrix of its own
print(f"{total:,}, of which {biases:,} are biases ({biases / total:.3%})")
print(f"with an output head of its own: {untied:,}")
