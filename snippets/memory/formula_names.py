"""The table's sizes are names: what the models behind them hold, and take in four bits."""

# %% names
from explainer.memory.classic import SIZES, classic_bytes
from explainer.memory.weights import weight_bytes

names = ("qwen-1.5b", "qwen-7b", "qwen-14b", "qwen-32b", "llama-70b")  # of R1's students
rows = []
for name, said in zip(names, SIZES, strict=True):
    file = weight_bytes(f"r1-distill-{name}", "q4_k_m")
    row = {"model": name, "parameters": file.parameters, "bytes": file.total_bytes}
    row["over"] = float(file.parameters / said - 1)
    row["classic"] = classic_bytes(int(said), 4)  # overhead included
    row["error"] = row["classic"] / row["bytes"] - 1
    rows.append(row)
    print("{model:9} {over:+6.1%} parameters, formula {error:+6.1%} of the weights".format(**row))
by_name = {row["model"]: row for row in rows}
