"""Print every benchmark's figures beside its target: `make bench`.

Name parts to run those alone: `python -m benchmarks site checkpoints`.
"""

from __future__ import annotations

import sys
from importlib import import_module

from rich.console import Console
from rich.table import Table

from explainer.site.environment import processor

PARTS = (
    "site",
    "weight",
    "counting",
    "checkpoints",
    "training",
    "models",
    "tiny_gpt",
    "spreadsheet",
    "gguf_blocks",
    "quantization",
)


def main() -> None:
    """Run the parts that are named, or all."""
    table = Table(title=f"measured on {processor()}", title_justify="left")
    for name in ("what", "measured", "target"):
        table.add_column(name, overflow="fold")
    for part in sys.argv[1:] or PARTS:
        for row in import_module(f"benchmarks.{part}").rows():
            table.add_row(*row)
        table.add_section()
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
