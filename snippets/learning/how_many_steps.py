"""How many updates real models took, from what their makers published."""

# %% steps
from explainer.facts import value

gpt_tokens, gpt_batch = value("gpt3_training.tokens"), value("gpt3_training.batch")
gpt_steps = gpt_tokens / gpt_batch
print(f"GPT-3: {gpt_tokens:.0e} tokens / {gpt_batch:.1e} a step = {gpt_steps:,.0f} steps")

models = [
    {"model": "Transformer (big)", "steps": value("transformer_training.steps")},
    {"model": "BERT", "steps": value("bert_training.steps")},
    {"model": "GPT-3", "steps": round(gpt_steps)},
    {"model": "Llama-3.1-405B", "steps": value("llama3_training.steps")},
]

# %% batches
first_batch = value("transformer_training.batch")  # tokens in one step
last_batch = value("llama3_training.tokens") / value("llama3_training.steps")
print(f"tokens a step: {first_batch:,} then, {last_batch:,.0f} on average now")
