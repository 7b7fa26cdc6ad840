"""The largest model that a memory of 24 GB holds, to use and to train."""

# %% answer
memory_bytes = 24 * 10**9
rows = []
for use, each in {"run-only": 2, "train-mixed": 16}.items():
    rows.append({"use": use, "bytes": each, "parameters": memory_bytes // each})
    print(f"{use}: {rows[-1]['parameters']:,} parameters")
times = rows[0]["parameters"] / rows[1]["parameters"]
