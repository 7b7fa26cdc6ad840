"""What `explainer count` costs: processes, start included, and what they import.

The best of several is reported, as the machine's other work only ever adds.
Run: `python -m benchmarks counting`.
"""

from __future__ import annotations

from benchmarks.processes import best, timed

ROUNDS = 5
_COUNT = (
    "import sys\n"
    "from explainer.cli import main\n"
    "main(prog_name='explainer', standalone_mode=False)\n"
    "print(*{'jax', 'numpy'} & set(sys.modules), file=sys.stderr)"
)


def rows() -> list[tuple[str, str, str]]:
    """Return name, measurement and target of each figure."""
    cases = {
        "count gpt2 --json (process)": ("gpt2", "--json"),
        "count deepseek-r1 (process, tables)": ("deepseek-r1",),
    }
    measured: list[tuple[str, str, str]] = []
    for name, arguments in cases.items():
        runs = [timed(_COUNT, "count", *arguments) for _ in range(ROUNDS)]
        heavy = runs[0].stderr.strip() or "neither JAX nor NumPy"
        measured.append((name, f"{best(runs)}, imports {heavy}", "< 0.5 s, no JAX"))
    return measured
