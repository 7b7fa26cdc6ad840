"""One budget, three fits, three models; and how real models were fed."""

# %% budget
from explainer.facts import value
from explainer.scaling import FITS, REPLICATION, optimal_size

budget = value("chinchilla.flops")
rows = []
for fit in FITS:
    best = fit.optimum(budget)
    row = {"fit": fit.name, "parameters": best.num_parameters, "tokens": best.num_tokens}
    rows.append(row | {"ratio": best.tokens_per_parameter})
actual = {"fit": "Chinchilla", "parameters": value("chinchilla.parameters")}
actual |= {"tokens": value("chinchilla.tokens")}
actual["ratio"] = actual["tokens"] / actual["parameters"]
rows.append(actual)
for row in rows:
    print("{fit:14} {parameters:.1e} parameters, {ratio:.0f} tokens for each".format(**row))

# %% growth
kaplan = optimal_size(10 * budget) / optimal_size(budget)
chinchilla = REPLICATION.optimum(10 * budget).num_parameters / rows[2]["parameters"]
print(f"ten times the budget: {kaplan:.1f} or {chinchilla:.1f} times the parameters")

# %% intervals
names = ("E", "A", "B", "alpha", "beta")
constants = [{"name": name, "printed": getattr(FITS[0], name)} for name in names]
for row in constants:
    row["refit"] = getattr(REPLICATION, row["name"])
    row["low"], row["high"] = REPLICATION.interval(row["name"])
    row["inside"] = row["low"] < row["printed"] < row["high"]

# %% real
from explainer.architectures import architecture

meals = [("gpt3-175b", "gpt3_training"), ("llama-3.1-405b", "llama3_training")]
meals += [("deepseek-r1", "deepseek_training"), ("smollm2-135m", "smollm2_training")]
fed = []
for name, run in meals:
    model, tokens = architecture(name), value(f"{run}.tokens")
    fed.append({"model": name, "active": model.active, "tokens": tokens})
    fed[-1]["ratio"] = tokens / model.active
    print(f"{name:16} {fed[-1]['ratio']:10,.1f} tokens for each active parameter")
