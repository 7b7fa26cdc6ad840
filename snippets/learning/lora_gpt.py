"""What there is to train in GPT-2: its last block, or a LoRA in all of its layers."""

# %% gpt
from explainer.architectures import architecture
from explainer.lora import lora_parameters

total, rank = architecture("gpt2").total, 8
block = 12 * 768**2 + 13 * 768  # the last of twelve layers
lora = 12 * lora_parameters(3 * 768, 768, rank=rank)  # beside each c_attn
print(f"top layer {block:,}, {block / total:.2%} of GPT-2")
print(f"LoRA      {lora:,}, {lora / total:.3%}, in all layers")
