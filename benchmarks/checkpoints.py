"""What `explainer inspect` costs: SmolLM2 against gguf's reader, and a hundred thousand tensors.

Each measurement is a process of its own, start included; the best of several is reported, as the
machine's other work only ever adds. Run: `python -m benchmarks.checkpoints`.
"""

from __future__ import annotations

import json
import struct
import tempfile
from pathlib import Path

from benchmarks.processes import Timing, best, timed
from explainer.models import path as model_path

SHARDS = 100
TENSORS = (10_000, 30_000, 100_000)
ROUNDS = 5

_GGUF_READER = "import sys, gguf; gguf.GGUFReader(sys.argv[1])"
_OUR_READER = "import sys; from explainer.checkpoints import read; read(sys.argv[1])"
_INSPECT = "from explainer.cli import main; main(prog_name='explainer')"
# The peak of the process itself: ru_maxrss would start at what its parent held.
_INSPECT_AND_PEAK = (
    "import sys\n"
    "from explainer.cli import main\n"
    "main(prog_name='explainer', standalone_mode=False)\n"
    "status = open('/proc/self/status').read()\n"
    "print(status.split('VmHWM:')[1].split()[0], file=sys.stderr)"
)


def write_sharded(directory: Path, tensors: int, shards: int = SHARDS) -> None:
    """Write a sharded safetensors model whose data is one hole: headers and an index.

    Args:
        directory: Where to; it is made.
        tensors: How many in all, a multiple of `shards`.
        shards: How many files.
    """
    directory.mkdir(parents=True)
    weight_map = {}
    size = 2 * 2048 * 768
    for shard in range(shards):
        name = f"model-{shard + 1:05d}-of-{shards:05d}.safetensors"
        header = {}
        for place in range(tensors // shards):
            number = shard * (tensors // shards) + place
            tensor = f"model.layers.{number // 384}.mlp.experts.{number % 384}.up_proj.weight"
            header[tensor] = {
                "dtype": "BF16",
                "shape": [2048, 768],
                "data_offsets": [place * size, (place + 1) * size],
            }
            weight_map[tensor] = name
        raw = json.dumps(header, separators=(",", ":")).encode()
        with (directory / name).open("wb") as file:
            file.write(struct.pack("<Q", len(raw)) + raw)
            file.truncate(8 + len(raw) + size * len(header))
    index = {"metadata": {"total_size": size * tensors}, "weight_map": weight_map}
    (directory / "model.safetensors.index.json").write_text(json.dumps(index, indent=2))


def smollm2_rows() -> list[tuple[str, str, str]]:
    """Measure SmolLM2, our reader and gguf's in turn."""
    file = str(model_path("smollm2"))
    inspect: list[Timing] = []
    ours: list[Timing] = []
    theirs: list[Timing] = []
    for _ in range(ROUNDS):
        inspect.append(timed(_INSPECT, "inspect", file))
        ours.append(timed(_OUR_READER, file))
        theirs.append(timed(_GGUF_READER, file))
    ratio = min(run.cpu_seconds for run in theirs) / min(run.cpu_seconds for run in ours)
    return [
        ("inspect SmolLM2 (process, tables)", best(inspect), "< 0.5 s"),
        ("read SmolLM2's header (process)", best(ours), "at most gguf's"),
        ("gguf.GGUFReader, same file (process)", best(theirs), ""),
        ("gguf's reader / ours, of CPU", f"{ratio:.1f}", ">= 1"),
    ]


def sharded_rows() -> list[tuple[str, str, str]]:
    """Measure synthetic models of growing size."""
    measured: list[tuple[str, str, str]] = []
    cpu_seconds: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as root:
        for tensors in TENSORS:
            directory = Path(root) / str(tensors)
            write_sharded(directory, tensors)
            arguments = ("inspect", str(directory), "--json")
            runs = [timed(_INSPECT_AND_PEAK, *arguments) for _ in range(3)]
            cpu_seconds[tensors] = min(run.cpu_seconds for run in runs)
            peak_bytes = max(int(run.stderr) for run in runs) * 1024
            last = tensors == TENSORS[-1]
            name = f"inspect --json, {tensors:,} tensors in {SHARDS} shards"
            target = "< 5 s, < 300 MB" if last else ""
            measured.append((name, f"{best(runs)}, {peak_bytes / 1e6:.0f} MB", target))
    first, middle, last_count = TENSORS
    early = (cpu_seconds[middle] - cpu_seconds[first]) / (middle - first)
    late = (cpu_seconds[last_count] - cpu_seconds[middle]) / (last_count - middle)
    growth = f"{early * 1e6:.1f}, {late * 1e6:.1f} µs"
    measured.append(
        ("CPU for a tensor more, below and above 30,000", growth, "equal: linear growth")
    )
    return measured


def rows() -> list[tuple[str, str, str]]:
    """Return name, measurement and target of each figure."""
    return [*smollm2_rows(), *sharded_rows()]


def main() -> None:
    """Print the table."""
    from rich.console import Console
    from rich.table import Table

    table = Table("measurement", "measured", "target")
    for row in rows():
        table.add_row(*row)
    Console().print(table)


if __name__ == "__main__":
    main()
