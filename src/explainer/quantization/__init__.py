"""Quantization: weights as small integers or other codes, with scales that bring them back.

Everything is jitted JAX and yields a `QTensor`, which knows its true bits per weight and
dequantizes itself. Names are those of Qwix: `qvalue`, `scale`, `zero_point`, `qtype`.
"""

from explainer.quantization.gptq import input_hessian, quantize_gptq
from explainer.quantization.integers import absmax_scale, quantize
from explainer.quantization.matmul import integer_matmul, weight_only_matmul
from explainer.quantization.microscaling import quantize_mx, quantize_nvfp4
from explainer.quantization.nf4 import quantize_nf4
from explainer.quantization.qtensor import QTensor

__all__ = [
    "QTensor",
    "absmax_scale",
    "input_hessian",
    "integer_matmul",
    "quantize",
    "quantize_gptq",
    "quantize_mx",
    "quantize_nf4",
    "quantize_nvfp4",
    "weight_only_matmul",
]
