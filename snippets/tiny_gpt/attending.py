"""Which letters the tiny GPT looks at, and what it then says."""

# %% attention
import numpy as np

from explainer import gpt

text = "CBABBC" + "ABBBC"  # input, and five letters of the answer
_tokens = gpt.tokens_of(text)
_seen = gpt.trace_gpt(gpt.trained_gpt(), _tokens, gpt.GPTConfig())
heads = np.asarray(_seen["blocks"]["attention"])[0]  # first layer
places = [f"{n} {letter}" for n, letter in enumerate(text, start=1)]
line = "head {head}, line {line:2}: A {A:4.0%}, B {B:4.0%}, C {C:4.0%}"
sums = []  # attention by letter, in the sixth line and in the last
for number, head in enumerate(heads, start=1):
    for place in (5, 10):
        _sum = {"head": number, "line": place + 1}
        for letter in "ABC":
            _there = [at_place == letter for at_place in text]
            _sum[letter] = float(head[place, _there].sum())
        sums.append(_sum)
        print(line.format(**_sum))

# %% says
said = np.asarray(_seen["probabilities"])[5:]  # from the sixth letter
letters = list("ABC")
chosen = [letters[column] for column in said.argmax(-1)]
seen = [text[: place + 1] for place in range(5, len(text))]
least = float(said.max(-1).min())
for so_far, letter in zip(seen, chosen, strict=True):
    print(f"{so_far:11} -> {letter}")
