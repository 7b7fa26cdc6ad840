"""The roofline against figures worked out by hand from vendors' peaks."""

import pytest

from explainer.memory.devices import DEVICES
from explainer.memory.roofline import crossover_batch, decode, prefill, read_bytes

ORDER = ("rtx-4090", "a100", "h100", "h200")


def test_decode_of_llama() -> None:
    """Llama 3.1 8B in BF16: bandwidth over 7,504,924,672 weights of two bytes."""
    speeds = [round(decode("llama-3.1-8b", DEVICES[name]).tokens_per_second) for name in ORDER]
    assert speeds == [67, 136, 223, 320]


def test_decode_at_four_bits() -> None:
    """At 4.894 bits the same cards could write 220, 444, 730 and 1,045 tokens a second."""
    for name, stored in zip(ORDER, (220, 444, 730, 1045), strict=True):
        found = decode("llama-3.1-8b", DEVICES[name], bits_per_weight=4.894)
        assert found.tokens_per_second == pytest.approx(stored, rel=0.003)
        assert found.bound == "memory"


def test_crossover() -> None:
    """In BF16 the four are bound by compute beyond 164, 153, 295 and 206 texts."""
    found = [round(crossover_batch(DEVICES[name]) or 0) for name in ORDER]
    assert found == [164, 153, 295, 206]
    assert crossover_batch(DEVICES["m4-max"]) is None


def test_both_sides_of_the_crossover() -> None:
    """A batch just below it reads longer than it multiplies, one just above does not."""
    bounds = [decode("llama-3.1-8b", DEVICES["a100"], batch=size).bound for size in (152, 154)]
    assert bounds == ["memory", "compute"]


def test_cache_slows_down() -> None:
    """A text of 131,072 tokens adds its 16 GiB to what every step reads."""
    empty, full = (decode("llama-3.1-8b", DEVICES["h200"], context=T) for T in (0, 131_072))
    assert full.bytes_read - empty.bytes_read == 16 * 2**30


def test_experts_drawn() -> None:
    """One text reads DeepSeek's active weights; two read 8 of 256 twice less the overlap."""
    active = 36_625_603_584
    assert read_bytes("deepseek-v3", 8) == active
    expert = 58 * 3 * 7168 * 2048
    overlap = 8 * 8 / 256
    assert read_bytes("deepseek-v3", 8, 2) == active + (8 - overlap) * expert


def test_prefill() -> None:
    """A long prompt is bound by compute: the peak over two operations a weight and attention."""
    found = prefill("llama-3.1-8b", DEVICES["a100"], context=1000)
    flops = 2 * 7_504_658_432 + 2 * 32 * 32 * 2 * 128 * 1001 / 2
    assert found.bound == "compute"
    assert found.tokens_per_second == pytest.approx(312e12 / flops, rel=1e-4)
    assert prefill("llama-3.1-8b", DEVICES["a100"], context=1).bound == "memory"


def test_refusals() -> None:
    """What is out of range is refused by name."""
    with pytest.raises(ValueError, match="`bits_per_weight`"):
        read_bytes("gpt2", 0.0)
    with pytest.raises(ValueError, match="`batch`"):
        read_bytes("gpt2", 16.0, 0)
