"""SmolLM2: loading, reading and writing, beside transformers and PyTorch in float32.

Each measurement is a process of its own; ours and theirs take turns. The best of several rounds
is reported, as the machine's other work only ever adds, and beside it how the rounds compare one
by one. Run: `python -m benchmarks models`.

Beside each figure stands what it is of what the machine can do: reading is bound by float32
products, writing by how fast the weights come from memory.
"""

from __future__ import annotations

import os
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks import rivals
from explainer.models import path

ROUNDS = 6
NUM_PARAMETERS = 134_515_008
_PEAK = "int(open('/proc/self/status').read().split('VmHWM:')[1].split()[0]) * 1024"

_OURS_COLD = f"""
import json, sys
import numpy as np
from explainer.models.llama import apply_llama, load_llama
model = load_llama(sys.argv[1])
apply_llama(model.params, np.arange(128, dtype=np.int32), model.config).block_until_ready()
print(json.dumps({_PEAK}))
"""

_OURS = """
import json, sys, time
import numpy as np
from explainer.models.llama import apply_llama, generate, load_llama
model = load_llama(sys.argv[1])
tokens = np.arange(512, dtype=np.int32)

def best(work, rounds):
    work()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)

read = lambda: apply_llama(model.params, tokens, model.config).block_until_ready()
write = lambda: generate(model.params, tokens[:8], model.config, num_tokens=64)
print(json.dumps({"read": best(read, 3), "write": best(write, 2)}))
"""

# The same weights, dequantised by transformers itself; 64 tokens exactly, with its own cache.
_THEIRS = """
import json, os, sys, time
import torch
from transformers import AutoModelForCausalLM
folder, file = os.path.split(sys.argv[1])
model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=file, dtype=torch.float32).eval()
tokens = torch.arange(512)[None]

def best(work, rounds):
    work()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)

settings = {"do_sample": False, "max_new_tokens": 64, "min_new_tokens": 64}
mask = torch.ones_like(tokens[:, :8])
with torch.inference_mode():
    read = lambda: model(tokens).logits
    write = lambda: model.generate(tokens[:, :8], attention_mask=mask, **settings)
    print(json.dumps({"read": best(read, 3), "write": best(write, 2)}))
"""


def rows() -> list[tuple[str, str, str]]:
    """Return name, measurement and target of each figure."""
    file = str(path("smollm2"))
    with tempfile.TemporaryDirectory() as cache:
        warm = {
            "JAX_COMPILATION_CACHE_DIR": cache,
            "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        }
        rivals.run(_OURS_COLD, file, env=warm)  # fills the cache
        cold = [rivals.run(_OURS_COLD, file, env=warm) for _ in range(ROUNDS)]
        ours_runs, their_runs = _in_turn(file, warm)
    limits = machine_limits()
    seconds, peak_bytes = min(run.wall_seconds for run in cold), max(run.json() for run in cold)
    ours = _least(ours_runs)
    found = [
        (
            "SmolLM2: process, open, decode, 128 tokens",
            f"{seconds:.2f} s, {peak_bytes / 1e9:.2f} GB",
            "< 6 s, < 2 GB",
        ),
        *_shares("SmolLM2", ours, limits),
    ]
    if not their_runs:
        return [*found, ("transformers and PyTorch beside them", rivals.MISSING, "")]
    return [
        *found,
        *_shares("transformers", _least(their_runs), limits),
        ("reading, transformers' time / ours", _ratio("read", ours_runs, their_runs), ">= 1.2"),
        ("writing, transformers' time / ours", _ratio("write", ours_runs, their_runs), ">= 2"),
    ]


def machine_limits() -> tuple[float, float]:
    """Return float32 products (FLOP a second) and reading of memory (bytes a second), measured."""
    size = 2048
    square = jnp.full((size, size), 0.5)
    product = jax.jit(jnp.matmul)
    flops = 2 * size**3 / _best(lambda: product(square, square).block_until_ready())
    cores = os.cpu_count() or 1
    held = np.ones(NUM_PARAMETERS, np.float32)
    parts = np.array_split(held, cores)
    with ThreadPoolExecutor(cores) as pool:
        seconds = _best(lambda: list(pool.map(np.max, parts)))
    return flops, held.nbytes / seconds


def _best(work: Any, rounds: int = 10) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def _shares(
    name: str, seconds: dict[str, float], limits: tuple[float, float]
) -> list[tuple[str, str, str]]:
    """Return what reading and writing took, each as a share of the machine's limit.

    Counted are two operations for each weight and token, and four bytes for each weight and
    written token; attention comes on top.
    """
    flops, read_bytes = limits
    reading = 2 * NUM_PARAMETERS * 512 / seconds["read"]
    writing = 4 * NUM_PARAMETERS * 64 / seconds["write"]
    read = f"{seconds['read']:.3f} s; {reading / 1e9:.0f} of {flops / 1e9:.0f} GFLOP/s"
    speed = f"{64 / seconds['write']:.1f} a second"
    write = f"{speed}; {writing / 1e9:.1f} of {read_bytes / 1e9:.1f} GB/s"
    return [
        (f"{name}: read 512 tokens", read, ""),
        (f"{name}: write 64 tokens, greedy", write, ""),
    ]


def _in_turn(
    file: str, env: dict[str, str]
) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
    """Return the seconds of both in each round; of theirs none where the rivals are missing."""
    interpreter = rivals.python()
    ours: list[Any] = []
    theirs: list[Any] = []
    for _ in range(ROUNDS):
        ours.append(rivals.run(_OURS, file, env=env).json())
        if interpreter is not None:
            theirs.append(rivals.run(_THEIRS, file, interpreter=interpreter).json())
    return ours, theirs


def _ratio(name: str, ours: list[dict[str, float]], theirs: list[dict[str, float]]) -> str:
    """Return how many times as long they take: best by best, and round by round."""
    best = _least(theirs)[name] / _least(ours)[name]
    rounds = sorted(their[name] / our[name] for our, their in zip(ours, theirs, strict=True))
    return f"{best:.2f}; rounds {rounds[0]:.2f} to {rounds[-1]:.2f}, median {median(rounds):.2f}"


def _least(runs: list[dict[str, float]]) -> dict[str, float]:
    return {name: min(run[name] for run in runs) for name in runs[0]}
