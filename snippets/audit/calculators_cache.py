"""The KV cache of one token, by four formulas and as it is."""

# %% compare
from explainer.architectures import known_config

two_bytes = 2  # FP16 or BF16
rows = []
for name in "llama-2-7b llama-3.1-70b qwen3-0.6b deepseek-r1".split():
    c = known_config(name)
    D, L, N = c["hidden_size"], c["num_hidden_layers"], c["num_attention_heads"]
    K, d_head = c["num_key_value_heads"], c.get("head_dim", D // N)
    kept = 2 * K * d_head  # a key and a value for each head that has them
    if "kv_lora_rank" in c:  # MLA: one latent vector, and the part that carries position
        kept = c["kv_lora_rank"] + c["qk_rope_head_dim"]
    row = {"name": name, "exact": L * kept * two_bytes}
    row["cookbook"] = L * D * two_bytes
    row["llm_analysis"] = L * 2 * (D // N) * K * two_bytes
    row["gpu_poor"] = L * D * 8
    row["gpu_poor_ggml"] = L * D * 4
    rows.append(row)
    print("{name:14} {exact:9,} {cookbook:9,} {llm_analysis:9,} {gpu_poor:9,}".format(**row))
by_name = {row["name"]: row for row in rows}

# %% ratios
shown = by_name["llama-3.1-70b"]
tools = {"llm-analysis": "llm_analysis", "cookbook": "cookbook"}
tools |= {"gpu_poor, GGML": "gpu_poor_ggml", "gpu_poor": "gpu_poor"}
ratios = {label: shown[tool] / shown["exact"] for label, tool in tools.items()}
context = 4096
gibibytes = context * shown["exact"] / 2**30
for label, ratio in ratios.items():
    print(f"{label:15} {ratio:4.0f} ×")
