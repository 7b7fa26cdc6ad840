"""The logits of R1 and of its six "distills" cannot be laid side by side."""

# %% sizes
from explainer.architectures import architecture, known_config

names = ["deepseek-r1"]
names += [f"r1-distill-{size}" for size in ("qwen-1.5b", "qwen-7b", "qwen-14b", "qwen-32b")]
names += [f"r1-distill-{size}" for size in ("llama-8b", "llama-70b")]
rows = []
for name in names:
    V = known_config(name)["vocab_size"]
    rows.append({"model": architecture(name).name, "vocabulary": V})
    print(f"{name:22} {V:9,} logits for each token")
distinct = sorted({row["vocabulary"] for row in rows})

# %% match
import jax.numpy as jnp

from explainer.distillation import soft_loss

refused = False
try:
    soft_loss(jnp.zeros(rows[1]["vocabulary"]), jnp.zeros(rows[0]["vocabulary"]), temperature=1)
except (TypeError, ValueError) as error:
    refused = True
    print(str(error).splitlines()[0][:88])
