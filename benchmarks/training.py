"""What the learning chapters cost: their largest experiment, beside PyTorch, and all snippets.

`python -m benchmarks.training` prints the table. Each row is a fresh process from its start, and
CPU seconds count, since the wall clock depends on what else runs.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
from pathlib import Path

from benchmarks import rivals

ROOT = Path(__file__).parent.parent

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


# As a build runs them, whether they are stale or not; the processes under it count.
RUN_SNIPPETS = """
import sys
from pathlib import Path
from explainer.site import scheduler, snippets
from explainer.site.runs import Store
root = Path(sys.argv[-1])
jobs = [scheduler.Job(snippets.load(p, root=root), p.name) for p in snippets.find(root)]
_, problems = scheduler.refresh(Store(root), jobs, force=True)
sys.exit("\\n".join(map(str, problems)) or 0)
"""

ROUNDS = 3  # ours and theirs in turn, so that a change in the machine's speed meets both
CHAPTERS = ("weights_and_biases", "learning", "distillation")
# Of weights_and_biases the first two pages teach; these four belong to the third, a survey.
SURVEY = ("bias_counts", "layer_of_biases", "norm_gains", "unquantized")


def rows() -> list[tuple[str, str, str]]:
    """Return what was measured and what it should be: name, measured, target."""
    return [*experiment_rows(), beside_pytorch(), *chapter_rows()]


def experiment_rows() -> list[tuple[str, str, str]]:
    """Time the digits distillation without a compilation cache, and with a warm one."""
    name = "digits distillation, 5 seeds, 8 conditions, whole process"
    cold = rivals.run(EXPERIMENT)
    with tempfile.TemporaryDirectory() as cache:
        settings = {
            "JAX_COMPILATION_CACHE_DIR": cache,
            "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        }
        rivals.run(EXPERIMENT, env=settings)
        warm = rivals.run(EXPERIMENT, env=settings)
    return [
        (name, _shown(cold), "under 20 s CPU"),
        (f"{name}, warm compilation cache", _shown(warm), "under 10 s CPU"),
    ]


def beside_pytorch() -> tuple[str, str, str]:
    """Time the same training in PyTorch, each a whole process on one core."""
    name, target = "same training in PyTorch, one core, whole process", "at least as slow"
    interpreter = rivals.python()
    if interpreter is None:
        return name, rivals.MISSING, target
    theirs, ours = [], []
    for _ in range(ROUNDS):
        program = rivals.run(SAME_IN_PYTORCH, interpreter=interpreter, one_core=True)
        theirs.append(program.cpu_seconds)
        ours.append(rivals.run(EXPERIMENT, one_core=True).cpu_seconds)
    ratio = statistics.median(a / b for a, b in zip(theirs, ours, strict=True))
    return name, f"{min(theirs):.1f} s CPU, {ratio:.1f} times our {min(ours):.1f} s", target


def chapter_rows() -> list[tuple[str, str, str]]:
    """Run all snippets of the learning chapters as a build does: cold, then with JAX's cache."""
    name = f"all snippets of {', '.join(CHAPTERS)}"
    with tempfile.TemporaryDirectory(prefix="explainer-bench-") as folder:
        root = Path(folder)
        for chapter in CHAPTERS:
            shutil.copytree(
                ROOT / "snippets" / chapter,
                root / "snippets" / chapter,
                ignore=shutil.ignore_patterns(*(f"{name}.py" for name in SURVEY)),
            )
        cold, warm = rivals.run(RUN_SNIPPETS, folder), rivals.run(RUN_SNIPPETS, folder)
    return [
        (f"{name}, nothing kept", _shown(cold), "under 90 s CPU"),
        (f"{name}, programs compiled before", _shown(warm), "under 60 s CPU"),
    ]


def _shown(ran: rivals.Ran) -> str:
    return f"{ran.cpu_seconds:.1f} s CPU, {ran.wall_seconds:.1f} s wall"


if __name__ == "__main__":
    for row in rows():
        print(*row, sep="  |  ")
