"""A line that learns and a network to be counted, as a workbook."""

# %% write
import numpy as np

from explainer.spreadsheet import write_tiny

book = write_tiny("tiny.xlsx")
print(f"{', '.join(book.sheets)}: {book.formulas:,} formulas, {book.size_bytes:,} bytes")
print("sha256", book.sha256)
downloads = {"tiny.xlsx": np.fromfile("tiny.xlsx", np.uint8)}

# %% descend
from explainer.line import descend_line
from explainer.spreadsheet.line_sheet import LEARNING_RATE, NUM_STEPS, POINTS, descent

learning_rate, num_steps = LEARNING_RATE, NUM_STEPS
_x, _y = POINTS
points = list(zip(_x, _y, strict=True))
_found = descend_line(_x, _y, learning_rate=learning_rate, num_steps=num_steps)
_rows = descent()  # a, b, both errors, loss, both slopes
apart = float(abs(np.array(_found.path[:2]).T - _rows[:, :2]).max())
rows = [
    {"step": at, "a": float(_rows[at, 0]), "b": float(_rows[at, 1]), "loss": float(_rows[at, 4])}
    for at in (0, 1, 10, 100, num_steps)
]
for row in rows:
    print(f"step {row['step']:3}: a {row['a']:.3f}, b {row['b']:6.3f}, loss {row['loss']:.5f}")

# %% count
_held = [block for name, block in book.blocks.items() if name.endswith(("_weight", "_bias"))]
parameters = sum(block.height * block.width for block in _held)
print(" + ".join(f"{block.height} x {block.width}" for block in _held), "=", f"{parameters:,}")
