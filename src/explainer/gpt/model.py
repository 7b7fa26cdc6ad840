r"""A GPT small enough to be seen whole, as a plain pytree of arrays.

| parameter | shape | parameter | shape |
| --- | --- | --- | --- |
| `token_embedding` | `[V D]` | `blocks/ln_mlp/gain`, `bias` | `[L D]` |
| `position_embedding` | `[T D]` | `blocks/up/weight`, `bias` | `[L F D]`, `[L F]` |
| `blocks/ln_attention/gain`, `bias` | `[L D]` | `blocks/down/weight`, `bias` | `[L D F]`, `[L D]` |
| `blocks/qkv/weight`, `bias` | `[L 3D D]`, `[L 3D]` | `ln_final/gain`, `bias` | `[D]` |
| `blocks/projection/weight`, `bias` | `[L D D]`, `[L D]` | | |

The layers are stacked, so that one `lax.scan` runs them all. A weight is `[d_out, d_in]`. Rows of
`qkv` are queries, keys, values, and within each of them head after head. The head that turns
vectors into logits is tied: it is `token_embedding` once more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float, Int

Params = dict[str, Any]
Tokens = Int[Array | np.ndarray, " T"]

EPSILON = 1e-5  # of LayerNorm, as in GPT-2
_DEVIATION = 0.02  # of GPT-2's first weights


@jax.tree_util.register_static
@dataclass(frozen=True)
class GPTConfig:
    """The sizes of a GPT; the defaults are those of the model that sorts letters.

    Args:
        num_layers: $L$.
        num_heads: $N$, attention heads of a layer.
        d_model: $D$, width of the residual stream, a multiple of `num_heads`.
        context_length: The most tokens that it can see. Six letters and the first five of the
            answer make 11.
        vocab_size: $V$, tokens that it knows.

    Raises:
        ValueError: If a size is below 1, or the heads do not divide the width.

    Examples:
        >>> GPTConfig().d_head, GPTConfig().d_ff
        (16, 192)
    """

    num_layers: int = 3
    num_heads: int = 3
    d_model: int = 48
    context_length: int = 11
    vocab_size: int = 3

    def __post_init__(self) -> None:
        """Refuse sizes that make no model."""
        for name, size in vars(self).items():
            if size < 1:
                raise ValueError(f"`{name}` (={size}) must be at least 1")
        if self.d_model % self.num_heads:
            raise ValueError(
                f"`d_model` (={self.d_model}) must be divisible by `num_heads` (={self.num_heads})"
            )

    @property
    def d_head(self) -> int:
        """$H = D / N$, width of one head."""
        return self.d_model // self.num_heads

    @property
    def d_ff(self) -> int:
        """$F = 4D$, hidden width of the feed-forward network."""
        return 4 * self.d_model


def init_gpt(config: GPTConfig, *, key: Array) -> Params:
    r"""Draw the parameters as GPT-2 does.

    Weights and embeddings from $N(0, 0.02^2)$, those that write to the residual stream
    (`projection`, `down`) from $N(0, 0.02^2 / 2L)$; biases 0, gains 1.

    Args:
        config: Sizes.
        key: Random key.

    Returns:
        The tree of the module's table, in float32.

    Examples:
        >>> params = init_gpt(GPTConfig(), key=jax.random.key(0))
        >>> sum(leaf.size for leaf in jax.tree.leaves(params))
        85584

    References:
        Radford et al. 2019, Language Models are Unsupervised Multitask Learners, section 2.3.
        nanoGPT draws `projection` and `down` as here; OpenAI's code does not scale them.
    """
    L, D, F = config.num_layers, config.d_model, config.d_ff
    quiet = (2 * L) ** -0.5  # each layer adds twice to the residual stream
    shapes = {
        "token": (config.vocab_size, D),
        "position": (config.context_length, D),
        "qkv": (L, 3 * D, D),
        "projection": (L, D, D),
        "up": (L, F, D),
        "down": (L, D, F),
    }
    # All in one draw, which compiles faster than six.
    *ends, total = accumulate(map(math.prod, shapes.values()))
    numbers = jnp.split(_DEVIATION * jax.random.normal(key, (total,), jnp.float32), ends)
    drawn = {
        name: part.reshape(shape)
        for (name, shape), part in zip(shapes.items(), numbers, strict=True)
    }

    def norm(*shape: int) -> Params:
        return {"gain": jnp.ones(shape), "bias": jnp.zeros(shape)}

    return {
        "token_embedding": drawn["token"],
        "position_embedding": drawn["position"],
        "blocks": {
            "ln_attention": norm(L, D),
            "qkv": {"weight": drawn["qkv"], "bias": jnp.zeros((L, 3 * D))},
            "projection": {"weight": quiet * drawn["projection"], "bias": jnp.zeros((L, D))},
            "ln_mlp": norm(L, D),
            "up": {"weight": drawn["up"], "bias": jnp.zeros((L, F))},
            "down": {"weight": quiet * drawn["down"], "bias": jnp.zeros((L, D))},
        },
        "ln_final": norm(D),
    }


def apply_gpt(params: Params, tokens: Tokens, config: GPTConfig) -> Float[Array, "T V"]:
    """Run the model on one text; for several of one length, `jax.vmap` it over `tokens`.

    Args:
        params: Parameters, from `init_gpt` or `trained_gpt`.
        tokens: Token ids, 0 to V - 1, shape `[T]`; at most `context_length`.
        config: Sizes.

    Returns:
        Logits, shape `[T V]`: row t says what follows after the tokens 0 to t.

    Raises:
        ValueError: If there are more tokens than the context holds.

    Examples:
        >>> config = GPTConfig()
        >>> params = init_gpt(config, key=jax.random.key(0))
        >>> apply_gpt(params, jnp.array([2, 1, 0]), config).shape
        (3, 3)
    """
    x = _embed(params, tokens, config)["residual"]
    x = jax.lax.scan(
        lambda x, block: (_block(x, block, config)["residual"], None), x, params["blocks"]
    )[0]
    return _logits(params, x)["logits"]


def trace_gpt(params: Params, tokens: Tokens, config: GPTConfig) -> dict[str, Any]:
    r"""Run the model on one text and keep every vector on the way.

    | name | shape | is |
    | --- | --- | --- |
    | `token`, `position` | `[T D]` | rows picked from the two embeddings |
    | `residual` | `[T D]` | their sum, which enters the first layer |
    | `blocks` | | a dictionary of what each layer computes, stacked over layers: |
    | - `ln_attention` | `[L T D]` | normalised residual stream |
    | - `query`, `key`, `value` | `[L N T H]` | of each head |
    | - `scores` | `[L N T T]` | $q \cdot k / \sqrt H$, before the mask |
    | - `attention` | `[L N T T]` | after mask and softmax; rows sum to 1 |
    | - `mix` | `[L T D]` | the values so mixed, heads side by side |
    | - `projection`, `residual_attention` | `[L T D]` | and added to the stream |
    | - `ln_mlp` | `[L T D]` | normalised again |
    | - `up`, `gelu` | `[L T F]` | hidden units before and after GELU |
    | - `down`, `residual` | `[L T D]` | and added to the stream |
    | `ln_final` | `[T D]` | the stream, normalised |
    | `logits`, `probabilities` | `[T V]` | of the next token |

    Args:
        params: Parameters.
        tokens: Token ids, shape `[T]`.
        config: Sizes.

    Returns:
        The dictionary of the table.

    Raises:
        ValueError: If there are more tokens than the context holds.

    References:
        Radford et al. 2019, section 2.3 (normalisation before each part and at the end).
        Hendrycks and Gimpel 2016, Gaussian Error Linear Units, section 2 (the tanh form).
    """
    embedded = _embed(params, tokens, config)

    def step(x: Array, block: Params) -> tuple[Array, dict[str, Array]]:
        seen = _block(x, block, config)
        return seen["residual"], seen

    x, blocks = jax.lax.scan(step, embedded["residual"], params["blocks"])
    return {**embedded, "blocks": blocks, **_logits(params, x)}


def _embed(params: Params, tokens: Tokens, config: GPTConfig) -> dict[str, Array]:
    T = len(tokens)
    if T > config.context_length:
        raise ValueError(
            f"`tokens` (={T} of them) must be at most `context_length` (={config.context_length})"
        )
    token = params["token_embedding"][jnp.asarray(tokens)]  # [T D]
    position = params["position_embedding"][:T]  # [T D]
    return {"token": token, "position": position, "residual": token + position}


def _block(x: Array, block: Params, config: GPTConfig) -> dict[str, Array]:
    """Return all that one layer computes from the residual stream `x`, shape `[T D]`."""
    T, D = x.shape
    ln_attention = _layer_norm(x, block["ln_attention"])
    qkv = _linear(ln_attention, block["qkv"]).reshape(T, 3, config.num_heads, config.d_head)
    query, key, value = qkv.transpose(1, 2, 0, 3)  # each [N T H]
    scores = jnp.einsum("nth,nsh->nts", query, key) / config.d_head**0.5
    past = jnp.tril(jnp.ones((1, T, T), bool))
    attention = jax.nn.softmax(jnp.where(past, scores, -jnp.inf))  # [N T T]
    mix = jnp.einsum("nts,nsh->tnh", attention, value).reshape(T, D)
    projection = _linear(mix, block["projection"])
    residual_attention = x + projection
    ln_mlp = _layer_norm(residual_attention, block["ln_mlp"])
    up = _linear(ln_mlp, block["up"])  # [T F]
    gelu = jax.nn.gelu(up, approximate=True)
    down = _linear(gelu, block["down"])
    return {
        "ln_attention": ln_attention,
        "query": query,
        "key": key,
        "value": value,
        "scores": scores,
        "attention": attention,
        "mix": mix,
        "projection": projection,
        "residual_attention": residual_attention,
        "ln_mlp": ln_mlp,
        "up": up,
        "gelu": gelu,
        "down": down,
        "residual": residual_attention + down,
    }


def _logits(params: Params, x: Array) -> dict[str, Array]:
    ln_final = _layer_norm(x, params["ln_final"])
    logits = jnp.einsum("td,vd->tv", ln_final, params["token_embedding"])  # the tied head
    return {"ln_final": ln_final, "logits": logits, "probabilities": jax.nn.softmax(logits)}


def _linear(x: Array, layer: Params) -> Array:
    out: Array = jnp.einsum("ti,oi->to", x, layer["weight"]) + layer["bias"][None, :]
    return out


def _layer_norm(x: Array, norm: Params) -> Array:
    x = x - x.mean(-1, keepdims=True)
    x = x / jnp.sqrt((x**2).mean(-1, keepdims=True) + EPSILON)
    out: Array = norm["gain"][None, :] * x + norm["bias"][None, :]
    return out
