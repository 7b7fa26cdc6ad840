"""Quantization: weights as small integers or other codes, with scales that bring them back.

Everything is jitted JAX and yields a `QTensor`, which knows its true bits per weight and
dequantizes itself. Names are those of Qwix: `qvalue`, `scale`, `zero_point`, `qtype`.
"""

from explainer.quantization.integers import absmax_scale, quantize
from explainer.quantization.qtensor import QTensor

__all__ = ["QTensor", "absmax_scale", "quantize"]
