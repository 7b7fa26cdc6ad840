"""Words are not tokens: the same texts through two real tokenizers."""

# %% load
from explainer.models import path
from explainer.models.tokenizer import tokenizer_from_file, tokenizer_from_gguf

smollm2 = tokenizer_from_gguf(path("smollm2"))
minilm = tokenizer_from_file(path("minilm").parent / "tokenizer.json")

# %% cut
texts = {  # each text as its words
    "Dogs are man's best friend": ["Dogs", "are", "man's", "best", "friend"],
    "unbelievably": ["unbelievably"],
    "明天适合去野餐吗？": ["明天", "适合", "去", "野餐", "吗"],
    "人工智能": ["人工智能"],
}
rows = []
for text, words in texts.items():
    theirs = [tokenizer.encode(text, add_special_tokens=False) for tokenizer in (smollm2, minilm)]
    row = {"text": text, "characters": len(text), "words": len(words)}
    row["smollm2"], row["minilm"] = (len(encoding.ids) for encoding in theirs)
    row["unknown"] = theirs[1].tokens.count("[UNK]")
    rows.append(row)
    print(f"{len(words)} words, {row['smollm2']:2} tokens, {row['minilm']} tokens:", text)

# %% pieces
pieces = {text: minilm.encode(text, add_special_tokens=False).tokens for text in texts}
split = [smollm2.decode([i]) for i in smollm2.encode("unbelievably").ids]
print(*split, sep=" | ")
print(*pieces["unbelievably"], sep=" | ")
print(*pieces["明天适合去野餐吗？"], sep=" | ")
sizes = [tokenizer.get_vocab_size() for tokenizer in (smollm2, minilm)]
