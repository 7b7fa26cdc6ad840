"""Checks of `snippets/tiny_gpt/dogs.py`."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SNIPPET = Path(__file__).parents[3] / "snippets" / "tiny_gpt" / "dogs.py"

TRANSFORMERS = [
    (" friends", 0.7194238674),
    (" friend", 0.2327347107),
    (" enemies", 0.0058882356),
    (" companions", 0.0036034385),
    (" defenders", 0.0023286957),
]


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """Run the snippet once for all checks."""
    return runpy.run_path(str(SNIPPET))


def test_the_tokens_are_the_prompt(run: dict[str, Any]) -> None:
    """Five tokens, which put together are the prompt again."""
    assert run["tokens"] == ["Dogs", " are", " man", "'s", " best"]
    assert "".join(run["tokens"]) == run["prompt"]
    assert run["vocabulary"] == 49_152


def test_probabilities_are_probabilities(run: dict[str, Any]) -> None:
    """All tokens together get one; the guess is never less likely than what came."""
    np.testing.assert_allclose(run["total"], 1, atol=1e-5)
    assert len(run["guessed"]) == len(run["tokens"]) - 1
    for row in run["guessed"]:
        assert 0 < row["probability"] <= row["guess_probability"] < 1


def test_as_pytorch_has_it(run: dict[str, Any]) -> None:
    """The likeliest tokens and their probabilities are those of transformers 5.23 in float32.

    Made once with the same GGUF and the same five ids: `AutoModelForCausalLM.from_pretrained(...,
    gguf_file=...)`, torch 2.13.
    """
    assert [row["token"] for row in run["likeliest"]] == [token for token, _ in TRANSFORMERS]
    found = [row["probability"] for row in run["likeliest"]]
    np.testing.assert_allclose(found, [share for _, share in TRANSFORMERS], atol=1e-5)


def test_the_continuation_begins_with_the_likeliest(run: dict[str, Any]) -> None:
    """Its first token is the likeliest, with the same probability, and its last a full stop."""
    assert run["continued"][0]["token"] == run["likeliest"][0]["token"]
    first = run["continued"][0]["probability"]
    np.testing.assert_allclose(first, run["likeliest"][0]["probability"], atol=1e-4)
    assert run["continued"][-1]["token"] == "."
