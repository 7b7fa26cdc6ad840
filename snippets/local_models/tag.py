"""Another model under the same name: R1, what its bare tag fetches, and what they solve."""

# %% tag
from explainer.architectures import architecture
from explainer.facts import value

r1, fetched = architecture("deepseek-r1"), architecture("r1-distill-qwen-7b")
file_bytes = value("ollama.r1_bytes")
bits = 8 * file_bytes / fetched.total
times, times_active = r1.total / fetched.total, r1.active / fetched.active
print(f"{fetched.total:,} parameters at {bits:.2f} bits; R1 has {times:.1f} times as many")

# %% students
names = ("qwen-1.5b", "qwen-7b", "llama-8b", "qwen-14b", "qwen-32b", "llama-70b")
rows = []
for name in names:
    key = name.replace("-", "_").replace(".", "_")
    row = {"model": name, "total": architecture(f"r1-distill-{name}").total}
    for test in ("aime", "gpqa"):
        row[test] = value(f"{test}.{key}")
        row[f"{test}_behind"] = value(f"{test}.r1") - row[test]
    rows.append(row)
by_name = {row["model"]: row for row in rows}
print("{model}: {aime_behind:.1f} and {gpqa_behind:.1f} behind R1".format(**rows[1]))

# %% cache
from explainer.architectures import known_config

config = known_config("r1-distill-qwen-7b")
L, K = config["num_hidden_layers"], config["num_key_value_heads"]
H = config["hidden_size"] // config["num_attention_heads"]
per_token = 2 * L * K * H * 2  # keys and values, two bytes each
longest, default = 2**17, value("ollama.default_context")  # trained for; set
cache_bytes = per_token * longest
print(f"{per_token:,} bytes a token, {cache_bytes / 1e9:.1f} GB for {longest:,}")
