"""How models grew: from LeNet-5 to a trillion parameters."""


# %% early
def convolution(d_out, d_in, side):
    return d_out * (d_in * side**2 + 1)  # filters and biases


def linear(d_out, d_in):
    return d_out * (d_in + 1)


lenet = convolution(6, 1, 5) + convolution(16, 6, 5)
lenet += linear(120, 400) + linear(84, 120) + linear(10, 84)
alexnet = convolution(96, 3, 11) + convolution(256, 48, 5)
alexnet += convolution(384, 256, 3) + convolution(384, 192, 3)
alexnet += convolution(256, 192, 3)
alexnet += linear(4096, 9216) + linear(4096, 4096)
alexnet += linear(1000, 4096)
D, L, V, T = 768, 12, 40478, 512
gpt = (V + T) * D + L * (12 * D**2 + 13 * D)
print(f"LeNet-5 {lenet:,}, AlexNet {alexnet:,}, GPT {gpt:,}")

# %% original
C1, S2, S4, C5, F6 = 6 * 26, 6 * 2, 16 * 2, 120 * 401, 84 * 121
C3 = 60 * 25 + 16  # 60 of the usual 96 connections
original = C1 + S2 + C3 + S4 + C5 + F6  # outputs set by hand
print(f"LeNet-5 as published: {original:,}")

# %% later
from explainer.architectures import architecture, read_config
from explainer.facts import value

config = read_config("deepseek-v3") | {"num_nextn_predict_layers": 0}
config |= {"vocab_size": 163840, "num_attention_heads": 64}
config |= {"num_key_value_heads": 64}
config |= {"n_routed_experts": 384, "first_k_dense_replace": 1}
kimi = architecture(config)  # DeepSeek-V3's, a few numbers changed
counts = {"LeNet-5": lenet, "AlexNet": alexnet, "GPT": gpt}
counts["GPT-2"] = architecture("gpt2-xl").total
counts["GPT-3"] = architecture("gpt3-175b").total
counts["Llama-3.1"] = architecture("llama-3.1-405b").total
counts["DeepSeek-R1"] = architecture("deepseek-r1").total
counts["Kimi-K2"] = kimi.total
keys = "lenet alexnet gpt gpt2 gpt3 llama3 deepseek_r1 kimi_k2"
years = [value(f"released.{key}") for key in keys.split()]
rows = [
    {"name": name, "year": year, "parameters": count}
    for (name, count), year in zip(counts.items(), years, strict=True)
]

# %% answer
answer = 2**42
times = answer / counts["DeepSeek-R1"]
widget = {"config": config, "total": kimi.total}
widget |= {"components": kimi.components, "kinds": kimi.kinds}
widget["active"] = kimi.active
print(f"2 to the 42nd is {answer:,}, {times:.2f} times R1")
