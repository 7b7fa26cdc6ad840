"""SmolLM2 on the same words, with less and less to read before them."""

# timeout: 300

# %% load
import jax
import numpy as np

from explainer.exam import prepare_exam
from explainer.models.llama import apply_llama, load_smollm2
from explainer.perplexity import mean_over_tokens, token_losses

_model = load_smollm2()
_texts = prepare_exam(_model.tokenizer, num_facts=1).texts
scored = 240  # the last tokens of each text: always the same ones are judged
num_scored = scored * len(_texts)
parameters, trained_for = _model.file.parameters, _model.config.context_length
print(f"{len(_texts)} texts, {num_scored} tokens judged")


# %% measure
@jax.jit
def _each(params, windows):
    logits = jax.vmap(lambda row: apply_llama(params, row, _model.config))(windows)
    return jax.vmap(token_losses)(logits, windows)


def losses(before):
    """Loss of each judged token, with `before` to twice as many tokens in front of it."""
    windows = [
        np.r_[ids[:1], ids[start - before : start + before]]  # the first id marks a beginning
        for ids in _texts
        for start in range(len(ids) - scored, len(ids), before)
    ]
    return np.asarray(_each(_model.params, np.stack(windows)))[:, before:].ravel()


# %% shorten
_whole = losses(scored)
rows = []
for before in (80, 40, 20, 10):
    added = mean_over_tokens(losses(before) - _whole)
    ends = {"ratio": added.value, "low": added.low, "high": added.high}
    rows.append({"before": before, "name": f"T ≥ {before}"})
    rows[-1] |= {key: float(np.exp(nats)) for key, nats in ends.items()}  # of perplexity
    print("from {before:2} tokens in front: {ratio:.2f} times the perplexity".format(**rows[-1]))
by_context = {row["before"]: row for row in rows}
