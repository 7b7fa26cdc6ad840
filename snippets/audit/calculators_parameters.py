"""Four calculators' formulas for parameters, restated, beside the exact count."""

# %% shape
from explainer.architectures import architecture, known_config


def shape(name):
    """Return what the formulas ask for, under the letters of this site."""
    c = known_config(name)
    D, L = c.get("hidden_size") or c["n_embd"], c.get("num_hidden_layers") or c["n_layer"]
    N = c.get("num_attention_heads") or c["n_head"]
    F, K = c.get("intermediate_size", 4 * D), c.get("num_key_value_heads", N)
    E, gated = c.get("num_local_experts", 1), "intermediate_size" in c
    T = c.get("n_positions", 2048)  # 2,048 is what the cookbook assumes
    return D, F, L, N, K, c["vocab_size"], E, 3 if gated else 2, c["tie_word_embeddings"], T


# %% restated
def accelerate(model):  # the body of the model, without an output head of its own
    return model.total - model.components.get("head", 0)


def cookbook(D, F, L, N, K, V, E, matrices, tied, T):
    layer = 2 * (1 + K / N) * D * D + matrices * D * F * E + (D * E if E > 1 else 0) + 8 * D
    return int((1 if tied else 2) * V * D + T * D + L * layer + 2 * D)


def llm_analysis(D, F, L, N, K, V, E, matrices, *_):
    layer = 2 * (1 + K / N) * D * D + matrices * D * F * E + (D * E if E > 1 else 0) + 2 * D
    return int(V * D + L * layer + D)


def gpu_poor(D, F, L, N, K, V, *_):
    return 2 * V * D + L * (4 * D * D + 3 * D * F)


# %% compare
rows = []
names = "gpt2 qwen2.5-0.5b qwen3-0.6b llama-2-7b llama-3.1-8b llama-2-70b mixtral-8x7b"
for name in names.split():
    model, sizes = architecture(name), shape(name)
    said = {"accelerate": accelerate(model), "cookbook": cookbook(*sizes)}
    said |= {"llm_analysis": llm_analysis(*sizes), "gpu_poor": gpu_poor(*sizes)}
    row = {"name": name, "total": model.total}
    rows.append(row | {tool: count / model.total - 1 for tool, count in said.items()})
    print(f"{name:14}", *(f"{rows[-1][tool]:+8.2%}" for tool in said))
errors = {row["name"]: row for row in rows}

# %% terms
llama8, llama70 = architecture("llama-3.1-8b"), architecture("llama-2-70b")
head = llama8.total - accelerate(llama8)
D, F, L, N, K, *_ = sizes = shape("llama-2-70b")
too_wide = 2 * L * D * D * (N - K) // N  # keys and values as wide as queries
no_norms = too_wide - (gpu_poor(*sizes) - llama70.total)
print(f"head {head:,}; keys and values {too_wide:,}; norms {no_norms:,}")
