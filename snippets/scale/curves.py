"""Kaplan's and Chinchilla's laws, decade by decade, and the claim of 15 % and then 5 %."""

# %% laws
import numpy as np

from explainer.scaling import HOFFMANN, REPLICATION, size_loss

sizes = np.logspace(7, 13, 61)  # parameters
kaplan = [size_loss(N) for N in sizes]
hoffmann = [HOFFMANN.loss(N) for N in sizes]  # data without end
replication = [REPLICATION.loss(N) for N in sizes]
floor, replication_floor = HOFFMANN.E, REPLICATION.E
exponent, corrected = HOFFMANN.alpha, REPLICATION.alpha
low, high = REPLICATION.interval("alpha")
print(f"exponent {corrected:.3f}, between {low:.3f} and {high:.3f}")

# %% decades
rows = []
for start in (1e9, 1e10, 1e11):
    row = {"from": start, "to": 10 * start}
    for name, law in (("kaplan", size_loss), ("hoffmann", HOFFMANN.loss)):
        row[name] = 1 - law(10 * start) / law(start)
    row["replication"] = 1 - REPLICATION.loss(10 * start) / REPLICATION.loss(start)
    # The same with data that grows along: twenty tokens for each parameter.
    row["fed"] = 1 - HOFFMANN.loss(10 * start, 200 * start) / HOFFMANN.loss(start, 20 * start)
    rows.append(row)
    print("{from:.0e}: Kaplan {kaplan:.1%}, Hoffmann {hoffmann:.1%}".format(**row))

# %% claim
first, second = 0.15, 0.05  # better by: a billion to a hundred, a hundred to a thousand
each = (1 + first) ** (1 / 2) - 1  # the first step is two decades long
kaplan_steps = [1 - size_loss(1e11) / size_loss(1e9), 1 - size_loss(1e12) / size_loss(1e11)]
hoffmann_steps = [1 - HOFFMANN.loss(b) / HOFFMANN.loss(a) for a, b in ((1e9, 1e11), (1e11, 1e12))]
print(f"{first:.0%} over two decades is {each:.2%} for each")
