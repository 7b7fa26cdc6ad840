"""The stored weights: what they do, what the file says, and the way to another program and back."""

from __future__ import annotations

import gzip
import json
import math
from itertools import product
from typing import Any

import jax
import numpy as np
import pytest
from safetensors.numpy import load_file

from explainer.checkpoints import read
from explainer.gpt import (
    GPTConfig,
    answers,
    init_gpt,
    letters_of,
    tokens_of,
    trace_gpt,
    trained_gpt,
)
from explainer.gpt.stored import PATH, STEP, named, stepper_data, stored_run

CONFIG = GPTConfig()


@pytest.fixture(scope="module")
def exported() -> Any:
    """Return the export as another program reads it."""
    return json.loads(json.dumps(stepper_data(), allow_nan=False))


def test_sorts_every_input() -> None:
    """For all 729 inputs the stored model says what Python's `sorted` says."""
    words = ["".join(letters) for letters in product("ABC", repeat=6)]
    said = answers(trained_gpt(), np.stack([tokens_of(word) for word in words]), CONFIG)
    assert [letters_of(row) for row in np.asarray(said)] == ["".join(sorted(w)) for w in words]


def test_has_the_tree_of_the_model() -> None:
    """The file holds the arrays that `init_gpt` draws, in float32: 85,584 parameters in all."""
    expected = jax.eval_shape(lambda: init_gpt(CONFIG, key=jax.random.key(0)))
    same = jax.tree.map(
        lambda a, b: (a.shape, a.dtype) == (b.shape, b.dtype), trained_gpt(), expected
    )
    assert all(jax.tree.leaves(same))
    assert read(PATH).parameters == 85_584


def test_every_parameter_is_a_multiple() -> None:
    """Each stored number times 512 is whole."""
    for array in load_file(PATH).values():
        assert array.dtype == np.float32
        assert (array * 512 == np.rint(array * 512)).all()


def test_file_tells_its_run() -> None:
    """Seed, steps, batch, rates, rounding and the version of JAX stand in the file."""
    run = stored_run()
    assert int(run["seed"]) >= 0
    assert run["learnt_from"] == "547"
    assert float(run["rounded_to"]) == STEP
    assert {"steps", "batch", "learning_rate", "weight_decay", "jax"} <= set(run)


def test_weights_survive_the_export(exported: Any) -> None:
    """Whole numbers times the step are the stored parameters, exactly, in float32 too."""
    weights = exported["weights"]
    stored = dict(named(trained_gpt()))
    assert set(weights["arrays"]) == set(stored)
    for name, array in weights["arrays"].items():
        values = np.array(array["values"], np.float32) * np.float32(weights["step"])
        np.testing.assert_array_equal(values.reshape(array["shape"]), stored[name])


def test_trace_survives_the_export(exported: Any) -> None:
    """The trace comes back to half its step, for the six letters and the five that follow."""
    trace = exported["trace"]
    assert trace["letters"] == "CBABBC" + "ABBBC"
    seen = dict(named(trace_gpt(trained_gpt(), tokens_of(trace["letters"]), CONFIG)))
    assert set(trace["arrays"]) == set(seen)
    for name, array in trace["arrays"].items():
        values = np.reshape(array["values"], array["shape"]) * trace["step"]
        np.testing.assert_allclose(values, seen[name], rtol=0, atol=trace["step"] / 2 + 1e-5)


def test_export_is_light(exported: Any) -> None:
    """The weights take less than 100 kB as JSON under gzip."""
    assert len(gzip.compress(json.dumps(exported["weights"]).encode(), 9, mtime=0)) < 100_000


def test_export_states_the_sizes(exported: Any) -> None:
    """Sizes and vocabulary travel along, enough to run the model from the JSON alone."""
    config = exported["config"]
    assert (config["num_layers"], config["num_heads"], config["d_head"]) == (3, 3, 16)
    assert (exported["vocabulary"], exported["num_letters"]) == ("ABC", 6)
    total = sum(math.prod(array["shape"]) for array in exported["weights"]["arrays"].values())
    assert total == 85_584
