"""Which type llama.cpp gives a tensor in a mixture, before it looks whether the row divides.

Each function is one role: a table of what a mixture does with it, evaluated for one layer.
References: ggml-org/llama.cpp, src/llama-quant.cpp at commit 007dbbf.
"""

from __future__ import annotations

from explainer.memory.gguf_tensors import GGUFModel, GGUFTensor

MIXTURES: dict[str, str] = {
    **{"F32": "F32", "F16": "F16", "BF16": "BF16"},
    **{name: name for name in ("Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q1_0")},
    **{"Q2_K": "Q2_K", "Q2_K_S": "Q2_K"},
    **{"Q3_K_S": "Q3_K", "Q3_K_M": "Q3_K", "Q3_K_L": "Q3_K"},
    **{"Q4_K_S": "Q4_K", "Q4_K_M": "Q4_K", "Q5_K_S": "Q5_K", "Q5_K_M": "Q5_K", "Q6_K": "Q6_K"},
    **{"IQ1_S": "IQ1_S", "IQ1_M": "IQ1_M", "IQ2_XXS": "IQ2_XXS", "IQ2_XS": "IQ2_XS"},
    **{"IQ2_S": "IQ2_XS", "IQ2_M": "IQ2_S", "IQ3_XXS": "IQ3_XXS", "IQ3_XS": "IQ3_S"},
    **{"IQ3_S": "IQ3_S", "IQ3_M": "IQ3_S", "IQ4_NL": "IQ4_NL", "IQ4_XS": "IQ4_XS"},
    **{"TQ1_0": "TQ1_0", "TQ2_0": "TQ2_0", "MXFP4_MOE": "MXFP4", "NVFP4": "NVFP4"},
}
"""Every mixture with the type that most of its matrices get."""

_LOW = ("IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ2_M")
NEEDS_IMATRIX = (*_LOW, "IQ3_XXS", "Q2_K_S")
"""Mixtures that llama.cpp does not make without an importance matrix."""

_EMBEDDING = {
    **dict.fromkeys(("IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS"), "Q2_K"),
    **dict.fromkeys(("IQ2_S", "IQ2_M", "IQ3_XXS"), "IQ3_S"),
    **dict.fromkeys(("TQ1_0", "TQ2_0"), "Q4_K"),
}
_EIGHT_EXPERTS_OUTPUT = (
    *("Q2_K", "IQ3_XS", "IQ3_XXS", "Q3_K_S", "Q3_K_M", "IQ4_NL", "Q4_K_S", "Q4_K_M"),
    *("IQ3_S", "IQ3_M", "IQ4_XS"),
)


def more_bits(layer: int, num_layers: int) -> bool:
    """Return whether the mixtures called M spend more on a layer.

    Args:
        layer: Number of the layer, from 0.
        num_layers: How many there are.

    Returns:
        True for the first eighth, the last eighth, and every third between.

    Examples:
        >>> "".join("x" if more_bits(i, 32) else "." for i in range(32))
        'xxxx..x..x..x..x..x..x..x..xxxxx'
    """
    eighth = num_layers // 8
    middle = eighth <= layer < 7 * num_layers // 8
    return not middle or (layer - eighth) % 3 == 2


def chosen_type(
    tensor: GGUFTensor,
    layer: int,
    model: GGUFModel,
    mixture: str,
    *,
    imatrix: bool,
    narrow: bool,
) -> str:
    """Return the type that a mixture wants for a tensor.

    Args:
        tensor: One that is quantized at all.
        layer: Its layer, from 0; 0 outside the layers.
        model: What the rules look at.
        mixture: A key of `MIXTURES`.
        imatrix: Whether an importance matrix is at hand.
        narrow: Whether its row does not divide into blocks of the mixture's base type.

    Returns:
        The name of a GGUF type.
    """
    base, role = MIXTURES[mixture], tensor.role
    if role == "head" or (role == "embedding" and not model.has_head):
        return _head(mixture, base, narrow)
    if mixture == "MXFP4_MOE":
        return "MXFP4" if tensor.stacked else "Q8_0"
    if role == "embedding":
        return _EMBEDDING.get(mixture, base)
    if mixture in _LOW:
        return _low(role, mixture, layer, model)
    if role in ("value", "query_key_value"):
        return _value(mixture, layer, model, imatrix)
    if role in ("query", "key"):
        if role == "key" and model.num_experts == 8:
            return "Q8_0"
        return {"IQ3_XS": "IQ3_XXS", "IQ3_XXS": "IQ2_S"}.get(mixture, base)
    if role == "down":
        return _down(mixture, layer, model, imatrix)
    if role == "attention_output":
        return _attention_output(mixture, model)
    if role in ("gate", "up") and mixture == "IQ3_XS":
        L = model.num_layers
        return "IQ3_XXS" if L // 8 <= layer < 7 * L // 8 else base
    return base


def _head(mixture: str, base: str, narrow: bool) -> str:
    """Return the type of the output matrix, or of the table that serves as one."""
    if mixture == "MXFP4_MOE" or narrow or base == "Q8_0":
        return "Q8_0"
    return "Q5_K" if mixture in (*_LOW, "IQ3_XXS") else "Q6_K"


def _low(role: str, mixture: str, layer: int, model: GGUFModel) -> str:
    """Return the type in mixtures of under three bits."""
    base, finer = MIXTURES[mixture], "IQ3_S" if mixture in ("IQ2_S", "IQ2_M") else "Q2_K"
    if role in ("value", "query_key_value"):
        return "Q4_K" if model.queries_per_key >= 4 or model.num_experts >= 4 else finer
    if role == "key" and model.num_experts == 8:
        return "Q4_K"
    if role == "down" and layer < model.num_layers // 8:
        return finer
    if role == "attention_output":
        if model.num_experts == 8:
            return "Q5_K"
        return {**dict.fromkeys(("IQ1_S", "IQ1_M"), "IQ2_XXS"), "IQ2_S": finer, "IQ2_M": finer}.get(
            mixture, base
        )
    return base


def _value(mixture: str, layer: int, model: GGUFModel, imatrix: bool) -> str:
    """Return the type of the values, which suffer most and are small where heads share them."""
    base, grouped = MIXTURES[mixture], model.queries_per_key >= 4
    finer = "Q6_K" if more_bits(layer, model.num_layers) else base
    found = {
        "Q2_K": "Q4_K" if grouped else "Q3_K",
        **dict.fromkeys(("Q2_K_S", "IQ3_XS", "IQ3_S"), "Q4_K" if grouped else base),
        "IQ3_XXS": "Q4_K" if grouped else base if imatrix else "IQ3_S",
        "IQ3_M": "Q4_K",
        "Q3_K_M": "Q5_K" if layer < 2 else "Q4_K",
        "Q3_K_L": "Q5_K",
        **dict.fromkeys(("IQ4_NL", "IQ4_XS"), "Q5_K" if grouped else base),
        **dict.fromkeys(("Q4_K_M", "Q5_K_M"), finer),
        "Q4_K_S": "Q5_K" if layer < 4 else base,
    }.get(mixture, base)
    if model.num_experts == 8:
        return "Q8_0"
    return "Q5_K" if model.is_70b and found in ("Q3_K", "Q4_K") else found


def _down(mixture: str, layer: int, model: GGUFModel, imatrix: bool) -> str:
    """Return the type of the matrix that leads out of the feed-forward layer."""
    base, L = MIXTURES[mixture], model.num_layers
    first, more = layer < L // 8, more_bits(layer, L)
    some = first or (model.num_experts == 8 and more)
    return {
        "Q2_K": "Q3_K",
        "Q2_K_S": "Q4_K" if first else base,
        "IQ3_XXS": base if imatrix else "Q4_K" if first else "Q3_K",
        "Q3_K_M": "Q5_K" if layer < L // 16 else "Q4_K",
        "IQ3_M": "Q4_K" if some else base,
        "Q3_K_L": "Q5_K",
        **dict.fromkeys(("Q4_K_M", "Q5_K_M"), "Q6_K" if more else base),
        **dict.fromkeys(("IQ4_NL", "IQ4_XS"), "Q5_K" if first and not imatrix else base),
        "Q4_K_S": "Q5_K" if first else base,
        "Q4_0": "Q4_1" if first and imatrix else base,
        "Q5_0": "Q5_1" if first and imatrix else base,
    }.get(mixture, base)


def _attention_output(mixture: str, model: GGUFModel) -> str:
    """Return the type of the matrix that leads out of attention."""
    base = MIXTURES[mixture]
    if model.num_experts == 8:
        return "Q5_K" if mixture in _EIGHT_EXPERTS_OUTPUT else base
    return {
        "Q2_K": "Q3_K",
        "IQ3_XXS": "IQ3_S",
        "Q3_K_M": "Q4_K",
        "Q3_K_L": "Q5_K",
        "IQ3_M": "Q4_K",
    }.get(mixture, base)
