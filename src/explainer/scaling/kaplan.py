r"""The first scaling laws of language models: straight lines on logarithmic axes.

Sizes are parameters without embeddings, compute is in PF-days ($8.64 \times 10^{19}$ FLOPs).
"""

from __future__ import annotations

PF_DAY_FLOPS = 10**15 * 24 * 3600
"""One petaFLOP/s for a day."""

SIZE_EXPONENT, SIZE_SCALE = 0.076, 8.8e13
DATA_EXPONENT, DATA_SCALE = 0.095, 5.4e13
COMPUTE_EXPONENT, COMPUTE_SCALE = 0.050, 3.1e8  # the scale in PF-days
ALLOCATION_EXPONENT, ALLOCATION_SCALE = 0.73, 1.3e9  # parameters at one PF-day


def size_loss(num_parameters: int | float) -> float:
    r"""Return the loss of a model that has data and training enough: $(N_c / N)^{0.076}$.

    Args:
        num_parameters: $N$, embeddings not counted, above 0.

    Returns:
        Loss in nats a token.

    Raises:
        ValueError: If `num_parameters` is not above 0.

    Examples:
        >>> round(size_loss(1.5e9), 2)
        2.3

    References:
        Kaplan et al. 2020, Scaling laws for neural language models, equation 1.1.
    """
    return _law("num_parameters", num_parameters, SIZE_SCALE, SIZE_EXPONENT)


def data_loss(num_tokens: int | float) -> float:
    r"""Return the loss of a large model on limited data, stopped in time: $(D_c / D)^{0.095}$.

    Args:
        num_tokens: $D$, above 0.

    Returns:
        Loss in nats a token.

    Raises:
        ValueError: If `num_tokens` is not above 0.

    References:
        Kaplan et al. 2020, Scaling laws for neural language models, equation 1.2.
    """
    return _law("num_tokens", num_tokens, DATA_SCALE, DATA_EXPONENT)


def compute_loss(flops: int | float) -> float:
    r"""Return the loss where a budget is spent at its best: $(C_c / C)^{0.050}$.

    Args:
        flops: $C$, all floating-point operations of training, above 0.

    Returns:
        Loss in nats a token.

    Raises:
        ValueError: If `flops` is not above 0.

    References:
        Kaplan et al. 2020, Scaling laws for neural language models, equation 1.3 ($C_{min}$).
    """
    return _law("flops", flops, COMPUTE_SCALE * PF_DAY_FLOPS, COMPUTE_EXPONENT)


def optimal_size(flops: int | float) -> float:
    r"""Return the size on which a budget is best spent: $N = 1.3 \times 10^9 \, C^{0.73}$.

    A budget ten times as large buys a model more than five times as large, and less than twice
    the data. Chinchilla corrected that.

    Args:
        flops: $C$, above 0.

    Returns:
        Parameters, embeddings not counted.

    Raises:
        ValueError: If `flops` is not above 0.

    Examples:
        >>> round(optimal_size(10 * PF_DAY_FLOPS) / optimal_size(PF_DAY_FLOPS), 2)
        5.37

    References:
        Kaplan et al. 2020, Scaling laws for neural language models, section 6.1 and appendix A.
    """
    if not flops > 0:
        raise ValueError(f"`flops` (={flops}) must be above 0")
    return float(ALLOCATION_SCALE * (flops / PF_DAY_FLOPS) ** ALLOCATION_EXPONENT)


def _law(name: str, value: int | float, scale: int | float, exponent: int | float) -> float:
    if not value > 0:
        raise ValueError(f"`{name}` (={value}) must be above 0")
    return float((scale / value) ** exponent)
