"""R1 and its six students: counts, parts at work, and what they solve."""

# %% scores
from explainer import facts
from explainer.architectures import architecture, known_config

rows = []
for size in ("qwen-1.5b", "qwen-7b", "llama-8b", "qwen-14b", "qwen-32b", "llama-70b"):
    model = architecture(f"r1-distill-{size}")
    row = {"name": size, "total": model.total, "active": model.active}
    rows.append(row | {"score": facts.value("aime." + size.replace("-", "_").replace(".", "_"))})
r1 = architecture("deepseek-r1")
rows.append({"name": "r1", "total": r1.total, "active": r1.active})
rows[-1]["score"] = facts.value("aime.r1")
for row in rows:
    print("{name:9} {total:15,} in all, {active:14,} a token, {score}".format(**row))
by_name = {row["name"]: row for row in rows}

# %% built
kinds = {}
for name in ("deepseek-r1", "r1-distill-qwen-7b", "r1-distill-llama-70b"):
    config = known_config(name)
    kinds[name] = {"experts": config.get("n_routed_experts", 0), "mla": "kv_lora_rank" in config}
    print(f"{name:20} {kinds[name]['experts']:3} experts a layer, MLA: {kinds[name]['mla']}")

# %% times
times = r1.total / by_name["qwen-7b"]["total"]
times_active = r1.active / by_name["qwen-7b"]["active"]
of_seventy = r1.active / by_name["llama-70b"]["active"]
print(f"{times:.1f} times the parameters, {times_active:.2f} times for a token")

# %% joke
exponent = 42
joke = 2**exponent
print(f"2 to the power of {exponent} is {joke:,}, {joke / r1.total:.2f} times R1")

# %% per_billion
per_billion = {row["name"]: row["score"] / (row["active"] / 1e9) for row in rows}
for name in sorted(per_billion, key=lambda name: -per_billion[name]):
    print(f"{name:9} {per_billion[name]:5.2f} points for a billion at work")

# %% claims
claims = [
    {"id": "root-cause", "verdict": "misleading", "typed": "size", "true": of_seventy},
    {"id": "count-of-r1", "verdict": "right", "typed": 671 * 10**9, "true": r1.total},
    {"id": "other-architecture", "verdict": "right", "typed": "other", "true": "dense"},
    {"id": "at-most-seventy", "verdict": "right", "typed": 70 * 10**9, "true": rows[5]["total"]},
    {"id": "full-version", "verdict": "right", "typed": "large", "true": times},
    {"id": "four-trillion", "verdict": "right", "typed": 4398 * 10**9, "true": joke},
]
by_id = {claim["id"]: claim for claim in claims}
