"""Real models, counted from their configurations: what the name says, and what is there."""

# %% names
import re

from explainer.architectures import architecture


def nominal(name):
    """Read the size out of a name: 8x7b is eight times 7 billion."""
    said = re.search(r"-(?:(\d+)x)?([\d.]+)([bm])(?:-|$)", name)
    if said is None:
        return None
    copies, size, unit = said.groups()
    one = round(float(size) * 1000) * {"b": 10**6, "m": 10**3}[unit]
    return int(copies or 1) * one


def off_by(name):
    """Return how far the exact count is from the name, as a share."""
    return architecture(name).total / nominal(name) - 1


# %% seven
called = "llama-2-7b olmo-7b mistral-7b-v0.1 olmo-2-7b qwen2.5-7b"
called += " gemma-7b"
seven = [(name, architecture(name).total) for name in called.split()]
for name, count in seven:
    print(f"{name:16} {count:13,}  {off_by(name):+7.2%}")
size, nominal_seven = called[8:10].upper(), nominal("llama-2-7b")
least, most = seven[0][1], seven[-1][1]

# %% rows
families = """
gpt2 gpt2-medium gpt2-large gpt2-xl distilgpt2 gpt3-175b
bert-base-uncased bart-large mbart-large-cc25
llama-2-7b llama-2-13b llama-2-70b
llama-3.1-8b llama-3.1-70b llama-3.1-405b mistral-7b-v0.1
qwen2.5-0.5b qwen2.5-7b qwen2.5-14b qwen2.5-32b qwen2.5-72b
qwen3-0.6b qwen3-8b qwen3-32b
gemma-2-2b gemma-2-9b gemma-2-27b gemma-3-27b
phi-2 phi-3-medium phi-4 smollm2-135m smollm2-360m smollm2-1.7b
"""
rows = []
for name in families.split():
    model = architecture(name)
    row = {"name": name, "total": model.total, **model.kinds, "off": "·"}
    if nominal(name):
        row["off"] = f"{off_by(name):+.2%}".replace("-", "−")
    tables = model.components["embedding"] + model.components.get("head", 0)
    row["embedding"] = tables / model.total
    rows.append(row)
vocabulary = {row["name"]: row["embedding"] for row in rows}

# %% off
sized = "gemma-2-2b llama-3.2-1b r1-distill-qwen-1.5b smollm2-1.7b"
sized += " qwen2.5-7b qwen2.5-14b qwen2.5-32b llama-3.1-70b gpt3-175b"
sized += " llama-2-7b mixtral-8x7b"
deviations = [(name, off_by(name)) for name in sized.split()]
deviations.sort(key=lambda pair: -pair[1])
off = dict(deviations)

# %% every
from explainer.architectures import known_models

every = [off_by(name) for name in known_models() if nominal(name)]
above = sum(share > 0 for share in every)
print(f"{above} of {len(every)} hold more than their names say")
