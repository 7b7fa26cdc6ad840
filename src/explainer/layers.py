"""Parameters of a layer, by its closed form: what a count over its arrays must come to."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise


def linear_parameters(d_in: int, d_out: int, *, bias: bool = True) -> int:
    r"""Return the parameters of a linear layer, $d_\text{in} d_\text{out} + d_\text{out}$.

    Args:
        d_in: Inputs. The inputs themselves hold no parameters.
        d_out: Outputs; 1 for a single neuron.
        bias: Whether each output has a bias.

    Returns:
        Weights, and biases if any.

    Raises:
        ValueError: If a width is below 1.

    Examples:
        >>> linear_parameters(6, 1), linear_parameters(100, 500)
        (7, 50500)
    """
    _require_positive(d_in=d_in, d_out=d_out)
    return d_in * d_out + (d_out if bias else 0)


def mlp_parameters(widths: Sequence[int], *, bias: bool = True) -> int:
    r"""Return the parameters of a multilayer perceptron.

    $\sum_i (d_{i-1} d_i + d_i)$

    Args:
        widths: Width of the input, of each hidden layer and of the output, at least two.
        bias: Whether each neuron has a bias.

    Returns:
        The sum over its linear layers.

    Raises:
        ValueError: If there are fewer than two widths, or one is below 1.

    Examples:
        >>> mlp_parameters((100, 500, 10))
        55510
    """
    if len(widths) < 2:
        raise ValueError(f"`widths` (={tuple(widths)}) must name an input and an output")
    return sum(linear_parameters(d_in, d_out, bias=bias) for d_in, d_out in pairwise(widths))


def attention_parameters(
    d_model: int,
    num_heads: int,
    *,
    num_kv_heads: int | None = None,
    d_head: int | None = None,
    bias: bool = True,
) -> int:
    r"""Return the parameters of an attention layer: queries, keys, values and output.

    $DNH + 2DKH + NHD$, which is $4D^2$ when $K = N$ and $H = D/N$: the number of heads cancels.

    Args:
        d_model: $D$, width of the residual stream.
        num_heads: $N$, query heads.
        num_kv_heads: $K$, heads of keys and values; $N$ unless given (grouped-query attention).
        d_head: $H$, width of a head; $D/N$ unless given.
        bias: Whether the four projections have biases, $NH + 2KH + D$ more.

    Returns:
        The exact number of parameters.

    Raises:
        ValueError: If a size is below 1, or a division leaves a remainder.

    Examples:
        >>> attention_parameters(768, 12), attention_parameters(768, 1)
        (2362368, 2362368)

    References:
        Vaswani et al. 2017, Attention Is All You Need, section 3.2.2. Ainslie et al. 2023, GQA.
    """
    kv_heads = num_heads if num_kv_heads is None else num_kv_heads
    _require_positive(d_model=d_model, num_heads=num_heads, num_kv_heads=kv_heads)
    if num_heads % kv_heads:
        raise ValueError(
            f"`num_heads` (={num_heads}) must be divisible by `num_kv_heads` (={kv_heads})"
        )
    if d_head is None:
        if d_model % num_heads:
            raise ValueError(
                f"`d_model` (={d_model}) must be divisible by `num_heads` (={num_heads}); "
                "give `d_head` where it is not"
            )
        d_head = d_model // num_heads
    queries = linear_parameters(d_model, num_heads * d_head, bias=bias)
    keys = linear_parameters(d_model, kv_heads * d_head, bias=bias)
    output = linear_parameters(num_heads * d_head, d_model, bias=bias)
    return queries + 2 * keys + output


def feed_forward_parameters(d_model: int, d_ff: int, *, gated: bool, bias: bool = True) -> int:
    r"""Return the parameters of a feed-forward layer, $2DF$, or $3DF$ when it is gated.

    Args:
        d_model: $D$, width of the residual stream.
        d_ff: $F$, hidden width.
        gated: Whether a third matrix gates the hidden units, as in SwiGLU and GeGLU.
        bias: Whether its matrices have biases, $F + D$ more, or $2F + D$ when gated.

    Returns:
        The exact number of parameters.

    Raises:
        ValueError: If a width is below 1.

    Examples:
        >>> feed_forward_parameters(4096, 11008, gated=True, bias=False)
        135266304

    References:
        Shazeer 2020, GLU Variants Improve Transformer.
    """
    hidden = linear_parameters(d_model, d_ff, bias=bias)
    return hidden * (2 if gated else 1) + linear_parameters(d_ff, d_model, bias=bias)


def embedding_parameters(vocab_size: int, d_model: int) -> int:
    """Return the parameters of an embedding table, $VD$: one vector of width $D$ per entry.

    Args:
        vocab_size: $V$, entries: tokens, or positions where those are learned.
        d_model: $D$, width of a vector.

    Returns:
        The exact number of parameters. A tied head adds none; an untied one as many again.

    Raises:
        ValueError: If a size is below 1.

    Examples:
        >>> embedding_parameters(50257, 768)
        38597376
    """
    _require_positive(vocab_size=vocab_size, d_model=d_model)
    return vocab_size * d_model


def norm_parameters(d_model: int, *, bias: bool = True) -> int:
    """Return the parameters of a norm: a gain per channel, and a bias per channel in LayerNorm.

    Args:
        d_model: $D$, width of what is normalised.
        bias: True for LayerNorm, $2D$; False for RMSNorm, $D$.

    Returns:
        The exact number of parameters.

    Raises:
        ValueError: If `d_model` is below 1.

    Examples:
        >>> norm_parameters(768), norm_parameters(4096, bias=False)
        (1536, 4096)
    """
    _require_positive(d_model=d_model)
    return d_model * (2 if bias else 1)


def _require_positive(**sizes: int) -> None:
    """Refuse a size below 1, by its name."""
    for name, size in sizes.items():
        if size < 1:
            raise ValueError(f"`{name}` (={size}) must be at least 1")
