"""The exercise: how long until decay alone has halved a weight?"""

# %% answer
from math import log

learning_rate, decay = 1e-3, 0.1
steps = log(0.5) / log(1 - learning_rate * decay)
rule = log(2) / (learning_rate * decay)
print(f"{steps:.0f} steps; by the rule of thumb {rule:.0f}")
