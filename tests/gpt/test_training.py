"""Training: what is held out, the loss by hand, retraining, eight devices, three platforms."""

from __future__ import annotations

import math
from functools import partial
from itertools import product
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.export import export
from jax.sharding import Mesh

from explainer.gpt import GPTConfig, apply_gpt, init_gpt, letters_of, trained_gpt
from explainer.gpt.stored import SEED, STEP
from explainer.gpt.training import (
    NUM_STEPS,
    SortingSplit,
    answer_logits,
    rounded,
    shardings,
    shares_right,
    sorting_loss,
    split_texts,
    train_sorter,
)
from explainer.training import Trained

CONFIG, KEY = GPTConfig(), jax.random.key(0)
PLATFORMS = ("cpu", "cuda", "tpu")


@pytest.fixture(scope="module")
def run() -> Trained:
    """Train once, as the stored weights were trained; strictly, as the tests run."""
    with jax.numpy_rank_promotion("raise"), jax.numpy_dtype_promotion("strict"):
        return train_sorter(key=jax.random.key(SEED), record_every=NUM_STEPS // 2)


def test_split_is_whole_and_fair() -> None:
    """547 and 182 texts make all 729; of each answer that is held out, ten inputs are learnt."""
    learnt, held_out = ([letters_of(text) for text in part] for part in split_texts())
    assert (len(learnt), len(held_out)) == (547, 182)
    words = {"".join(word) for word in product("ABC", repeat=6)}
    assert {text[:6] for text in learnt + held_out} == words
    for answer in {"".join(sorted(word)) for word in words}:
        seen = sum(text[6:] == answer for text in learnt)
        unseen = sum(text[6:] == answer for text in held_out)
        if max(map(answer.count, "ABC")) >= 5:
            assert unseen == 0
        else:
            assert seen >= 10
            assert 0.2 < unseen / (seen + unseen) < 0.34


def test_loss_is_the_formula() -> None:
    """The loss is the mean of -log of the right letter's probability at the last six places."""
    params = jax.tree.map(lambda leaf: 5 * leaf, init_gpt(CONFIG, key=KEY))
    texts = split_texts().train[:3]
    total = 0.0
    logits_of = jax.jit(apply_gpt)
    for text in texts:
        logits = np.asarray(logits_of(params, text[:11], CONFIG), np.float64)
        for place in range(5, 11):
            odds = [math.exp(z) for z in logits[place]]
            total -= math.log(odds[text[place + 1]] / sum(odds))
    assert float(jax.jit(sorting_loss)(params, texts, KEY)) == pytest.approx(total / 18, rel=1e-5)


def test_retraining_sorts_all(run: Trained) -> None:
    """Trained anew, the model sorts every one of the 729 inputs, also the held-out ones."""
    assert run.curves is not None
    assert {name: float(curve[-1]) for name, curve in run.curves.metrics.items()} == {
        "train": 1.0,
        "held_out": 1.0,
    }
    assert float(run.curves.metrics["held_out"][0]) < 0.1
    assert float(run.losses[-1]) < 0.01


def test_retraining_gives_the_stored_function(run: Trained) -> None:
    """Trained anew and rounded, each of the 4,374 answers has the stored probability, to 0.02.

    The weights themselves need not agree: another processor adds in another order, and three
    hundred steps magnify that.
    """
    texts = np.concatenate(split_texts())
    retrained, stored = (
        jax.nn.softmax(answer_logits(params, texts, CONFIG))
        for params in (rounded(run.params, step=STEP), trained_gpt())
    )
    np.testing.assert_allclose(retrained, stored, atol=0.02)


def test_same_key_same_weights(run: Trained) -> None:
    """The same seed on the same machine gives the same weights, to the last bit."""
    again = train_sorter(key=jax.random.key(SEED), record_every=NUM_STEPS // 2)
    jax.tree.map(np.testing.assert_array_equal, run.params, again.params)


def test_devices_share_the_work() -> None:
    """Ten steps shared by eight devices, texts over two and matrices over four, are those of one.

    To 3e-4, a hundredth of the way that ten steps can go: Adam divides by the size of a gradient,
    and so magnifies the rounding of one that is nearly zero.
    """
    mesh = Mesh(np.array(jax.devices()).reshape(2, 4), ("data", "model"))
    one, many = train_sorter(key=KEY, num_steps=10), train_sorter(key=KEY, num_steps=10, mesh=mesh)
    jax.tree.map(partial(np.testing.assert_allclose, rtol=0, atol=3e-4), one.params, many.params)
    np.testing.assert_allclose(one.losses, many.losses, rtol=0, atol=1e-5)


def test_matrices_are_cut() -> None:
    """Of four devices each holds a quarter of the hidden units; loss and gradient stay the same."""
    mesh = Mesh(np.array(jax.devices()).reshape(2, 4), ("data", "model"))
    params = init_gpt(CONFIG, key=KEY)
    cut = jax.device_put(params, shardings(params, mesh))
    blocks = cut["blocks"]
    assert blocks["up"]["weight"].addressable_shards[0].data.shape == (3, 48, 48)
    assert blocks["down"]["weight"].addressable_shards[0].data.shape == (3, 48, 48)
    assert blocks["qkv"]["bias"].addressable_shards[0].data.shape == (3, 36)
    assert cut["token_embedding"].addressable_shards[0].data.shape == (3, 48)
    texts = jnp.asarray(split_texts().held_out[:16])
    gradient = jax.jit(jax.value_and_grad(sorting_loss))
    expected, found = gradient(params, texts, KEY), gradient(cut, texts, KEY)
    jax.tree.map(partial(np.testing.assert_allclose, rtol=0, atol=1e-6), found, expected)


def test_training_lowers_for_all_platforms() -> None:
    """The whole training is one program that lowers for CPU, CUDA and TPU."""

    def trained(seed: jax.Array) -> Any:
        return train_sorter(key=jax.random.key(seed), num_steps=4, record_every=2)

    exported = export(jax.jit(trained), platforms=PLATFORMS)(jnp.array(0))
    assert exported.platforms == PLATFORMS


def test_shares_tell_right_from_wrong() -> None:
    """One answer changed in ten makes nine right in ten."""
    learnt, held_out = (part[:10].copy() for part in split_texts())
    held_out[4, -1] = (held_out[4, -1] + 1) % 3
    shares = shares_right(trained_gpt(), SortingSplit(learnt, held_out))
    assert (float(shares["train"]), float(shares["held_out"])) == pytest.approx((1.0, 0.9))


def test_rounding_moves_by_half_a_step() -> None:
    """Each parameter becomes the nearest multiple, as NumPy rounds; other steps are refused."""
    params = init_gpt(CONFIG, key=KEY)
    moved = rounded(params, step=1 / 64)
    jax.tree.map(
        lambda new, old: np.testing.assert_array_equal(new, np.round(np.asarray(old) * 64) / 64),
        moved,
        params,
    )
    with pytest.raises(ValueError, match=r"`step` \(=0.01\) must be a power of two"):
        rounded(params, step=0.01)


def test_impossible_meshes_are_refused() -> None:
    """A mesh whose second axis does not divide the width is refused with both."""
    mesh = Mesh(np.array(jax.devices())[:5].reshape(1, 5), ("data", "model"))
    with pytest.raises(ValueError, match=r"`d_model` \(=48\).*axis 'model' \(=5\)"):
        shardings(trained_gpt(), mesh)
