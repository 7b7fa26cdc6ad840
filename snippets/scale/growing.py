"""Networks of growing width learn one language: a scaling law of our own, with its interval."""

# timeout: 300

# %% language
from explainer.scaling.growing import made_up_language

language = made_up_language()
contexts, letters = language.log_probs.shape
entropy = language.entropy
print(f"{contexts} contexts, {letters} letters, entropy {entropy:.3f} nats")

# %% grow
import jax

from explainer.scaling.growing import BATCH_SIZE, grow

widths, steps, seeds = [2, 4, 8, 16, 32, 64], 1500, 4
plenty, few = steps * BATCH_SIZE, 1000  # letters of text
networks = [*widths, widths[-1]]  # the widest once more, on a short text read over and over
meals = [plenty] * len(widths) + [few]
found = grow(language, networks, key=jax.random.key(0), num_seeds=seeds, letters=meals)

# %% fit
import numpy as np

from explainer.scaling import bootstrap_exponent, fit_power_law

excess, sizes = found.excess[:-1], found.parameters[:-1]
mean = np.exp(np.log(excess).mean(1))  # of the logarithms, as the line is fitted
law = fit_power_law(sizes, mean)
exponent = bootstrap_exponent(sizes, excess)
line = [law.at(int(N)) for N in sizes]
rows = [
    {"units": width, "parameters": int(N), "loss": entropy + e.mean(), "excess": m}
    | {"low": float(e.min()), "high": float(e.max())}
    for width, N, e, m in zip(widths, sizes, excess, mean, strict=True)
]
starved = {"parameters": int(found.parameters[-1]), "excess": float(found.excess[-1].mean())}
starved["worst_small"] = float(excess[0].max())
starved["low"] = float(found.excess[-1].min())
share = 1 - 10**-exponent.value  # of the excess, for each power of ten
print(f"exponent {exponent.value:.2f}, between {exponent.low:.2f} and {exponent.high:.2f}")
