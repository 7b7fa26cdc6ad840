"""Sentences as vectors: similar ones lie close, and Chinese ones fall together."""

# %% embed
import numpy as np

from explainer.models.bert import embed_sentences, load_minilm, tokenize

_minilm = load_minilm()
sentences = {
    "cat": "The cat is asleep on the sofa.",
    "kitten": "A kitten naps on the couch.",
    "rates": "The bank raised its interest rates.",
    "loans": "Borrowing money has become more expensive.",
    "violin": "She plays the violin in an orchestra.",
    "piano": "He practises the piano every evening.",
    "rain": "It will rain tomorrow.",
    "umbrella": "Take an umbrella with you.",
}
names = list(sentences)
_vectors = embed_sentences(_minilm, list(sentences.values()))
shape, length = _vectors.shape, float(np.linalg.norm(_vectors[0]))
cosines = np.asarray(_vectors @ _vectors.T)
print(f"{shape[0]} sentences, {shape[1]} numbers each, length {length:.3f}")

# %% compare
partners = [float(cosines[i, i + 1]) for i in range(0, len(names), 2)]
_strangers = [(i, j) for i in range(len(names)) for j in range(i) if i // 2 != j // 2]
others = [float(cosines[pair]) for pair in _strangers]
print("partners:", *(f"{cosine:.2f}" for cosine in partners))
print(f"all others: {min(others):.2f} to {max(others):.2f}")

# %% fooled
negated = ["The film was good.", "The film was not good.", "I enjoyed the movie."]
_film = embed_sentences(_minilm, negated)
opposite, paraphrase = float(_film[0] @ _film[1]), float(_film[0] @ _film[2])
print(f"its negation {opposite:.2f}, its paraphrase {paraphrase:.2f}")

# %% chinese
zh = ["我喜欢猫。", "我喜欢狗。", "今天下雨。"]
en = ["I like cats.", "I like dogs.", "It is raining today."]
_chinese, _english = embed_sentences(_minilm, zh), embed_sentences(_minilm, en)
ids = tokenize(_minilm, zh).ids.tolist()
unknown = _minilm.tokenizer.token_to_id("[UNK]")
rows = []
for i in range(len(zh)):
    row = {"text": zh[i], "translation": en[i], "unknown": ids[i].count(unknown)}
    row["to_translation"] = float(_chinese[i] @ _english[i])
    row["to_first"] = float(_chinese[i] @ _chinese[0])
    rows.append(row)
cats_and_dogs = float(_english[0] @ _english[1])
print("same ids:", ids[0] == ids[1], [_minilm.tokenizer.id_to_token(i) for i in ids[0] if i])
