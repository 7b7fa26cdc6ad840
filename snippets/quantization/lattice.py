"""Why a four-bit model loses nothing when it is quantized to four bits: the trap, on one layer."""

# %% measure
import jax.numpy as jnp

from explainer.checkpoints import read, read_tensor
from explainer.coarsening import coarsen
from explainer.damage import relative_error
from explainer.models import path
from explainer.quantization import quantize

_W = jnp.asarray(read_tensor(read(path("smollm2")), "blk.0.attn_q.weight"))  # from Q4_1 blocks
error = {name: float(relative_error(coarsen(_W, name).weight, _W)) for name in ("q4_1", "q5_1")}
print(f"Q4_1: {error['q4_1']:.4f}   Q5_1: {error['q5_1']:.4f}")

# %% all_widths
rows = []
for bits in (8, 6, 5, 4, 3, 2):
    _affine = quantize(
        _W, bits=bits, symmetric=False, granularity="group", zero_point_dtype=jnp.float32
    )
    _symmetric = quantize(_W, bits=bits, granularity="group")
    _errors = [float(relative_error(q.dequantize(), _W)) for q in (_affine, _symmetric)]
    rows.append({"bits": bits, "least": _errors[0], "symmetric": _errors[1]})
    print(f"{bits} bits: {_errors[0]:.6f} from the least, {_errors[1]:.6f} symmetric")
by_bits = {row["bits"]: row for row in rows}
even_share = (2**8 - 1) / (2**4 - 1)  # steps of eight bits that make one of four
