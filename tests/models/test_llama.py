"""SmolLM2 itself: all tests that load its half gigabyte are in this one module."""

from __future__ import annotations

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from explainer.models.generation import generate
from explainer.models.llama import Llama, continue_llama, load_smollm2
from explainer.models.llama_decoder import apply_llama, empty_cache, run_layers, trace_llama

# Made with transformers and PyTorch in float32 on the GGUF's dequantised weights: the top 20
# logits after each of six prompts, and the likeliest token at all 123 positions.
ORACLE = np.load(Path(__file__).parent.parent / "data" / "smollm2_oracle.npz")
PROMPTS = range(6)


@pytest.fixture(scope="module")
def smollm2() -> Llama:
    """Load the model once."""
    return load_smollm2()


@pytest.fixture(scope="module")
def logits(smollm2: Llama) -> list[np.ndarray]:
    """Run the six prompts, padded to one length: what stands behind a token changes nothing."""
    longest = max(len(ORACLE[f"ids_{number}"]) for number in PROMPTS)
    found = []
    for number in PROMPTS:
        ids = ORACLE[f"ids_{number}"]
        padded = np.zeros(longest, np.int32)
        padded[: len(ids)] = ids
        found.append(np.asarray(apply_llama(smollm2.params, padded, smollm2.config))[: len(ids)])
    return found


def test_sizes_are_published(smollm2: Llama) -> None:
    """134,515,008 parameters: 30 layers, 9 query heads, 3 key heads, head tied."""
    assert sum(leaf.size for leaf in jax.tree.leaves(smollm2.params)) == 134_515_008
    config = smollm2.config
    assert (config.num_layers, config.num_heads, config.num_kv_heads) == (30, 9, 3)
    assert config.tied and config.interleaved
    assert {leaf.dtype for leaf in jax.tree.leaves(smollm2.params)} == {jnp.dtype(jnp.float32)}


@pytest.mark.parametrize("number", PROMPTS)
def test_logits_are_the_oracles(logits: list[np.ndarray], number: int) -> None:
    """The top 20 logits after a prompt are within 1e-3, and are the top 20."""
    last = logits[number][-1]
    top = ORACLE[f"top_ids_{number}"]
    np.testing.assert_allclose(last[top], ORACLE[f"top_logits_{number}"], rtol=0, atol=1e-3)
    assert set(np.argsort(-last)[:20]) == set(top)


def test_the_likeliest_token_everywhere(logits: list[np.ndarray]) -> None:
    """At all 123 positions the likeliest token is the oracle's."""
    ours = np.concatenate([found.argmax(axis=1) for found in logits])
    theirs = np.concatenate([ORACLE[f"argmax_all_{number}"] for number in PROMPTS])
    assert len(theirs) == 123
    np.testing.assert_array_equal(ours, theirs)


def test_the_prompts_tokens_are_the_oracles(smollm2: Llama) -> None:
    """The tokenizer of the same file gives the ids of the oracle, chat markers and Chinese too."""
    for number in PROMPTS:
        ids = smollm2.tokenizer.encode(str(ORACLE[f"prompt_{number}"])).ids
        assert ids == ORACLE[f"ids_{number}"].tolist()


def test_a_cache_changes_nothing(smollm2: Llama, logits: list[np.ndarray]) -> None:
    """Read in two parts with keys and values kept, a text gives the stream of one reading."""
    ids, config = ORACLE["ids_4"], smollm2.config
    at = len(ids) - 1
    cache = empty_cache(config, 40)
    first, cache, _ = run_layers(smollm2.params, ids[:at], cache, jnp.int32(0), config)
    last, _, _ = run_layers(smollm2.params, ids[at:], cache, jnp.int32(at), config)
    x = np.concatenate([first, last])
    ours = x @ np.asarray(smollm2.params.embedding).T
    np.testing.assert_allclose(ours, logits[4], rtol=0, atol=1e-3)


def test_greedy_tokens_are_those_of_full_passes(smollm2: Llama) -> None:
    """Twelve tokens said with a cache are each the likeliest of a pass over the whole text."""
    prompt = smollm2.tokenizer.encode("The capital of France is").ids
    said = generate(smollm2.params, prompt, smollm2.config, num_tokens=12)
    assert smollm2.tokenizer.decode(said[:1].tolist()) == " Paris"
    text = np.array([*prompt, *said])
    full = np.asarray(apply_llama(smollm2.params, text, smollm2.config))
    np.testing.assert_array_equal(full[len(prompt) - 1 : -1].argmax(axis=1), said)


def test_text_in_text_out(smollm2: Llama) -> None:
    """A text is continued as text, up to a token that stops it."""
    stop = [smollm2.tokenizer.token_to_id(".")]
    said = continue_llama(smollm2, "The capital of France is", num_tokens=12, stop=stop)
    assert said == " Paris."


def test_attention_maps(smollm2: Llama, logits: list[np.ndarray]) -> None:
    """Each of 270 heads spreads a weight of one over a token and what stands before it."""
    seen = trace_llama(smollm2.params, ORACLE["ids_0"], smollm2.config)
    assert seen.attention.shape == (30, 9, 5, 5)
    np.testing.assert_allclose(seen.attention.sum(-1), 1, atol=1e-5)
    assert np.triu(np.asarray(seen.attention), 1).max() == 0
    np.testing.assert_allclose(seen.logits, logits[0], rtol=0, atol=1e-3)
