"""What training keeps for each parameter, beside what the batch needs."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class StateBytes:
    """Bytes for one parameter.

    Args:
        weights: The weights that compute.
        gradients: One for each weight.
        master: A copy of the weights in FP32, where those that compute are coarser.
        moments: What the optimizer remembers.
    """

    weights: int
    gradients: int
    master: int
    moments: int

    @property
    def total(self) -> int:
        """Return all four together."""
        return self.weights + self.gradients + self.master + self.moments


OPTIMIZERS: dict[str, StateBytes] = {
    "adamw": StateBytes(2, 2, 4, 8),
    "adamw-fp32-gradients": StateBytes(2, 4, 4, 8),
    "adamw-fp32": StateBytes(4, 4, 0, 8),
    "adamw-8bit": StateBytes(2, 2, 0, 2),
    "momentum": StateBytes(2, 2, 4, 4),
    "sgd": StateBytes(2, 2, 4, 0),
}
"""Ways to train. `adamw` is mixed precision; `adamw-8bit` keeps everything else in BF16, and its
scales (four bytes for every 256 numbers) are not counted."""

NF4_BYTES = Fraction(1, 2) + Fraction(1, 64) + Fraction(4, 64 * 256)
"""A frozen weight of QLoRA: four bits, an 8-bit scale for 64, an FP32 scale for 256 of those."""


def per_parameter(optimizer: str) -> StateBytes:
    """Return the bytes that one way to train takes for each parameter.

    Args:
        optimizer: A name in `OPTIMIZERS`.

    Returns:
        Bytes by purpose.

    Raises:
        ValueError: If the name is not known.

    Examples:
        >>> per_parameter("adamw").total, per_parameter("adamw-8bit").total
        (16, 6)

    References:
        Rajbhandari et al. 2020, ZeRO, section 3.1; Dettmers et al. 2022, 8-bit optimizers.
    """
    if optimizer not in OPTIMIZERS:
        raise ValueError(f"`optimizer` (={optimizer!r}) must be one of {', '.join(OPTIMIZERS)}")
    return OPTIMIZERS[optimizer]


def training_bytes(num_parameters: int, optimizer: str) -> int:
    """Return weights, gradients and states together.

    Args:
        num_parameters: All of them are trained; at least 0.
        optimizer: A name in `OPTIMIZERS`.

    Returns:
        Bytes; activations come on top.

    Raises:
        ValueError: If the name is not known or the number is below 0.

    Examples:
        >>> training_bytes(7 * 10**9, "adamw")
        112000000000
    """
    if num_parameters < 0:
        raise ValueError(f"`num_parameters` (={num_parameters}) must be at least 0")
    return num_parameters * per_parameter(optimizer).total


def qlora_bytes(num_parameters: int, num_adapter_parameters: int) -> int:
    """Return frozen weights in NF4 with doubly quantized scales, and adapters under `adamw`.

    Args:
        num_parameters: Of the frozen model, all taken as quantized; at least 0.
        num_adapter_parameters: Trained beside them; at least 0.

    Returns:
        Bytes, rounded up.

    Raises:
        ValueError: If a number is below 0.

    Examples:
        >>> qlora_bytes(64 * 256, 0)  # codes, a byte for each 64, one FP32
        8452

    References:
        Dettmers et al. 2023, QLoRA, section 3.
    """
    for name, value in (
        ("num_parameters", num_parameters),
        ("num_adapter_parameters", num_adapter_parameters),
    ):
        if value < 0:
            raise ValueError(f"`{name}` (={value}) must be at least 0")
    frozen = -(-num_parameters * NF4_BYTES.numerator // NF4_BYTES.denominator)
    return frozen + training_bytes(num_adapter_parameters, "adamw")
