"""How long the digits distillation takes, as a whole process from import to result.

`python benchmarks/training.py` prints the table. Each row is one fresh process without a
compilation cache; CPU seconds, since the wall clock depends on what else runs.
"""

from __future__ import annotations

import importlib.util
import os
import resource
import subprocess
import sys
import tempfile
import time

EXPERIMENT = """
import jax
from explainer.digits_distillation import Condition, compare
conditions = [
    Condition(labels_per_class=5),
    Condition(8.0, 0.9, labels_per_class=5),
    Condition(8.0, 0.9, labels_per_class=5, targets="shuffled"),
    Condition(8.0, 0.9, labels_per_class=5, targets="flat"),
    Condition(),
    Condition(4.0, 0.9),
    Condition(omitted=3),
    Condition(8.0, 0.9, omitted=3),
]
found = compare(conditions, num_seeds=5, key=jax.random.key(0))
print(found.test.mean(1), found.omitted.mean(1))
"""

# The same networks, steps, batches and optimisers: 5 teachers and 5 times 8 students, one by one.
SAME_IN_PYTORCH = """
import torch
from sklearn.datasets import load_digits
torch.set_num_threads(1)
images, labels = load_digits(return_X_y=True)
x, y = torch.tensor(images / 16, dtype=torch.float32), torch.tensor(labels)
def mlp(*widths):
    layers = []
    for d_in, d_out in zip(widths, widths[1:]):
        layers += [torch.nn.Linear(d_in, d_out), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])
def fit(net, x, y, lr, teacher=None):
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    for step in range(600):
        rows = torch.randint(len(x), (100,))
        z = net(x[rows])
        loss = torch.nn.functional.cross_entropy(z, y[rows])
        if teacher is not None:
            soft = torch.nn.functional.kl_div(
                (z / 8).log_softmax(1), (teacher[rows] / 8).softmax(1), reduction="batchmean")
            loss = 0.9 * 64 * soft + 0.1 * loss
        optimizer.zero_grad(); loss.backward(); optimizer.step()
    return net
for seed in range(5):
    torch.manual_seed(seed)
    order = torch.randperm(len(x))
    learn = order[:900]
    teacher = fit(mlp(64, 128, 128, 10), x[learn], y[learn], 2e-3)
    with torch.no_grad():
        logits = teacher(x[learn])
    for condition in range(8):
        soft = logits if condition in (1, 2, 3, 5, 7) else None
        student = fit(mlp(64, 16, 10), x[learn], y[learn], 1e-2, soft)
"""


def rows() -> list[tuple[str, str, str]]:
    """Return what was measured and what it should be: name, measured, target."""
    name = "digits distillation, 5 seeds, 8 conditions, whole process"
    cpu_seconds, wall_seconds = _process_seconds(EXPERIMENT)
    found = [(name, f"{cpu_seconds:.1f} s CPU, {wall_seconds:.1f} s wall", "under 20 s CPU")]
    with tempfile.TemporaryDirectory() as cache:
        settings = {
            "JAX_COMPILATION_CACHE_DIR": cache,
            "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        }
        _process_seconds(EXPERIMENT, env=settings)
        warm, wall_seconds = _process_seconds(EXPERIMENT, env=settings)
    measured = f"{warm:.1f} s CPU, {wall_seconds:.1f} s wall"
    found.append((f"{name}, warm compilation cache", measured, "under 10 s CPU"))
    beside = "same training in PyTorch, one core, whole process"
    if importlib.util.find_spec("torch") is None:
        return [*found, (beside, "left out: torch is not installed", "at least as slow")]
    theirs, _ = _process_seconds(SAME_IN_PYTORCH, one_core=True)
    ours, _ = _process_seconds(EXPERIMENT, one_core=True)
    return [*found, (beside, f"{theirs:.1f} s CPU, ours {ours:.1f} s", "at least as slow")]


def _process_seconds(
    program: str, *, one_core: bool = False, env: dict[str, str] | None = None
) -> tuple[float, float]:
    """Return CPU and wall seconds of a fresh process that runs `program`."""
    pinned = "import os; os.sched_setaffinity(0, {0})\n" if one_core else ""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", pinned + program],
        env={**os.environ, **(env or {})},
        check=True,
        capture_output=True,
        timeout=300,
    )
    wall_seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu_seconds, wall_seconds


if __name__ == "__main__":
    for row in rows():
        print(*row, sep="  |  ")
