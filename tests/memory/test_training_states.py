"""Training states against the sums that their papers print."""

import pytest

from explainer.memory.training_states import per_parameter, qlora_bytes, training_bytes


@pytest.mark.parametrize(
    ("optimizer", "total"),
    [("adamw", 16), ("adamw-fp32-gradients", 18), ("adamw-fp32", 16), ("adamw-8bit", 6)],
)
def test_bytes_of_a_parameter(optimizer: str, total: int) -> None:
    """ZeRO's section 3.1 counts 16 bytes; FP32 gradients make it 18, bitsandbytes's Adam 6."""
    assert per_parameter(optimizer).total == total


def test_zero_example() -> None:
    """GPT-2 of 1.5 B takes at least 24 GB, as the ZeRO paper says."""
    assert training_bytes(1_500_000_000, "adamw") == 24_000_000_000


def test_qlora_scales_cost_an_eighth_of_a_bit() -> None:
    """Double quantization costs 0.127 bits a parameter, as the QLoRA paper says."""
    bits = 8 * qlora_bytes(64 * 256 * 1000, 0) / (64 * 256 * 1000) - 4
    assert round(bits, 3) == 0.127
    assert qlora_bytes(0, 10) == 160


def test_refusals() -> None:
    """An unknown way and negative numbers are refused by name."""
    with pytest.raises(ValueError, match="`optimizer`"):
        per_parameter("lion")
    with pytest.raises(ValueError, match="`num_parameters`"):
        training_bytes(-1, "adamw")
    with pytest.raises(ValueError, match="`num_adapter_parameters`"):
        qlora_bytes(1, -1)
