"""SmolLM2 down to two bits: how well it still predicts two texts, and what it still knows."""

# timeout: 600

# %% load
from explainer.exam import prepare_exam
from explainer.models.llama import load_smollm2

_model = load_smollm2()
_exam = prepare_exam(_model.tokenizer)
num_tokens = sum(len(text) - 1 for text in _exam.texts)
num_facts = len(_exam.facts)
parameters = _model.file.parameters
print(f"{num_tokens:,} tokens of {len(_exam.texts)} texts, {num_facts} facts")

# %% climb
from explainer.ladder import as_row, climb
from explainer.perplexity import CONFIDENCE, RUN_TOKENS

widths = [8, 6, 5, 4, 3, 2]
_rungs = list(climb(_model.params, _model.config, _exam, [f"int{bits}" for bits in widths]))
whole, *rungs = [as_row(rung) for rung in _rungs]
confidence, run_tokens = CONFIDENCE, RUN_TOKENS
by_bits = dict(zip(widths, rungs, strict=True))
for row in rungs:
    low, high = row["divergence_interval"]
    print(f"{row['format']}: KL {row['divergence']:.4f} ({low:.4f} to {high:.4f})")

# %% facts
_fact = _exam.facts[0]
prompt, answer = _fact.prompt, _fact.expected.strip()
said = [{"format": rung.format, "probability": rung.probability[0]} for rung in _rungs]
known = [sum(rung.right) for rung in _rungs]
print(prompt, "->", *(f"{row['probability']:.2f}" for row in said))

# %% gate
limits = {"perplexity": 1.05, "p": 0.05}  # five percent worse at most; chance below one in twenty
for row in rungs:
    row["predicts"] = row["perplexity_ratio_interval"][1] <= limits["perplexity"]
    row["remembers"] = row["facts_p"] >= limits["p"] or row["facts_lost"] <= row["facts_won"]
    row["passes"] = row["predicts"] and row["remembers"]
    row["verdict"] = "✓" if row["passes"] else "–"
passing = [bits for bits in widths if by_bits[bits]["passes"]]
remembering = [bits for bits in widths if by_bits[bits]["remembers"]]
print("through the gate:", *passing, "bits; by facts alone:", *remembering)
