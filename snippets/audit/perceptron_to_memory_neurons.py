"""Perceptrons and their parameters: what one article says of them, case by case."""

# %% cases
from itertools import product

weights, threshold = (6, 2, 3), 5  # weather, companion, audience
cases = list(product((0, 1), repeat=3))
sums = [sum(w * x for w, x in zip(weights, case, strict=True)) for case in cases]
go = [int(total > threshold) for total in sums]
same_as_weather = sum(answer == case[0] for answer, case in zip(go, cases, strict=True))
print("sums   ", *sums)
print("answers", *go)

# %% tie
tie, nudge = sums[cases.index((0, 1, 1))], 1e-6  # rain, but company and an audience
above, at_least = int(tie > threshold), int(tie >= threshold)
nudged = int(tie + nudge > threshold)  # the audience weighs a millionth more
print(f"the sum is {tie}: with > {above}, with ≥ {at_least}, and nudged {nudged}")

# %% names
from explainer.architectures import architecture

names = {"7B": "r1-distill-qwen-7b", "14B": "r1-distill-qwen-14b", "32B": "r1-distill-qwen-32b"}
named = {label: int(label[:-1]) * 10**9 for label in names}
totals = {label: architecture(name).total for label, name in names.items()}
over = {label: totals[label] / named[label] - 1 for label in names}
print(*(f"{label} {totals[label]:,} ({over[label]:+.2%})" for label in names), sep="\n")

# %% digits
from explainer.parameters import count_parameters

digits_shapes = [(500, 100), (500,), (10, 500), (10,)]
digits = count_parameters(digits_shapes)
digits_biases = 500 + 10
print(f"{digits:,} parameters, {digits_biases} of them biases ({digits_biases / digits:.3%})")

# %% claims
claims = [
    {"id": "three-inputs", "verdict": "misleading", "typed": 3, "true": 1},
    {"id": "above-the-threshold", "verdict": "misleading", "typed": "above", "true": tie},
    {"id": "small-change", "verdict": "wrong", "typed": "no effect", "true": nudge},
    {"id": "one-activation", "verdict": "misleading", "typed": "enough", "true": 0.75},
    {"id": "names", "verdict": "misleading", "typed": named["7B"], "true": totals["7B"]},
    {"id": "digits", "verdict": "right", "typed": 55_510, "true": digits},
]
by_id = {claim["id"]: claim for claim in claims}
