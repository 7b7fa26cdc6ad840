"""Checks of `snippets/vectors/shares.py`."""

import runpy
from pathlib import Path

SNIPPET = Path(__file__).parents[3] / "snippets" / "vectors" / "shares.py"


def test_parts_are_those_of_the_library_file() -> None:
    """The safetensors library counts the same, by the tensors' names."""
    from safetensors import safe_open

    from explainer.models import path

    run = runpy.run_path(str(SNIPPET))
    sizes: dict[str, int] = {}
    with safe_open(path("minilm"), "np") as file:
        for name in file.keys():
            shape = file.get_slice(name).get_shape()
            sizes[name] = shape[0] * (shape[1] if len(shape) > 1 else 1)
    norms = sum(size for name, size in sizes.items() if "LayerNorm" in name)
    layers = sum(size for name, size in sizes.items() if ".layer." in name and "Norm" not in name)
    attention = sum(size for name, size in sizes.items() if ".attention." in name)
    attention -= sum(size for name, size in sizes.items() if ".attention.output.LayerNorm" in name)
    assert dict(run["parts"]) == {
        "token-embedding": sizes["embeddings.word_embeddings.weight"],
        "position-embedding": (512 + 2) * 384,
        "feed-forward": layers - attention,
        "attention": attention,
        "pooler": 384 * 385,
        "normalization": norms,
    }
    assert sum(dict(run["parts"]).values()) == 22_713_216
    assert round(run["share"], 4) == 0.5160
