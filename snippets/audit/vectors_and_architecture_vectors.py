"""Vectors, words and bytes: seven claims of one article, counted again."""

# %% inside
from explainer.architectures import architecture, known_config

r1 = architecture("deepseek-r1")
learned = [t for t in r1.tensors if t.kind != "buffers"]
lists = [t for t in learned if len(t.shape) == 1]  # one axis: a list of numbers
arrays = sum(t.copies for t in lists)
gains = sum(t.size for t in lists)
table_rows = known_config("deepseek-r1")["vocab_size"]
print(f"{arrays} of R1's arrays are lists, {gains:,} parameters;")
print(f"its token embedding has {table_rows:,} rows, each a list too")

# %% widths
widths = {}
for name in "bert-base-uncased gpt2 gpt2-medium deepseek-r1 gpt3-175b llama-3.1-405b".split():
    config = known_config(name)
    widths[name] = config.get("hidden_size") or config["n_embd"]
print(widths)
width = widths["deepseek-r1"]
giant_bytes = 2 * r1.total  # one vector as long as R1 has parameters, in FP16

# %% words
said_words = 1000
tokens = said_words  # at best: a word is one token or several
places = known_config("deepseek-r1")["num_hidden_layers"] + 1  # the embedding, then each layer
token_vectors = tokens * places
vector_numbers = token_vectors * width
print(f"{tokens:,} tokens × {places} = {token_vectors:,} vectors, {vector_numbers:,} numbers")

# %% letter
bits_bytes = r1.total / 8  # if each parameter were a single bit
print(f"{r1.total:,} bits are {bits_bytes / 1e9:.2f} GB")

# %% bytes
stored = architecture("deepseek-r1", mtp="stored")
fp8 = [t for t in stored.tensors if "proj" in t.name and "eh_proj" not in t.name]
in_fp8 = sum(t.size for t in fp8)
scales = sum(t.copies * -(-t.shape[0] // 128) * -(-t.shape[1] // 128) for t in fp8)
file_bytes = in_fp8 + 2 * (stored.total - in_fp8) + 4 * (scales + stored.kinds["buffers"])
said = [each * r1.total for each in (4, 8)]
print(f"at 4 or 8 bytes {said[0] / 1e9:,.0f} or {said[1] / 1e9:,.0f} GB")
print(f"as published    {file_bytes / 1e9:,.0f} GB")

# %% claims
claims = [
    {"id": "not-vectors", "verdict": "right-with-a-gap", "typed": "none", "true": arrays},
    {"id": "usual-widths", "verdict": "right", "typed": 768, "true": widths["gpt2"]},
    {"id": "giant-vector", "verdict": "right", "typed": 671 * 10**9, "true": width},
    {"id": "unpublished", "verdict": "cannot-be-checked", "typed": 8192, "true": "not published"},
    {"id": "a-vector-a-word", "verdict": "misleading", "typed": said_words, "true": token_vectors},
    {"id": "b-is-not-bit", "verdict": "right", "typed": r1.total, "true": bits_bytes},
    {"id": "four-bytes", "verdict": "wrong", "typed": 4, "true": file_bytes / stored.total},
]
by_id = {claim["id"]: claim for claim in claims}
