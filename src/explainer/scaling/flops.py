r"""How many operations a token costs, by where they are spent; and the rule of six.

A weight that takes part in a matrix product costs one multiplication and one addition for each
token: 2 operations forward. Backward costs twice that, one product for the gradient of the input
and one for that of the weight. Hence $C \approx 6 N D$. The rule counts embedding rows, which are
looked up, not multiplied, and leaves out attention over the context, which has no weights.
"""

from __future__ import annotations

from dataclasses import dataclass

from explainer.architectures.bart import BART
from explainer.architectures.bert import BERT
from explainer.architectures.decoder import LatentAttention
from explainer.architectures.gpt2 import GPT2
from explainer.architectures.models import Source, architecture, read_config
from explainer.architectures.reading import Sizes, read_sizes

_BACKWARD = 2  # times the forward pass


@dataclass(frozen=True)
class FlopsPerToken:
    """Forward operations for one token, a mean over the positions of a full context.

    Args:
        components: 2 for each weight in a matrix product, by component; the `head` is there
            whether or not it is tied to the embedding.
        context: Scores and weighted sums of attention, which no parameter accounts for.
    """

    components: dict[str, int]
    context: int | float

    @property
    def forward(self) -> float:
        """Return all of them."""
        return sum(self.components.values()) + self.context

    @property
    def training(self) -> float:
        """Return forward and backward, three times the forward pass."""
        return (1 + _BACKWARD) * self.forward

    @property
    def multiplied_weights(self) -> int:
        """Return the weights that one token is multiplied by: half the weights' operations."""
        return sum(self.components.values()) // 2


def six_nd(num_parameters: int | float, num_tokens: int | float) -> float:
    """Return $6 N D$, the usual estimate of training's operations.

    Args:
        num_parameters: $N$; of a mixture of experts, the active ones.
        num_tokens: $D$.

    Examples:
        >>> f"{six_nd(174_604_259_328, 300e9):.3e}"
        '3.143e+23'

    References:
        Kaplan et al. 2020, Scaling laws for neural language models, section 2.1, where $N$ leaves
        out the embeddings; Hoffmann et al. 2022 count them.
    """
    return float(6 * num_parameters * num_tokens)


def flops_per_token(source: Source, *, context: int, causal: bool = True) -> FlopsPerToken:
    r"""Return the exact operations of a model's matrix products, for one token.

    $2 \sum |W| + 2 L N (H_{qk} + H_v) \bar T$ with $\bar T = (T + 1) / 2$ where a token sees only
    what stands before it and itself, $T$ where everything is computed and half of it masked.

    Not counted: norms, activations, softmax, biases and rotations, which are no matrix products
    and together well under one percent in large models. Sliding windows are not allowed for.

    Args:
        source: A known name, the path of a `config.json`, or its object.
        context: $T$, tokens of a training sequence, at least 1.
        causal: Whether masked scores are left out, as a good kernel does.

    Returns:
        Forward operations.

    Raises:
        ValueError: If `context` is below 1, or the model has an encoder and a decoder.
        UnknownModelError: If a name is not known.

    Examples:
        >>> flops_per_token("gpt2", context=1024).multiplied_weights  # 12 layers of 12 D^2, head
        123532032
    """
    if context < 1:
        raise ValueError(f"`context` (={context}) must be at least 1")
    sizes = read_sizes(read_config(source))
    if isinstance(sizes, BART):
        raise ValueError(
            "`source` is a model with an encoder and a decoder; what a token costs there depends "
            "on both lengths, so count its two halves as models of their own"
        )
    model = architecture(source)
    components: dict[str, int] = {}
    for tensor in model.parameters:
        # A matrix product needs two axes; embedding tables are indexed instead.
        if tensor.kind == "weights" and len(tensor.shape) > 1 and tensor.component != "embedding":
            size = 2 * tensor.active_size
            components[tensor.component] = components.get(tensor.component, 0) + size
    if model.tied:
        components["head"] = 2 * sizes.vocab_size * sizes.d_model
    seen = (context + 1) / 2 if causal else float(context)
    return FlopsPerToken(components, 2 * _attention_width(sizes) * seen)


def _attention_width(sizes: Sizes) -> int:
    """Return what all heads of all layers multiply a pair of tokens by: scores, then values."""
    if isinstance(sizes, GPT2 | BERT):
        return sizes.num_layers * 2 * sizes.d_model
    assert not isinstance(sizes, BART)  # refused above
    heads = sizes.attention
    if isinstance(heads, LatentAttention):
        d_query = heads.d_nope + heads.d_rope
        return sizes.num_layers * heads.num_heads * (d_query + heads.d_value)
    return sizes.num_layers * heads.num_heads * 2 * heads.d_head
