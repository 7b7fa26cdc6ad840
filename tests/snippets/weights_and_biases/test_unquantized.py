"""Checks of `snippets/weights_and_biases/unquantized.py`."""

import runpy
from pathlib import Path
from typing import Any

import pytest

from explainer.checkpoints import read, read_tensor
from explainer.models import path

SNIPPET = Path(__file__).parents[3] / "snippets" / "weights_and_biases" / "unquantized.py"


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_vectors_against_a_loop(run: dict[str, Any]) -> None:
    """One sentence's vector equals that of a plain NumPy loop in double precision."""
    import numpy as np
    from scipy.special import erf

    file = read(path("minilm"))
    p = {t.name: read_tensor(file, t.name).astype(np.float64) for t in file if t.parameters}

    def linear(name: str, x: Any) -> Any:
        return np.array([p[f"{name}.weight"] @ row + p[f"{name}.bias"] for row in x])

    def norm(name: str, x: Any) -> Any:
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
        return scaled * p[f"{name}.weight"] + p[f"{name}.bias"]

    ids = np.asarray(run["_tokens"].ids)[0][np.asarray(run["_tokens"].mask)[0]]
    e = "embeddings."
    x = p[e + "word_embeddings.weight"][ids] + p[e + "token_type_embeddings.weight"][0]
    x = norm(e + "LayerNorm", x + p[e + "position_embeddings.weight"][: len(ids)])
    for i in range(6):
        o = f"encoder.layer.{i}."
        q, k, v = (linear(f"{o}attention.self.{n}", x) for n in ("query", "key", "value"))
        mixed = np.zeros_like(x)
        for h in range(12):
            s = slice(32 * h, 32 * h + 32)
            weights = np.exp(q[:, s] @ k[:, s].T / np.sqrt(32))
            mixed[:, s] = weights / weights.sum(-1, keepdims=True) @ v[:, s]
        name = o + "attention.output."
        x = norm(name + "LayerNorm", x + linear(name + "dense", mixed))
        inner = linear(o + "intermediate.dense", x)
        inner = 0.5 * inner * (1 + erf(inner / np.sqrt(2)))
        x = norm(o + "output.LayerNorm", x + linear(o + "output.dense", inner))
    vector = x.mean(0) / np.linalg.norm(x.mean(0))
    assert np.abs(np.asarray(run["exact"])[0] - vector).max() < 1e-5


def test_saved_bytes(run: dict[str, Any]) -> None:
    """Savings follow from the counts of the file, less four bytes for each scale."""
    saved = {(row["part"], row["bits"]): row["saved"] for row in run["rows"]}
    rows = 30_522 + 512 + 2 + 6 * (4 * 384 + 1_536 + 384) + 384
    vectors = 2 + 6 * (4 + 2 + 2 * 2) + 1
    assert saved["weight", 8] == 22_682_112 * 3 - 4 * rows
    assert saved["biases-and-gains", 8] == (26_112 + 4_992) * 3 - 4 * vectors
    assert saved["biases-and-gains", 4] == (26_112 + 4_992) * 28 // 8 - 4 * vectors


def test_order(run: dict[str, Any]) -> None:
    """Four bits do more harm than eight, and nothing moves further than opposite vectors."""
    errors = {(row["part"], row["bits"]): row["error"] for row in run["rows"]}
    for part in ("weight", "biases-and-gains"):
        assert 0 < errors[part, 8] < errors[part, 4] < 2
    assert 0 < run["silenced"] < 2


def test_sixteen_bits(run: dict[str, Any]) -> None:
    """BF16, whose values are at most a 256th off, moves the vectors less than eight bits do."""
    eight = next(row for row in run["rows"] if row["part"] == "biases-and-gains")
    assert 0 < run["in_sixteen"] < eight["error"]


def test_rounding(run: dict[str, Any]) -> None:
    """No value moves by more than half a step of its row."""
    import numpy as np

    x = np.random.default_rng(0).normal(size=(5, 64)).astype(np.float32)
    step = np.abs(x).max(-1, keepdims=True) / 7
    assert (np.abs(np.asarray(run["rounded"](x, 4)) - x) <= step / 2 + 1e-6).all()
