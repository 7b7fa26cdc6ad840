"""What a tensor's name says: to which component it belongs, and what kind it is.

Names of Hugging Face's models, of the original releases where they differ, and of GGUF. A name
that matches no rule is `other`; nothing is guessed from the shape, with one exception named below.
"""

from __future__ import annotations

import re
from functools import lru_cache

_DIGITS = re.compile(r"\d+")

BUFFERS = re.compile(
    r"(^|\.)(position_ids|token_type_ids|inv_freq|masked_bias|num_batches_tracked|running_mean"
    r"|running_var|e_score_correction_bias|exp_probs_b(\.bias|\.weight)?|final_logits_bias"
    r"|rope_freqs\.weight|rope_factors_(long|short)\.weight|(cos|sin)_cached"
    r"|relative_position_index)$"
)
"""State that is stored but not learned by gradient: positions, tables, statistics."""

# GPT-2 and GPT-NeoX once stored their causal mask as `attn.bias`, of four dimensions.
_CAUSAL_MASK = re.compile(r"(^|\.)(attn|attention|self_attn)\.bias$")

_BIASES = re.compile(r"(^|[._])(bias|beta|sinks)$|(^|\.)attn_sinks(\.weight)?$")
_GAINS = re.compile(r"(^|\.)(gamma|layer_?scale\w*)$")

_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (component, re.compile(pattern, re.IGNORECASE))
    for component, pattern in (
        ("multi_token_prediction", r"(^|\.)(mtp|nextn)\."),
        ("other", r"(^|\.)(vision\w*|visual|audio\w*|multi_modal_projector)\.|^(v|mm)\."),
        # The module, which is the last part but one, is a normalisation: q_norm, ln_1, LayerNorm,
        # or one of a numbered list of them, such as StableLM's of every head.
        (
            "norm",
            r"(^|\.|_)(\w*norm\w*|ln|ln_\w+|\w+_ln)(\.0)?(\.(weight|bias|scale|gamma|beta))?$",
        ),
        ("router", r"(^|\.)(router\w*|e_score_correction_bias|ffn_gate_inp\w*|exp_probs_b)(\.|$)"),
        ("router", r"(mlp|moe|block_sparse_moe|ffn|feed_forward)\.(shared_expert_)?gate(\.\w+)?$"),
        ("shared_experts", r"shared_expert|_shexp(\.|$)"),
        ("experts", r"(^|\.)experts(\.|_|$)|_exps(\.|$)|mlp\.mlp0_(weight|bias)"),
        ("experts", r"ffn_(gate|up|down)\.0\."),
        (
            "embedding",
            r"(^|\.)(wte|wpe|shared|embed_\w+|token_embd|position_embd|token_types|embeddings?"
            r"|\w+_embeddings?|\w+_token_embd)(\.|$)",
        ),
        (
            "head",
            r"(^|\.)(lm_head|embed_out|unembedding|score|classifier|cls|qa_outputs"
            r"|final_logits_bias|vocab_(transform|projector)|pooler|head)(\.|$)|^output(\.|$)",
        ),
        (
            "attention",
            r"attn|attention|(^|\.)([qkvo]_proj|w[qkvo]|qkv(_proj)?|sinks)(\.|$)",
        ),
        (
            "feed_forward",
            r"(^|\.)(mlp|ffn\w*|feed_forward|intermediate|fc0|w0|lin0|output"
            r"|(gate|up|down|gate_up)_proj|\w*dense\w*)(\.|$)",
        ),
    )
)
# Names of the embedding that the list above would take for another thing.
_EMBEDDING_OUT = re.compile(r"(^|\.)embed_out(\.|$)")


@lru_cache(maxsize=65_536)
def _component_of_pattern(pattern: str) -> str:
    """Return the component of a name whose numbers are all written `0`."""
    if _EMBEDDING_OUT.search(pattern):
        return "head"
    for component, rule in _RULES:
        if rule.search(pattern):
            return component
    return "other"


def component_of(name: str, extra_layers: frozenset[str] = frozenset()) -> str:
    """Return the component that a tensor's name belongs to.

    Args:
        name: As the file writes it.
        extra_layers: Prefixes of layers that serve multi-token prediction, from `extra_layers_of`.

    Returns:
        One of `COMPONENTS`, the same as `explainer.architectures` gives. Shared experts, which
        work for every token, stand apart; BERT's pooler is `head`, and vision towers are `other`.

    Examples:
        >>> component_of("model.layers.3.mlp.experts.17.up_proj.weight")
        'experts'
        >>> component_of("blk.3.attn_q_norm.weight")
        'norm'
    """
    if extra_layers and layer_prefix(name) in extra_layers:
        return "multi_token_prediction"
    return _component_of_pattern(_DIGITS.sub("0", name))


@lru_cache(maxsize=65_536)
def _kind_of_pattern(pattern: str, dimensions: int) -> str:
    if BUFFERS.search(pattern) or (dimensions == 4 and _CAUSAL_MASK.search(pattern)):
        return "buffers"
    if _BIASES.search(pattern):
        return "biases"
    if _GAINS.search(pattern) or _component_of_pattern(pattern) == "norm":
        return "gains"
    return "weights"


def kind_of(name: str, dimensions: int) -> str:
    """Return what kind of tensor a name states.

    Args:
        name: As the file writes it.
        dimensions: Length of its shape; tells GPT-2's stored causal mask from a bias.

    Returns:
        `weights`, `biases`, `gains` (of a normalisation) or `buffers`. The attention sinks of
        gpt-oss, which are added to logits, are biases.

    Examples:
        >>> kind_of("blk.0.attn_norm.weight", 1), kind_of("h.0.attn.c_attn.bias", 1)
        ('gains', 'biases')
    """
    return _kind_of_pattern(_DIGITS.sub("0", name), dimensions)


_LAYER = re.compile(r"^(.*?(?:layers|blk|block|h)\.\d+\.)")


def layer_prefix(name: str) -> str:
    """Return the part of a name up to and with its layer's number; empty where it has none.

    Examples:
        >>> layer_prefix("model.layers.61.eh_proj.weight")
        'model.layers.61.'
    """
    match = _LAYER.match(name)
    return match.group(1) if match else ""


def extra_layers_of(names: list[str]) -> frozenset[str]:
    """Return the layers that serve multi-token prediction: those that hold an `eh_proj`.

    DeepSeek-V3 stores its module as one more layer, number 61 after 0 to 60, with its own copies
    of the embedding and the head.

    Examples:
        >>> sorted(extra_layers_of(["blk.1.attn_q.weight", "blk.2.nextn.eh_proj.weight"]))
        ['blk.2.']
    """
    return frozenset(layer_prefix(name) for name in names if ".eh_proj." in name) - {""}
