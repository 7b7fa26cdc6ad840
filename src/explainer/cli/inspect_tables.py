"""The tables of `explainer inspect`."""

from __future__ import annotations

import heapq
from pathlib import Path

from rich.table import Table
from rich.text import Text

from explainer.checkpoints import COMPONENTS, ModelFile, printable
from explainer.cli.printing import console, show, table, times


def print_tables(file: ModelFile, path: Path, shown: int) -> None:
    """Print what a model file holds.

    Args:
        file: The model.
        path: What was read, for the heading.
        shown: How many of the largest tensors to list.
    """
    out = console()
    out.print(Text(printable(str(path)), style="bold"), soft_wrap=True)
    show(_totals(file), out)
    show(_by_type(file), out)
    show(_by_component(file), out)
    if shown and file.tensors:
        show(_largest(file, shown, times(out)), out)
    for note in file.notes:
        out.print(Text(printable(f"Note: {note}")), soft_wrap=True)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.3f} %" if whole else ""


def _totals(file: ModelFile) -> Table:
    found = Table(box=None, show_header=False, show_edge=False, padding=(0, 2, 0, 0))
    for justify in ("left", "right", "right"):
        found.add_column(justify=justify, no_wrap=True)
    shards = f", {len(file.paths):,} files" if len(file.paths) > 1 else ""
    found.add_row("format", file.format + shards, "")
    found.add_row("file", f"{file.file_bytes:,} B", "")
    found.add_row(
        "header, metadata, padding",
        f"{file.header_bytes:,} B",
        _share(file.header_bytes, file.file_bytes),
    )
    found.add_row(
        "tensor data", f"{file.tensor_bytes:,} B", _share(file.tensor_bytes, file.file_bytes)
    )
    found.add_row("parameters", f"{file.parameters:,}", "")
    bits = file.bits_per_parameter
    found.add_row("bits per parameter", "" if bits is None else f"{bits:.4f}", "")
    for kind, count in file.kinds.items():
        label = "buffers (not parameters)" if kind == "buffers" else f"  {kind}"
        if count:
            found.add_row(label, f"{count:,}", "")
    return found


def _by_type(file: ModelFile) -> Table:
    numbers = ("tensors", "parameters", "bytes", "bits per\nparameter", "share of\nbytes")
    found = table("By stored type", names=("type",), numbers=numbers)
    for name, total in file.types.items():
        bits = f"{8 * total.stored_bytes / total.parameters:.4f}" if total.parameters else ""
        found.add_row(
            name,
            f"{total.tensors:,}",
            f"{total.parameters:,}",
            f"{total.stored_bytes:,}",
            bits,
            _share(total.stored_bytes, file.tensor_bytes),
        )
    return found


def _by_component(file: ModelFile) -> Table:
    stored = dict.fromkeys(COMPONENTS, 0)
    for tensor in file.tensors:
        stored[tensor.component] += tensor.stored_bytes
    numbers = ("parameters", "share", "bytes")
    found = table("By component", names=("component",), numbers=numbers)
    for component, count in file.components.items():
        found.add_row(
            component.replace("_", " "),
            f"{count:,}",
            _share(count, file.parameters),
            f"{stored[component]:,}",
        )
    return found


def _largest(file: ModelFile, shown: int, sign: str) -> Table:
    count = min(shown, len(file.tensors))
    title = f"Largest tensors, {count:,} of {len(file.tensors):,}"
    found = table(title, names=("tensor",), numbers=("parameters", "bytes"))
    for name in ("shape (out, in)", "type"):
        found.add_column(name, no_wrap=True)
    for tensor in heapq.nlargest(shown, file.tensors, key=lambda tensor: tensor.stored_bytes):
        found.add_row(
            Text(printable(tensor.name)),
            f"{tensor.parameters:,}",
            f"{tensor.stored_bytes:,}",
            f" {sign} ".join(f"{length:,}" for length in tensor.shape) or "scalar",
            tensor.type,
        )
    return found
