r"""Loss from parameters and tokens, $L(N, D) = E + A / N^\alpha + B / D^\beta$, as it was fitted.

$E$ is what no model can save, the second term what is lost for want of parameters, the third for
want of data. The same runs have been fitted more than once, with different results: take none of
these constants for a law of nature.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

Z = 1.959964  # 95 % of a normal distribution lie within so many standard errors


@dataclass(frozen=True)
class Allocation:
    """How a budget is best spent.

    Args:
        num_parameters: Of the model.
        num_tokens: To train it on.
        loss: That the fit expects, in nats a token.
    """

    num_parameters: int | float
    num_tokens: int | float
    loss: int | float

    @property
    def tokens_per_parameter(self) -> float:
        """Return tokens over parameters."""
        return self.num_tokens / self.num_parameters


@dataclass(frozen=True)
class Fit:
    r"""One set of constants for $E + A / N^\alpha + B / D^\beta$.

    Args:
        name: Whose.
        E: Irreducible loss, in nats a token.
        A: Of the parameters.
        B: Of the tokens.
        alpha: Exponent of the parameters.
        beta: Exponent of the tokens.
        source: Where the constants stand.
        standard_errors: Of those constants for which the source gives one, by name.

    Examples:
        >>> round(HOFFMANN.loss(1e9, 20e9), 4)
        2.58
        >>> round(REPLICATION.optimum(5.76e23).tokens_per_parameter, 1)
        18.4
    """

    name: str
    E: int | float
    A: int | float
    B: int | float
    alpha: int | float
    beta: int | float
    source: str
    standard_errors: Mapping[str, float] = field(default_factory=dict)

    def loss(self, num_parameters: int | float, num_tokens: int | float = math.inf) -> float:
        """Return the expected loss.

        Args:
            num_parameters: $N$, above 0; infinity is allowed.
            num_tokens: $D$, above 0; infinity, the default, for more data than it can use.

        Returns:
            Nats a token.

        Raises:
            ValueError: If either is not above 0.
        """
        if not (num_parameters > 0 and num_tokens > 0):
            raise ValueError(
                f"`num_parameters` (={num_parameters}) and `num_tokens` (={num_tokens}) must be "
                "above 0"
            )
        for_size = self.A / num_parameters**self.alpha
        for_data = self.B / num_tokens**self.beta
        return float(self.E + for_size + for_data)

    def optimum(self, flops: int | float) -> Allocation:
        r"""Return the best model and data for a budget of $C = 6 N D$.

        $N = G (C/6)^{\beta / (\alpha + \beta)}, \quad D = (C/6) / N, \quad
        G = (\alpha A / \beta B)^{1 / (\alpha + \beta)}$

        Args:
            flops: $C$, above 0.

        Returns:
            Parameters, tokens and loss; real numbers, not rounded.

        Raises:
            ValueError: If `flops` is not above 0.

        References:
            Hoffmann et al. 2022, Training compute-optimal large language models, section 3.3.
        """
        if not flops > 0:
            raise ValueError(f"`flops` (={flops}) must be above 0")
        both = self.alpha + self.beta
        G = (self.alpha * self.A / (self.beta * self.B)) ** (1 / both)
        N = G * (flops / 6) ** (self.beta / both)
        D = flops / 6 / N
        return Allocation(N, D, self.loss(N, D))

    def tokens_to_reach(self, loss: int | float, num_parameters: int | float) -> float:
        """Return how many tokens bring a model of this size to a loss.

        Args:
            loss: To reach, in nats a token.
            num_parameters: $N$, above 0.

        Returns:
            Tokens; infinity where the model is too small for any amount of data.

        Raises:
            ValueError: If `num_parameters` is not above 0.

        Examples:
            >>> HOFFMANN.tokens_to_reach(2.0, 1e9)
            inf
        """
        left = loss - self.loss(num_parameters)
        return float((self.B / left) ** (1 / self.beta)) if left > 0 else math.inf

    def interval(self, constant: str) -> tuple[float, float] | None:
        """Return the 95 % interval of one constant, or None where the source gives no error.

        Args:
            constant: `E`, `A`, `B`, `alpha` or `beta`.

        Returns:
            The constant, 1.96 standard errors to either side. The constants of one fit vary
            together, so ends of several intervals must not be combined.

        Raises:
            ValueError: If there is no such constant.
        """
        if constant not in ("E", "A", "B", "alpha", "beta"):
            raise ValueError(f"`constant` (={constant!r}) must be E, A, B, alpha or beta")
        error = self.standard_errors.get(constant)
        if error is None:
            return None
        centre = float(getattr(self, constant))
        return centre - Z * error, centre + Z * error


HOFFMANN = Fit(
    name="Hoffmann",
    E=1.69,
    A=406.4,
    B=410.7,
    alpha=0.34,
    beta=0.28,
    source="Hoffmann et al. 2022, arXiv:2203.15556, equation 10, as printed",
)
HOFFMANN_SOURCE = Fit(
    name="Hoffmann, TeX",
    E=1.6934,
    A=406.4,
    B=410.7,
    alpha=0.3392,
    beta=0.2849,
    source="The same, with the digits that stand in the TeX source of the paper",
)
REPLICATION = Fit(
    name="Besiroglu",
    E=1.8172,
    A=482.01,
    B=2085.43,
    alpha=0.3478,
    beta=0.3658,
    source="Besiroglu et al. 2024, arXiv:2404.10102, which refits the data of Hoffmann et al.",
    standard_errors={"E": 0.03, "A": 124.58, "B": 1293.23, "alpha": 0.02, "beta": 0.02},
)
FITS = (HOFFMANN, HOFFMANN_SOURCE, REPLICATION)
