"""Weights and biases: what one article says of them, with figures."""

# %% digits
from explainer.architectures import architecture

r1, said = architecture("deepseek-r1").total, 1_760_000_000_000
phone = 11  # digits of a Chinese mobile number
lengths = {"R1": len(str(r1)), "said of GPT-4": len(str(said))}
print(f"a phone number has {phone} digits;", lengths)

# %% weights
weights = {"sun": 0.7, "warmth": 0.5, "friends": 0.2, "rain": -0.6, "distance": -0.2, "wind": -0.4}
day = {"warmth": 23, "rain": 0.10}  # degrees Celsius; a probability
moved = {name: abs(weights[name] * day[name]) for name in day}
ratio = moved["warmth"] / moved["rain"]
print(f"warmth moves the sum by {moved['warmth']}, rain by {moved['rain']:.2f}: {ratio:.0f} times")

# %% picnic
from math import exp, log

cutoff = 0.6
needed = log(cutoff / (1 - cutoff))  # the sum at which σ gives the cutoff
all_there = sum(weights.values())  # each of the six is there: 1
score = 1 / (1 + exp(-all_there))
print(f"the sum must exceed {needed:.6f}; with all six there it is {all_there:.1f}, σ {score:.4f}")

# %% base
bias = 0.21
nothing = sum(w * 0 for w in weights.values()) + bias
biased = 1 / (1 + exp(-(all_there + bias)))
print(f"all inputs zero: {nothing}; all there, with the bias: {biased:.4f}")

# %% without
without = {}
for name in ("llama-2-7b", "llama-3.1-405b", "deepseek-r1"):
    model = architecture(name)
    without[name] = model.kinds["biases"]
    print(f"{name:15} {model.total:15,} parameters, {without[name]} biases")

# %% rare
one_in = {2: 0.5, 100: 0.01, 1000: 0.001}
preset = {n: log(p / (1 - p)) for n, p in one_in.items()}
print(*(f"one in {n:,}: b = {b:.4f}" for n, b in preset.items()), sep="\n")

# %% answer
rarer = 2000
answer = log(1 / (rarer - 1))
print(f"one in {rarer:,}: b = {answer:.4f}")

# %% claims
claims = [
    {"id": "size-of-gpt4", "verdict": "cannot-be-checked", "typed": said, "true": "not published"},
    {"id": "phone-number", "verdict": "right", "typed": phone, "true": lengths["R1"]},
    {"id": "larger-weight", "verdict": "misleading", "typed": "larger", "true": ratio},
    {"id": "picnic", "verdict": "misleading", "typed": "go", "true": score},
    {"id": "base-score", "verdict": "right", "typed": bias, "true": nothing},
    {"id": "survival", "verdict": "wrong", "typed": "needed", "true": without["deepseek-r1"]},
    {"id": "rare-disease", "verdict": "right", "typed": "preset", "true": preset[100]},
]
by_id = {claim["id"]: claim for claim in claims}
