"""Is lower precision faster? Measured on the machine that built this page."""

# %% measure
# timeout: 300
import re
import time
from pathlib import Path

import jax
import jax.numpy as jnp


def seconds(function, *arguments, repeats=7):
    """Return the best time of several calls, the compilation left out."""
    function(*arguments).block_until_ready()
    found = []
    for _ in range(repeats):
        start = time.perf_counter()
        function(*arguments).block_until_ready()
        found.append(time.perf_counter() - start)
    return min(found)


n = 1024
_x, _w = jax.random.normal(jax.random.key(0), (2, n, n))
tasks = {
    "row": (jnp.matmul, _x[:1], _w),  # one token against a matrix
    "matrix": (jnp.matmul, _x, _w),  # many tokens at once
    "sum": (jnp.cumsum, _w),  # number by number
}
names = {"FP32": "float32", "BF16": "bfloat16", "FP16": "float16", "FP8 E4M3": "float8_e4m3fn"}
times = {}
for label, dtype in names.items():
    times[label] = {
        task: seconds(jax.jit(function), *(leaf.astype(dtype) for leaf in arguments))
        for task, (function, *arguments) in tasks.items()
    }  # measured

# %% compare
base = times["FP32"]  # measured
rows = [
    {"format": label} | {task: each[task] / base[task] for task in tasks}
    for label, each in times.items()
]  # measured
slowest = max(row[task] for row in rows for task in tasks)  # measured
milliseconds = 1e3 * base["matrix"]  # measured
_cpu = Path("/proc/cpuinfo")  # where Linux names the processor
_names = re.findall(r"model name\s*: (.*)", _cpu.read_text()) if _cpu.exists() else []
_kind = jax.devices()[0].device_kind
device = _names[0] if _kind == "cpu" and _names else _kind  # measured
print(f"{len(names)} formats, {len(tasks)} tasks, the best of several calls each")
