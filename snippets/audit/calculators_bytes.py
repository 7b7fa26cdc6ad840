"""What 1.2 pays for, bits of a weight, and bytes of training: as said, and as they are."""

# %% overhead
from explainer.architectures import architecture, known_config

factor, two_bytes = 1.2, 2
paid = []
for name in "llama-2-7b llama-3.1-8b llama-3.1-70b deepseek-r1".split():
    c, total = known_config(name), architecture(name).total
    L, kept = c["num_hidden_layers"], 2 * c["num_key_value_heads"] * c.get("head_dim", 0)
    if "kv_lora_rank" in c:
        kept = c["kv_lora_rank"] + c["qk_rope_head_dim"]
    extra = (factor - 1) * total * two_bytes
    paid.append({"name": name, "bytes": extra, "tokens": int(extra / (L * kept * two_bytes))})
    print("{name:14} {bytes:17,.0f} bytes, {tokens:9,} tokens".format(**paid[-1]))

# %% bits
from explainer.quantization.gguf_layouts import LAYOUTS

per_64 = {"Q2_K": 22, "Q3_K": 26, "Q4_K": 38, "Q5_K": 46, "Q6_K": 54}  # bytes, gpu_poor's table
bits = []
for name, said in per_64.items():
    row = {"name": name, "said": 8 * said / 64, "exact": LAYOUTS[name].bits_per_weight}
    bits.append(row | {"error": row["said"] / row["exact"] - 1})
    print("{name}: {said} said, {exact} in a block".format(**bits[-1]))

# %% training
# Bytes a parameter for Adam in mixed precision: weights, gradients, FP32 copy and two moments.
exact = {"gradients in BF16": 2 + 2 + 4 + 8, "gradients in FP32": 2 + 4 + 4 + 8}
accelerate_mixed = max(4, 4 + 2, 2 * 4, 2 * 4)  # the largest of its four parts, not their sum
accelerate_single = max(4, 4, 2 * 4, 4 * 4)
cookbook = 2 + 4 + 12
llm_analysis = 2 + 4 + (4 + 2 * 4)
gpu_poor = 2 + 3 * 2
training = [
    {"name": "accelerate", "said": accelerate_mixed},
    {"name": "cookbook", "said": cookbook},
    {"name": "llm-analysis", "said": llm_analysis},
    {"name": "gpu_poor", "said": gpu_poor},
]
least, most = min(exact.values()), max(exact.values())
for row in training:
    print("{name:13} {said:2} bytes a parameter".format(**row))
