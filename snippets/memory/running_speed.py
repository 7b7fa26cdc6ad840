"""From a tag to a file, and from a file to the fastest that it could possibly run."""

# %% tag
from explainer import facts
from explainer.architectures import architecture

tags = [
    {"tag": "deepseek-r1", "model": "r1-distill-qwen-7b", "bytes": facts.value("ollama.r1_bytes")},
    {"tag": "deepseek-r1:671b", "model": "deepseek-r1"},
]
tags[1]["bytes"] = facts.value("ollama.full_r1_bytes")
for row in tags:
    row["bits"] = 8 * row["bytes"] / architecture(row["model"]).total
    print("{tag:17} is {model:19} {bits:.3f} bits a parameter".format(**row))
times = architecture("deepseek-r1").total / architecture("r1-distill-qwen-7b").total

# %% roof
from explainer.memory.devices import DEVICES
from explainer.memory.roofline import crossover_batch, decode, prefill

student, rows = "r1-distill-qwen-7b", []
for device in DEVICES.values():
    row = {"name": device.name, "bandwidth": device.bytes_per_second}
    row["sixteen"] = decode(student, device).tokens_per_second
    row["four"] = decode(student, device, bits_per_weight=tags[0]["bits"]).tokens_per_second
    rows.append(row)
    print("{name:9} {sixteen:4.0f} tokens/s in BF16, {four:4.0f} from the file".format(**row))

# %% batch
card = DEVICES["a100"]
batches = [2**power for power in range(10)]
speeds = [decode(student, card, batch=size).tokens_per_second for size in batches]
crossing = crossover_batch(card)
reading = prefill(student, card, context=2048)
print(f"bound by compute from {crossing:.0f} texts; a prompt: {reading.tokens_per_second:,.0f}/s")

# %% measured
qwen = {"model_type": "qwen2", "vocab_size": 151936, "hidden_size": 4096}
qwen |= {"intermediate_size": 11008, "num_hidden_layers": 32, "num_attention_heads": 32}
roof = decode(qwen, card, context=1024).tokens_per_second  # half of the 2048 tokens written
reached = facts.value("qwen_gpu.bf16_speed") / roof
print(f"roof {roof:.0f}, measured {facts.value('qwen_gpu.bf16_speed')}: {reached:.0%}")

# %% answer
wanted = 10  # tokens a second, faster than most people read
largest = DEVICES["m4-max"].bytes_per_second / wanted
print(f"{largest / 1e9:.1f} GB may be read for each token")
