"""Checks of `snippets/tiny_gpt/other_lengths.py`."""

import runpy
from itertools import pairwise, product
from pathlib import Path

from explainer.gpt import GPTConfig, generate, letters_of, tokens_of, trained_gpt

SNIPPET = Path(__file__).parents[3] / "snippets" / "tiny_gpt" / "other_lengths.py"


def test_count_is_that_of_python() -> None:
    """All 243 inputs of five letters are tried, and as many are right as `sorted` says."""
    run = runpy.run_path(str(SNIPPET))
    assert set(run["shown"]) == {"".join(word) for word in product("ABC", repeat=5)}
    config, params = GPTConfig(), trained_gpt()
    right = 0
    for word in list(run["shown"])[::27]:
        said = letters_of(generate(params, tokens_of(word), config, num_tokens=5))
        assert run["shown"][word] == said
    for word, said in run["shown"].items():
        right += all(a <= b for a, b in pairwise(said)) and sorted(said) == sorted(word)
    assert run["right"] == right
