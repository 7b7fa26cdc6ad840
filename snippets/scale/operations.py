"""Six times parameters times tokens, and what it leaves out and counts too much."""

# %% six
from explainer.architectures import architecture
from explainer.facts import value
from explainer.scaling import six_nd

runs = [("gpt3-175b", "gpt3_training"), ("llama-3.1-405b", "llama3_training")]
rows = []
for name, run in runs:
    N, D = architecture(name).total, value(f"{run}.tokens")
    row = {"model": name, "N": N, "D": D, "six": six_nd(N, D), "published": value(f"{run}.flops")}
    rows.append(row)
    print("{model}: 6ND = {six:.3e}, published {published:.2e}".format(**row))

# %% parts
from explainer.scaling import flops_per_token

contexts = {"gpt2": 1024, "gpt3-175b": 2048, "llama-3.1-405b": 8192, "deepseek-r1": 4096}
parts = []
for name, T in contexts.items():
    model, found = architecture(name), flops_per_token(name, context=T)
    row = {"model": name, "context": T, "six": 6 * model.active, "training": found.training}
    row["looked_up"] = 1 - found.multiplied_weights / model.active  # counted, never multiplied
    row["attention"] = found.context / found.forward
    row["off"] = row["six"] / row["training"] - 1
    parts.append(row)
    print("{model:15} 6N is off by {off:+.1%}, attention {attention:.1%}".format(**row))

# %% long
lengths = [2**n for n in range(10, 18)]  # tokens
shares = {
    name: [(each := flops_per_token(name, context=T)).context / each.forward for T in lengths]
    for name in ("gpt3-175b", "llama-3.1-405b")
}
longest = shares["llama-3.1-405b"][-1]
