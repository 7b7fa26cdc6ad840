"""Operations of a token against closed forms, and against the products that JAX really traces."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import pytest

from explainer.architectures import architecture
from explainer.gpt.model import GPTConfig, apply_gpt, init_gpt
from explainer.models.llama import load_llama
from explainer.models.llama_decoder import apply_llama
from explainer.scaling import Run, flops_per_token, gpu_hours, six_nd, training_cost
from tests.models.tiny_llama import config_of, write_directory

STORED = json.loads((Path(__file__).parents[1] / "data" / "scaling_laws.json").read_text())


def product_flops(function: Callable[..., Any], *args: Any) -> int:
    """Return twice the multiplications of all `dot_general` that a function traces to."""
    return _count(jax.make_jaxpr(function)(*args).jaxpr)


def _count(jaxpr: Any) -> int:
    total = 0
    for equation in jaxpr.eqns:
        if equation.primitive.name == "dot_general":
            (contracted, _), _ = equation.params["dimension_numbers"]
            left = equation.invars[0].aval.shape
            total += (
                2
                * math.prod(equation.outvars[0].aval.shape)
                * math.prod(left[axis] for axis in contracted)
            )
        times = equation.params.get("length", 1) if equation.primitive.name == "scan" else 1
        for value in equation.params.values():
            for inner in value if isinstance(value, tuple | list) else [value]:
                inner = getattr(inner, "jaxpr", inner)
                if hasattr(inner, "eqns"):
                    total += times * _count(inner)
    return total


@pytest.mark.parametrize("family", ["llama", "qwen3"])
def test_forward_is_what_jax_multiplies(family: str, tmp_path: Path) -> None:
    """Every product of a running model is accounted for, with grouped and with normed heads.

    The model reads 40 tokens in parts of 32 and 8, each up to its own end: 1344 pairs of 1600.
    """
    model = load_llama(write_directory(tmp_path / family, family))
    tokens = jnp.arange(40) % model.config.vocab_size
    counted = flops_per_token(config_of(family), context=40, causal=False)
    pairs = 32 * 32 + 8 * 40
    traced = product_flops(apply_llama, model.params, tokens, model.config)
    assert traced == 40 * (counted.forward - counted.context) + pairs * counted.context / 40


def test_training_is_three_forward_passes() -> None:
    """The gradient of a GPT traces to three times the products of its forward pass."""
    config = GPTConfig()
    params = init_gpt(config, key=jax.random.key(0))
    tokens = jnp.arange(config.context_length) % config.vocab_size

    def loss(params: Any) -> Any:
        return apply_gpt(params, tokens, config).sum()

    forward = product_flops(loss, params)
    sizes = {"model_type": "gpt2", "n_layer": 3, "n_head": 3, "n_embd": 48, "n_positions": 11}
    counted = flops_per_token(sizes | {"vocab_size": 3}, context=11, causal=False)
    assert forward == 11 * counted.forward
    assert product_flops(jax.grad(loss), params) == 11 * counted.training


def test_gpt3_by_hand() -> None:
    """GPT-3's operations by its sizes: 96 layers of 12 D^2, the head, and the context."""
    D, L, V, T = 12288, 96, 50257, 2048
    found = flops_per_token("gpt3-175b", context=T)
    assert found.multiplied_weights == L * 12 * D * D + V * D
    assert found.context == 2 * L * 2 * D * (T + 1) / 2
    assert found.training == 6 * (L * 12 * D * D + V * D) + 6 * L * 2 * D * (T + 1) / 2
    full = flops_per_token("gpt3-175b", context=T, causal=False)
    assert 3 * full.context == 12 * L * D * T  # PaLM, appendix B: 12 L H Q T


def test_latent_heads_have_two_widths() -> None:
    """DeepSeek's scores take 192 numbers a head and its values 128, in 61 layers of 128 heads."""
    found = flops_per_token("deepseek-r1", context=1)
    assert found.context == 2 * 61 * 128 * (128 + 64 + 128)
    # One token of the mixture is multiplied by eight of 256 experts, not by all.
    model = architecture("deepseek-r1")
    assert found.multiplied_weights < model.active
    assert found.multiplied_weights == pytest.approx(model.active_without_input_embedding, rel=1e-4)


def test_six_nd_agrees_with_the_papers() -> None:
    """6ND is 3.14e23 for GPT-3 and 3.8e25 for Llama 3.1 405B, as their papers say."""
    gpt = six_nd(architecture("gpt3-175b").total, 300e9)
    assert gpt == pytest.approx(STORED["six_nd"]["6ND GPT-3 175B"]["sixND"], rel=1e-12)
    assert gpt == pytest.approx(3.14e23, rel=2e-3)
    llama = six_nd(architecture("llama-3.1-405b").total, 15.6e12)
    assert llama == pytest.approx(STORED["six_nd"]["6ND Llama-3.1-405B"]["sixND"], rel=1e-12)
    assert llama == pytest.approx(3.8e25, rel=2e-3)


def test_deepseek_run_reaches_a_third() -> None:
    """14.8 T tokens in 2.664 M hours are 348 TFLOP/s a GPU, 35 % of 989; the rent is $5.576 M."""
    run = Run(six_nd(architecture("deepseek-r1").active, 14.8e12), 2.664e6, 989e12)
    assert run.flops_per_second == pytest.approx(348e12, rel=2e-3)
    assert run.utilization == pytest.approx(0.35, abs=0.005)
    assert training_cost(2.788e6, price_per_hour=2) == 5.576e6
    hours = gpu_hours(run.flops, peak_flops_per_second=989e12, utilization=run.utilization)
    assert hours == pytest.approx(2.664e6, rel=1e-12)


def test_refusals() -> None:
    """An empty context, an encoder with a decoder and impossible rates are refused."""
    with pytest.raises(ValueError, match=r"`context` \(=0\)"):
        flops_per_token("gpt2", context=0)
    with pytest.raises(ValueError, match="encoder and a decoder"):
        flops_per_token("bart-large", context=8)
    with pytest.raises(ValueError, match=r"`utilization` \(=1.5\)"):
        gpu_hours(1, peak_flops_per_second=1, utilization=1.5)
    with pytest.raises(ValueError, match=r"`peak_flops_per_second` \(=0\)"):
        gpu_hours(1, peak_flops_per_second=0, utilization=0.5)
    with pytest.raises(ValueError, match=r"`hours` \(=-1\)"):
        training_cost(-1, price_per_hour=2)
