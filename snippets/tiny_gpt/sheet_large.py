"""How large a workbook a larger model would be."""

# %% cells
from math import ceil

from explainer import facts
from explainer.architectures import architecture

cells_of_sheet = facts.value("spreadsheet.rows") * facts.value("spreadsheet.columns")
gpt2, r1 = architecture("gpt2").total, architecture("deepseek-r1").total
sheets = ceil(r1 / cells_of_sheet)
print(f"a sheet has {cells_of_sheet:,} cells; DeepSeek-R1 needs {sheets} of them")
