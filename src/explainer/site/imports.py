"""What a snippet imports, read without running it."""

from __future__ import annotations

import ast
import functools
import sys
from collections.abc import Iterator

from explainer.site.snippets import Snippet


def needs(snippet: Snippet) -> tuple[str, ...]:
    r"""Return what a snippet imports beside the standard library, in order and each once.

    Examples:
        >>> from pathlib import Path
        >>> from explainer.site import snippets
        >>> text = "# %% a\nimport math\nimport jax.numpy as jnp\nfrom explainer import gpt\n"
        >>> needs(snippets.parse(text, path=Path("a.py"), shown="a.py", id="a/b"))
        ('jax', 'explainer.gpt')
    """
    return _needs(snippet.text)


@functools.lru_cache(maxsize=1024)
def _needs(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_imported(ast.parse(text))))


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "explainer":
            names = [f"explainer.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        for name in names:
            first = name.split(".")[0]
            if first == "explainer":
                yield name
            elif first not in sys.stdlib_module_names:
                yield first
