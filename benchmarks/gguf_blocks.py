"""GGUF's blocks against gguf-py, and the ladder of SmolLM2 from a cold start.

Encoders run in turn, round by round, on the same 4096 x 4096 weights, so that the machine's other
work meets both; the best of each and the ratio of each round are reported. Beside them stands what
reading the weights alone costs. Run: `python -m benchmarks gguf_blocks`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from gguf import GGMLQuantizationType
from gguf.quants import quantize

from benchmarks.rivals import run
from explainer.quantization.gguf_blocks import decode_blocks, encode_blocks
from explainer.quantization.gguf_exact import encode_exact

ROUNDS = 3
CALLS = 5
"""Of ours in a round; one of gguf-py's takes as long as many of them."""
LADDER = """
from explainer.exam import prepare_exam
from explainer.ladder import climb
from explainer.models.llama import load_smollm2
model = load_smollm2()
exam = prepare_exam(model.tokenizer)
formats = [f"int{bits}" for bits in (8, 6, 5, 4, 3, 2)]
print(*(sum(rung.right) for rung in climb(model.params, model.config, exam, formats)))
"""


def rows() -> list[tuple[str, str, str]]:
    """Return what was measured and what it should be: name, measured, target."""
    weight = np.random.default_rng(0).standard_normal((4096, 4096)).astype(np.float32)
    on_device = jnp.asarray(weight)
    read = jax.jit(lambda values: values.max())
    found: list[tuple[str, str, str]] = []
    for qtype in ("Q8_0", "Q4_0"):
        kind = GGMLQuantizationType[qtype]
        blocks = encode_blocks(on_device, qtype=qtype)
        different = int((np.asarray(blocks) != quantize(weight, kind)).sum())
        times = _interleaved(
            {
                "ours": partial(encode_blocks, on_device, qtype=qtype),
                "exact": partial(encode_exact, weight, qtype=qtype),
                "gguf-py": partial(quantize, weight, kind),
                "decode": partial(decode_blocks, blocks, qtype=qtype),
                "read": partial(read, on_device),
            }
        )
        best = {name: 1e3 * min(each) for name, each in times.items()}
        ratios = [
            theirs / ours for theirs, ours in zip(times["gguf-py"], times["ours"], strict=True)
        ]
        found += [
            (
                f"{qtype}, 4096 x 4096, against gguf-py",
                f"{best['ours']:.1f} ms, gguf-py {best['gguf-py']:.1f} ms: "
                f"{min(ratios):.1f} to {max(ratios):.1f} times as fast",
                "at least 5 times",
            ),
            (
                f"{qtype}, share of the read bandwidth",
                f"{best['read'] / best['ours']:.0%} (reading alone {best['read']:.1f} ms, "
                f"{weight.nbytes / 1e6 / best['read']:.1f} GB/s)",
                "",
            ),
            (
                f"{qtype}, decoding; exact encoder in NumPy",
                f"{best['decode']:.1f} ms; {best['exact']:.1f} ms",
                "",
            ),
            (
                f"{qtype}, bytes that differ from gguf-py's",
                f"{different:,} of {blocks.size:,}",
                "0",
            ),
        ]
    return [*found, _ladder()]


def _interleaved(calls: dict[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Return the best seconds of each call in each round."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        jax.block_until_ready(call())
    for _ in range(ROUNDS):
        for name, call in calls.items():
            best = float("inf")
            for _ in range(1 if name in ("gguf-py", "exact") else CALLS):
                start = time.perf_counter()
                jax.block_until_ready(call())
                best = min(best, time.perf_counter() - start)
            times[name].append(best)
    return times


def _ladder() -> tuple[str, str, str]:
    done = run(LADDER, env={"JAX_ENABLE_COMPILATION_CACHE": "false"})
    return (
        "SmolLM2 ladder: six widths, 1,500 tokens, 100 facts each, cold",
        f"{done.wall_seconds:.0f} s wall, {done.cpu_seconds:.0f} s CPU; "
        f"facts known {done.stdout.strip()}",
        "under 90 s wall",
    )


if __name__ == "__main__":
    for row in rows():
        print(*row, sep="  |  ")
