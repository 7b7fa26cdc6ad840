"""Loss against parameters, data and compute: published laws, what training costs, own curves.

Only `explainer.scaling.growing`, which trains networks, imports JAX; import it by its own name.
"""

from explainer.scaling.chinchilla import (
    FITS,
    HOFFMANN,
    HOFFMANN_SOURCE,
    REPLICATION,
    Allocation,
    Fit,
)
from explainer.scaling.cost import Run, gpu_hours, training_cost
from explainer.scaling.flops import FlopsPerToken, flops_per_token, six_nd
from explainer.scaling.kaplan import compute_loss, data_loss, optimal_size, size_loss
from explainer.scaling.power_law import PowerLaw, bootstrap_exponent, fit_power_law, per_decade

__all__ = [
    "FITS",
    "HOFFMANN",
    "HOFFMANN_SOURCE",
    "REPLICATION",
    "Allocation",
    "Fit",
    "FlopsPerToken",
    "PowerLaw",
    "Run",
    "bootstrap_exponent",
    "compute_loss",
    "data_loss",
    "fit_power_law",
    "flops_per_token",
    "gpu_hours",
    "optimal_size",
    "per_decade",
    "six_nd",
    "size_loss",
    "training_cost",
]
