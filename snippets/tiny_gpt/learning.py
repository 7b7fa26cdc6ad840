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
first_loss, last_loss = float(_run.losses[0]), float(_run.losses[-1])
num_steps = len(_run.losses)
print(f"loss {first_loss:.2f} -> {last_loss:.4f} in {num_steps} steps")

# %% all
from explainer.gpt import GPTConfig, answers, every_input, sorted_rightly, trained_gpt

inputs = len(every_input())
right = int(sorted_rightly(_run.params, every_input(), GPTConfig()).sum())
print(f"{right} of {inputs} inputs are sorted rightly")

# %% stored
_stored = answers(trained_gpt(), every_input(), GPTConfig())
same = int((_stored == answers(_run.params, every_input(), GPTConfig())).all(1).sum())
print(f"the stored weights give the same answer to {same} of them")
