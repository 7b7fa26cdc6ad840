"""Networks as the library runs them, gradients by JAX, steps by optax; in double precision."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from explainer.network import Layer, apply_mlp
from explainer.parameters import mlp_parameters
from tests.javascript.bits import hex64

SIZES = ((2, 1), (2, 1, 1), (2, 3, 1), (2, 8, 1), (2, 4, 2, 1), (2, 8, 8, 8, 1))
STEPS = 20


def network_cases() -> list[dict[str, Any]]:
    """Return parameters, points, losses, gradients, and where each rule leads."""
    with jax.enable_x64(True):
        return [_case(widths, np.random.default_rng(seed)) for seed, widths in enumerate(SIZES)]


def _case(widths: tuple[int, ...], rng: np.random.Generator) -> dict[str, Any]:
    params = tuple(
        Layer(jnp.asarray(rng.normal(size=(d_out, d_in))), jnp.asarray(rng.normal(size=d_out)))
        for d_in, d_out in pairwise(widths)
    )
    points = rng.uniform(-1, 1, (30, 2))
    labels = (rng.random(30) < 0.5).astype(float)
    value = jax.jit(jax.value_and_grad(lambda tree: _loss(tree, points, labels)))
    loss, gradient = value(params)
    logits = _logits(params, points)
    found = {"params": _flat(params), "points": points, "logits": logits, "loss": loss}
    found["gradient"] = _flat(gradient)
    for name, rule in (("adam", optax.adam(0.05)), ("sgd", optax.sgd(0.5))):
        found[name] = _flat(_trained(params, value, rule))
    right = int(((np.asarray(logits) > 0) == (labels > 0)).sum())
    whole = {"widths": widths, "labels": labels.astype(int).tolist(), "right": right}
    whole["count"] = mlp_parameters(widths)
    return {name: hex64(one) for name, one in found.items()} | whole


def _logits(params: Any, points: Any) -> Any:
    return apply_mlp(params, jnp.asarray(points), activation=jnp.tanh)[..., 0]


def _loss(params: Any, points: Any, labels: Any) -> Any:
    return optax.sigmoid_binary_cross_entropy(_logits(params, points), jnp.asarray(labels)).mean()


def _trained(params: Any, value: Any, rule: optax.GradientTransformation) -> Any:
    state = rule.init(params)
    for _ in range(STEPS):
        with jax.numpy_dtype_promotion("standard"):
            updates, state = rule.update(value(params)[1], state, params)
        params = optax.apply_updates(params, updates)
    return params


def _flat(params: Any) -> Any:
    return np.concatenate([np.ravel(leaf) for leaf in jax.tree.leaves(params)])
