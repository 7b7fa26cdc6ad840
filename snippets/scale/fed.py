"""A trillion parameters badly fed against a billion well fed, by three fits of one law."""

# %% reach
from explainer.scaling import FITS

small, large = 10**9, 10**12
well_fed = 20 * small  # tokens
rows = []
for fit in FITS:
    loss = fit.loss(small, well_fed)
    tokens = fit.tokens_to_reach(loss, large)
    row = {"fit": fit.name, "loss": loss, "tokens": tokens, "per_parameter": tokens / large}
    row["full"] = fit.loss(large, 20 * large)
    rows.append(row)
    print("{fit:14} {loss:.3f} nats; the trillion needs {tokens:.2e} tokens".format(**row))

# %% curve
import numpy as np

given = np.logspace(8.5, 13.5, 51)  # tokens
of_large = [FITS[0].loss(large, D) for D in given]
of_small = [FITS[0].loss(small, D) for D in given]
