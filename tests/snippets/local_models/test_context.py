"""Checks of `snippets/local_models/context.py`."""

import runpy
from pathlib import Path

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "local_models" / "context.py"


@pytest.mark.slow
def test_less_to_read_costs_more() -> None:
    """A window is judged as one plain pass judges it, and less context is worse."""
    from explainer.models.llama import apply_llama

    run = runpy.run_path(str(SNIPPET))
    ratios = [row["ratio"] for row in run["rows"]]
    assert 1 < ratios[0] < ratios[1] < ratios[2] < ratios[3]
    assert all(row["low"] < row["ratio"] < row["high"] for row in run["rows"])
    # The first window of twenty tokens, by softmax in NumPy over one plain pass.
    model, ids = run["_model"], run["_texts"][0]
    start = len(ids) - run["scored"]
    window = np.r_[ids[:1], ids[start - 20 : start + 20]]
    logits = np.asarray(apply_llama(model.params, window, model.config), np.float64)[20:-1]
    logits -= logits.max(-1, keepdims=True)
    chosen = logits[np.arange(20), ids[start : start + 20]]
    wanted = np.log(np.exp(logits).sum(-1)) - chosen
    np.testing.assert_allclose(run["losses"](20)[:20], wanted, atol=2e-3)
