"""Sixteen bits of a small model, or four bits of one twice as large?"""

# %% answer
from explainer.facts import value

tests = ("mmlu", "ceval", "gsm", "humaneval")
rows = []
for name, scores, memory in (
    ("7B, BF16", "qwen_bf16", "qwen_7b_bf16"),
    ("14B, Int4", "qwen_14b_int4", "qwen_14b_int4"),
):
    row = {"model": name, "bytes": value(f"{memory}.memory")}
    rows.append(row | {test: value(f"{scores}.{test}") for test in tests})
wins = sum(rows[1][test] > rows[0][test] for test in tests)
gain = sum(rows[1][test] - rows[0][test] for test in tests) / len(tests)
saved = 1 - rows[1]["bytes"] / rows[0]["bytes"]
print(f"the larger one wins {wins} of {len(tests)} with {saved:.0%} less memory")
