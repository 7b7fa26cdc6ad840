"""Train the GPT that sorts letters, from nothing, and try all 729 inputs."""

# %% train
from time import perf_counter

import jax

from explainer.gpt.training import split_texts, train_sorter

learnt, held_out = (len(part) for part in split_texts())
start = perf_counter()
_run = train_sorter(key=jax.random.key(0), record_every=20)
_run.losses.block_until_ready()
seconds = perf_counter() - start  # measured
steps = _run.curves.steps
train_share = _run.curves.metrics["train"]
held_out_share = _run.curves.metrics["held_out"]
num_steps = len(_run.losses)
first_loss, last_loss = (float(_run.losses[n]) for n in (0, -1))
print(f"{num_steps} steps: loss {first_loss:.2f} -> {last_loss:.4f}")

# %% all
from explainer.gpt import GPTConfig, answers, every_input, trained_gpt

config, _given = GPTConfig(), every_input()
inputs = len(_given)
_said = answers(_run.params, _given, config)
_pairs = zip(_given.tolist(), _said.tolist(), strict=True)
right = sum(sorted(letters) == said for letters, said in _pairs)
print(f"{right} of {inputs} inputs are sorted rightly")

# %% stored
_stored = answers(trained_gpt(), _given, config)
same = int((_stored == _said).all(1).sum())
print(f"the stored weights give the same answer to {same}")
