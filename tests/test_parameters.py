"""Counts of trees and of layers, against NumPy, JAX, and arithmetic done by hand."""

from __future__ import annotations

import subprocess
import sys
from collections import OrderedDict, namedtuple
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainer.parameters import (
    Leaf,
    attention_parameters,
    count_parameters,
    describe,
    embedding_parameters,
    feed_forward_parameters,
    linear_parameters,
    mlp_parameters,
    norm_parameters,
    shape_size,
)

Layer = namedtuple("Layer", ["weight", "bias"])


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Registered:
    """A pytree that only JAX can open."""

    weight: object
    inner: object


def test_leaf_of_every_kind() -> None:
    """JAX arrays, structs, NumPy arrays, shapes and numbers each keep name, shape and dtype."""
    tree = {
        "layers": [{"weight": jnp.zeros((3, 2)), "bias": np.zeros(3, np.float16)}],
        "head": jax.eval_shape(lambda: jnp.zeros((5, 3), jnp.bfloat16)),
        "written": (7, 1),
        "temperature": 0.5,
        "absent": None,
    }
    assert describe(tree) == (
        Leaf("layers/0/weight", (3, 2), 6, "float32"),
        Leaf("layers/0/bias", (3,), 3, "float16"),
        Leaf("head", (5, 3), 15, "bfloat16"),
        Leaf("written", (7, 1), 7, None),
        Leaf("temperature", (), 1, "float"),
    )
    assert count_parameters(tree) == 32


@pytest.mark.parametrize("empty", [None, {}, [], (), {"a": None, "b": [()]}])
def test_empty_tree_has_no_parameters(empty: object) -> None:
    """A tree without arrays counts zero."""
    assert count_parameters(empty) == 0


def test_containers_agree_with_jax() -> None:
    """Named tuples, ordered dictionaries and registered classes count as JAX flattens them."""
    a, b, c = jnp.ones((2, 3)), np.ones((4,)), jnp.ones(())
    tree = OrderedDict(x=Layer(a, b), y=Registered(weight=c, inner=[{"deep": a}, None]))
    assert count_parameters(tree) == sum(np.size(leaf) for leaf in jax.tree.leaves(tree)) == 17
    assert [leaf.name for leaf in describe(tree)] == [
        "x/weight",
        "x/bias",
        "y/weight",
        "y/inner/0/deep",
    ]


@given(
    st.recursive(
        st.lists(st.integers(0, 4), max_size=3).map(lambda axes: np.zeros(axes, np.int8)),
        lambda kids: (
            st.lists(kids, max_size=3)
            | st.lists(kids, max_size=3).map(tuple)
            | st.dictionaries(st.text("ab", max_size=2), kids, max_size=3)
        ),
        max_leaves=12,
    )
)
def test_any_tree_agrees_with_numpy(tree: object) -> None:
    """The count of a random tree is the sum of NumPy's sizes."""
    assert count_parameters(tree) == sum(leaf.size for leaf in jax.tree.leaves(tree))


def test_count_is_exact_beyond_64_bits() -> None:
    """Sizes past two to the sixty-four do not overflow."""
    assert count_parameters({"a": (2**40, 2**40), "b": (1,)}) == 2**80 + 1
    assert shape_size(np.zeros((2, 0, 3)).shape) == 0


@pytest.mark.parametrize("leaf", ["text", True, object(), np.zeros])
def test_what_is_no_array_is_refused_by_name(leaf: object) -> None:
    """A leaf that holds no numbers names its path instead of counting as one."""
    with pytest.raises(TypeError, match="the leaf at layers/1 must be an array"):
        count_parameters({"layers": [np.zeros(2), leaf]})


def test_negative_axis_is_refused() -> None:
    """A negative axis is an error, not a negative count."""
    with pytest.raises(ValueError, match=r"must be at least 0"):
        count_parameters({"a": (3, -1)})


def test_closed_forms_agree_with_a_network_of_arrays() -> None:
    """The 100-500-10 network holds 55,510 parameters by formula and by its arrays."""
    arrays = [np.zeros((500, 100)), np.zeros(500), np.zeros((10, 500)), np.zeros(10)]
    assert mlp_parameters((100, 500, 10)) == sum(a.size for a in arrays) == 55_510
    assert mlp_parameters([100, 500, 10], bias=False) == 55_000
    assert linear_parameters(6, 1) == 7


def test_number_of_heads_cancels() -> None:
    """With every head its own keys and values, the head count does not change the parameters."""
    counts = {attention_parameters(768, heads, bias=False) for heads in (1, 2, 3, 12, 768)}
    assert counts == {4 * 768 * 768}


def test_grouped_queries_and_wide_heads() -> None:
    """Llama 3.1 8B and Qwen3 0.6B layers match figures of an independent implementation."""
    # param_oracle.json: attention over all layers, from transformers.
    llama = attention_parameters(4096, 32, num_kv_heads=8, bias=False)
    qwen = attention_parameters(1024, 16, num_kv_heads=8, d_head=128, bias=False)
    assert 32 * llama == 1_342_177_280
    assert 28 * qwen == 176_160_768


def test_blocks_add_up_to_known_models() -> None:
    """GPT-2, the letter-sorting GPT and Llama 2 7B are sums of their closed forms."""

    def gpt(vocab_size: int, positions: int, d_model: int, layers: int, heads: int) -> int:
        block = attention_parameters(d_model, heads) + 2 * norm_parameters(d_model)
        block += feed_forward_parameters(d_model, 4 * d_model, gated=False)
        tables = embedding_parameters(vocab_size, d_model) + embedding_parameters(
            positions, d_model
        )
        return tables + layers * block + norm_parameters(d_model)

    assert gpt(50257, 1024, 768, 12, 12) == 124_439_808
    assert gpt(3, 11, 48, 3, 3) == 85_584
    llama = attention_parameters(4096, 32, bias=False) + 2 * norm_parameters(4096, bias=False)
    llama += feed_forward_parameters(4096, 11008, gated=True, bias=False)
    ends = 2 * embedding_parameters(32000, 4096) + norm_parameters(4096, bias=False)
    assert 32 * llama + ends == 6_738_415_616


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: linear_parameters(0, 3), r"`d_in` \(=0\) must be at least 1"),
        (lambda: mlp_parameters([7]), r"`widths` \(=\(7,\)\) must name an input and an output"),
        (lambda: attention_parameters(768, 10), r"`d_model` \(=768\) must be divisible by"),
        (
            lambda: attention_parameters(768, 12, num_kv_heads=5),
            r"`num_heads` \(=12\) must be divisible by `num_kv_heads` \(=5\)",
        ),
        (lambda: embedding_parameters(-1, 4), r"`vocab_size` \(=-1\) must be at least 1"),
        (lambda: norm_parameters(0), r"`d_model` \(=0\) must be at least 1"),
    ],
)
def test_errors_name_rule_and_value(call: object, message: str) -> None:
    """A size that cannot be is refused with its name and value."""
    assert callable(call)
    with pytest.raises(ValueError, match=message):
        call()


def test_plain_trees_need_no_jax() -> None:
    """Counting a plain tree in a fresh process imports no JAX."""
    code = (
        "import sys; from explainer.parameters import count_parameters as c;"
        "print(c({'a': [(2, 3)]}), 'jax' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["6", "False"], done.stderr
