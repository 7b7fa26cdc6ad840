"""The tiny GPT written as a workbook in which every step is a formula."""

# %% write
from explainer.gpt import trained_gpt
from explainer.spreadsheet import write_nanogpt

prompt = "CBABBC"
book = write_nanogpt("nanogpt.xlsx", trained_gpt(), prompt=prompt)
cells = book.formulas + book.numbers
print(f"{len(book.sheets)} sheets, {book.formulas:,} formulas, {book.size_bytes:,} bytes")
print("sha256", book.sha256)

# %% sheets
import zipfile

with zipfile.ZipFile("nanogpt.xlsx") as _file:
    _parts = [f"xl/worksheets/sheet{number + 1}.xml" for number in range(len(book.sheets))]
    _texts = dict(zip(book.sheets, [_file.read(part).decode() for part in _parts], strict=True))
    parts = len(_file.namelist())
    macros = sum("vba" in name.lower() for name in _file.namelist())
rows = []
for _sheet, _text in _texts.items():
    _held = [
        block.height * block.width
        for name, block in book.blocks.items()
        if block.sheet == _sheet and name.endswith(("_weight", "_gain", "_bias"))
    ]
    rows.append({"sheet": _sheet, "formulas": _text.count("<f>"), "parameters": sum(_held)})
parameters = sum(row["parameters"] for row in rows)
print(f"{parameters:,} parameters in cells, {parts} files inside the file, {macros} macros")

# %% formulas
import html
import re

shown = {}
for _name in ("embedding", "L1_attention_mean", "L1_q", "L1_H1_score", "L1_gelu"):
    _sheet, _place = book.blocks[_name].cell(3, 0).replace("$", "").split("!")
    _found = re.search(rf'<c r="{_place}"[^>]*><f>(.*?)</f>', _texts[_sheet])
    shown[_name] = html.unescape(_found[1])
    print(f"{_sheet}!{_place}\n    ={shown[_name]}")

# %% take
import numpy as np

downloads = {"nanogpt.xlsx": np.fromfile("nanogpt.xlsx", np.uint8)}
