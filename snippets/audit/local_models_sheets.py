"""Two spreadsheets that were taken for one, and what three letters can say."""

# %% two
from explainer import facts
from explainer.architectures import architecture

gpt2 = architecture("gpt2").total
file_bytes = facts.value("workbooks.gpt2_size")
abc = facts.value("workbooks.abc_parameters")
said = 85_000
print(f"one holds {gpt2:,} parameters in {file_bytes / gpt2:.1f} bytes each,")
print(f"the other {abc:,}: {gpt2 / abc:,.0f} times fewer")

# %% closed
V, T, D, L = 3, 11, 48, 3  # letters, places, width, layers
layer = 12 * D**2 + 13 * D
tied = V * D + T * D + L * layer + 2 * D  # the head is the embedding again
print(f"{V * D} + {T * D} + {L} × {layer:,} + {2 * D} = {tied:,}")
print(f"with a head of its own {tied + V * D:,}")

# %% letters
sentence, continuation = "Dogs are man's best", " friend."
missing = sorted({letter for letter in continuation.strip() if letter.upper() not in "ABC"})
characters = len(sentence)
print(f"{characters} characters; not among A, B, C:", *missing)

# %% claims
claims = [
    {"id": "which-sheet", "verdict": "wrong", "typed": 1, "true": 2},
    {"id": "gpt-in-a-sheet", "verdict": "right", "typed": "GPT-2", "true": gpt2},
    {"id": "three-letters", "verdict": "wrong", "typed": said, "true": gpt2},
    {"id": "full-stop", "verdict": "wrong", "typed": "a full stop", "true": len(missing)},
]
by_id = {claim["id"]: claim for claim in claims}
