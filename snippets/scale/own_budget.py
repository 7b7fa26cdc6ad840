"""One graphics card for a week: which model, and on how much text?"""

# %% answer
from explainer.facts import value
from explainer.scaling import REPLICATION, training_cost

hours, usage, ratio = 7 * 24, 0.35, 20
C = value("hopper.dense_flops") * usage * hours * 3600
N = (C / (6 * ratio)) ** (1 / 2)  # C = 6 N D and D = 20 N
D = ratio * N
best = REPLICATION.optimum(C)
cost = training_cost(hours, price_per_hour=value("deepseek_training.price"))
print(f"{C:.2e} operations: {N / 1e9:.2f} billion parameters, {D / 1e9:.0f} billion tokens")
