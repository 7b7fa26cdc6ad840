"""Words to predict, places, languages, bytes: what one article advises, counted."""

# %% predicted
window, masked = 512, 15  # tokens; percent that BERT hides and predicts
by_mask = round(window * masked / 100)
by_next = window - 1  # each token but the first
print(f"of {window} tokens {by_mask} are predicted behind a mask, {by_next} as the next one")

# %% places
from explainer.architectures import architecture, known_config

places = {"BART": known_config("bart-large")["max_position_embeddings"]}
places["GPT-2"] = known_config("gpt2")["n_positions"]
print(places)

# %% languages
bart, mbart = architecture("bart-large"), architecture("mbart-large-cc25")
tokens = {name: known_config(name)["vocab_size"] for name in ("bart-large", "mbart-large-cc25")}
more = mbart.total - bart.total
more_tokens = tokens["mbart-large-cc25"] - tokens["bart-large"]
more_vocabulary = more_tokens * known_config("bart-large")["d_model"]
print(f"{mbart.total:,} parameters, {more:,} more, of which vocabulary {more_vocabulary:,}")

# %% half
gpt2 = architecture("gpt2").total
before, after = 4 * gpt2, 2 * gpt2
print(f"{before:,} bytes in FP32, {after:,} in FP16")

# %% claims
claims = [
    {"id": "masked-words", "verdict": "wrong", "typed": by_mask, "true": by_next},
    {"id": "top-layers", "verdict": "misleading", "typed": "top", "true": "all"},
    {"id": "dropout", "verdict": "right-with-a-gap", "typed": 0.5, "true": 0.75},
    {"id": "decay", "verdict": "wrong", "typed": "change", "true": "size"},
    {"id": "accumulation", "verdict": "right", "typed": "same", "true": "same"},
    {"id": "batch-and-memory", "verdict": "wrong", "typed": "bytes", "true": "examples"},
    {"id": "long-documents", "verdict": "wrong", "typed": "long", "true": places["BART"]},
    {"id": "many-languages", "verdict": "right", "typed": "many", "true": mbart.total},
    {"id": "one-or-two-percent", "verdict": "misleading", "typed": [1, 2], "true": "it depends"},
    {"id": "half", "verdict": "right-with-a-gap", "typed": 2, "true": before / after},
]
by_id = {claim["id"]: claim for claim in claims}
