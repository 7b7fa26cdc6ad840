"""Quantizing 4096 × 4096 float32 weights, warm, beside what else does it and what memory allows.

Run: `python -m benchmarks quantization`. Ours and the rivals' processes take turns, and the best
run of each counts: what else the machine does only ever adds. "Of the limit" is the time of one
pass over the weights (`sum`) in the same process over the time of the kernel.

What keeps int8 per channel from the limit: a scale must be known before its row is rounded, so the
weights are read twice, 2 × 64 MiB, and 16 MiB are written. Quietly, the pass for the maxima
took 2.6 ms (76 % of the limit), the one that rounds and writes 2.2 ms (89 %), the kernel 4.8 ms,
their sum: two passes at these shares can reach no more than 41 %, and the kernel reached 39 %.
Row tiles that stay in the cache (`lax.map` over 32 to 512 rows) were tried: each step becomes two
kernels and a copy of its slice, and it was never faster (9.7 ms whole, 11.3 to 15.8 ms in tiles).
So were tiles written out in one program, 8 to 128 slices, with their results joined or not, in any
order or each after the one before: 6 to 9 times the time of the whole, in turn with it, best of 40.
"""

from __future__ import annotations

from typing import Any

from benchmarks import rivals

ROUNDS = 3

# Best time of each function, in seconds, as JSON; `timed` needs a dictionary `functions`.
_TIMED = """
import json, time
best = {name: 1e9 for name in functions}
for _ in range(12):
    for name, function in functions.items():
        start = time.perf_counter(); function(); best[name] = min(
            best[name], time.perf_counter() - start)
print(json.dumps(best))
"""
OURS = """
from functools import partial
import jax, jax.numpy as jnp
from explainer.quantization import quantize, quantize_mx, quantize_nf4
w = jax.random.normal(jax.random.key(0), (4096, 4096))
programs = {
    "read": jax.jit(jnp.sum),
    "maxima": jax.jit(lambda w: jnp.abs(w).max(-1)),
    "round": jax.jit(lambda w: jnp.round(w / w[:, :1]).astype(jnp.int8)),
    "int8": partial(quantize, bits=8),
    "int4": partial(quantize, bits=4, granularity="group"),
    "nf4": quantize_nf4,
    "mxfp4": partial(quantize_mx, qtype="float4_e2m1fn"),
}
functions = {
    name: (lambda program: lambda: jax.block_until_ready(program(w)))(program)
    for name, program in programs.items()
}
for function in functions.values():
    function()
"""
PYTORCH = """
import torch
w = torch.randn(4096, 4096)
def int8():
    scale = w.abs().amax(1, keepdim=True) / 127
    return torch.clamp(torch.round(w / scale), -127, 127).to(torch.int8), scale
functions = {"int8": int8}
int8()
"""
BITSANDBYTES = """
import torch
from bitsandbytes.functional import quantize_4bit
w = torch.randn(4096, 4096)
functions = {"nf4": lambda: quantize_4bit(w, blocksize=64, quant_type="nf4")}
functions["nf4"]()
"""
QWIX = """
import jax, jax.numpy as jnp, qwix
w = jax.random.normal(jax.random.key(0), (4096, 4096))
program = jax.jit(lambda w: qwix.quantize(w, "int8", channelwise_axes=(0,)))
functions = {"int8": lambda: jax.block_until_ready(program(w))}
functions["int8"]()
"""
RIVALS = (
    ("int8", "int8 per channel, eager PyTorch", PYTORCH, "at least 10 times ours"),
    ("int8", "int8 per channel, qwix", QWIX, "at least 0.77 times ours"),
    ("nf4", "NF4, bitsandbytes on the CPU", BITSANDBYTES, "at least 20 times ours"),
)
KERNELS = (
    ("maxima", "the pass for the maxima alone", ""),
    ("round", "the pass that divides, rounds and writes alone", ""),
    ("int8", "int8 per channel", "half of the limit"),
    ("int4", "int4 in groups of 32, packed", ""),
    ("nf4", "NF4 in blocks of 64, packed", ""),
    ("mxfp4", "MXFP4 in blocks of 32, packed", ""),
)


def rows() -> list[tuple[str, str, str]]:
    """Return what was measured and what it should be: name, measured, target."""
    interpreter = rivals.python()
    ours: list[dict[str, float]] = []
    theirs: dict[str, list[float]] = {name: [] for _, name, *_ in RIVALS}
    for _ in range(ROUNDS):
        ours.append(_seconds(OURS))
        for kernel, name, program, *_ in RIVALS if interpreter else ():
            theirs[name].append(_seconds(program, interpreter=interpreter)[kernel])
    best = {kernel: min(found[kernel] for found in ours) for kernel in ours[0]}
    found = [("reading 64 MiB of weights (the limit)", _speed(best["read"]), "")]
    for kernel, name, target in KERNELS:
        share = max(run["read"] / run[kernel] for run in ours)
        found.append((name, f"{_speed(best[kernel])}, {share:.0%} of the limit", target))
    for kernel, name, _, target in RIVALS:
        measured = rivals.MISSING
        if interpreter:
            ratio = min(theirs[name]) / best[kernel]
            measured = f"{_speed(min(theirs[name]))}, {ratio:.1f} times ours"
        found.append((name, measured, target))
    return found


def _seconds(program: str, **settings: Any) -> dict[str, float]:
    """Return the best time of each function of a program, in a process of its own."""
    best: dict[str, float] = rivals.run(program + _TIMED, **settings).json()
    return best


def _speed(seconds: float) -> str:
    return f"{seconds * 1e3:.1f} ms, {4096 * 4096 * 4 / seconds / 1e9:.1f} GB/s"


if __name__ == "__main__":
    for row in rows():
        print(*row, sep="  |  ")
