"""Weather 6, companion 2, audience 3, threshold 5: the whole truth table."""

# %% table
import jax.numpy as jnp

from explainer.neuron import perceptron, truth_table

weight, threshold = jnp.array([6.0, 2.0, 3.0]), 5.0
cases = truth_table(3)  # [8, 3]: every combination of no and yes
sums = cases @ weight
above = perceptron(cases, weight, threshold=threshold)
at_least = perceptron(cases, weight, threshold=threshold, inclusive=True)
columns = ("weather", "companion", "audience", "sum", "above", "at_least")
table = jnp.column_stack([cases, sums, above, at_least])
rows = [dict(zip(columns, map(int, row), strict=True)) for row in table]
for row in rows:
    print("{weather} {companion} {audience}: {sum:2}  > {above}  ≥ {at_least}".format(**row))

# %% decisive
from explainer.neuron import decisive_inputs

decisive = decisive_inputs(above).tolist()
decisive_at_least = decisive_inputs(at_least).tolist()
print(f"with >: {decisive}")
print(f"with ≥: {decisive_at_least}")

# %% tie
tie = cases[3]  # no weather, but companion and audience
nudge = 1e-6
nudged_weight = weight + jnp.array([0, 0, nudge])
before = int(perceptron(tie, weight, threshold=threshold))
after = int(perceptron(tie, nudged_weight, threshold=threshold))
print(f"w3 = {weight[2]:.6f}: {before}")
print(f"w3 = {nudged_weight[2]:.6f}: {after}")

# %% bias
from explainer.neuron import neuron, step

bias = -threshold
same = bool((neuron(cases, weight, bias, activation=step) == above).all())
print(f"threshold {threshold:.0f} and bias {bias:.0f} agree in all rows: {same}")

# %% feedback
from explainer.neuron import perceptron_update

example, target = cases[4], jnp.array(0.0)  # fine weather, nobody there: a mistake to go
new_weight, new_bias = perceptron_update(weight, jnp.array(bias), example, target)
answers = neuron(cases, new_weight, new_bias, activation=step)
new_answers, new_decisive = answers.astype(int).tolist(), decisive_inputs(answers).tolist()
changed_weights = int((new_weight != weight).sum())
print(f"weights {weight} become {new_weight}")
print(f"bias {bias:.0f} becomes {float(new_bias):.0f}, answers become {new_answers}")
print(f"inputs that matter: {new_decisive}")

# %% widget
widget = {"weight": weight.tolist(), "threshold": threshold}
