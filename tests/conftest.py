"""What holds for every test: strict JAX, and shapes that are checked."""

from __future__ import annotations

import os

# Before JAX starts. Eight simulated devices: sharded code is tested on them. The rest is how XLA
# makes code for them, not what it computes: most of the tests' time is compiling small programs.
os.environ.setdefault(
    "XLA_FLAGS",
    "--xla_force_host_platform_device_count=8 --xla_backend_optimization_level=2"
    " --xla_cpu_use_fusion_emitters=false",
)
os.environ.setdefault("JAX_PLATFORMS", "cpu")

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import jax
import pytest
from jaxtyping import install_import_hook

from tests.browser import chromium
from tests.javascript import node
from tests.spreadsheet import office

# Every shape in a signature of the library is enforced by the tests; the site has no shapes.
_PACKAGE = Path(find_spec("explainer").origin).parent  # type: ignore[union-attr, arg-type]
_TOPICS = {path.stem for path in _PACKAGE.iterdir()} - {"__init__", "__pycache__", "site", "cli"}
install_import_hook([f"explainer.{topic}" for topic in sorted(_TOPICS)], "beartype.beartype")


@pytest.fixture(autouse=True)
def _strict_promotion() -> Iterator[None]:
    """Refuse implicit rank and dtype promotion, as the library's readers copy its code."""
    with jax.numpy_rank_promotion("raise"), jax.numpy_dtype_promotion("strict"):
        yield


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """End well where the browser's tests were all that was asked for, and were left out."""
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and chromium.find() is None:
        session.exitstatus = pytest.ExitCode.OK


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say what was left out, and how to get it; here, as tests may run on several workers."""
    asked = config.args, config.invocation_params.dir
    for line in (*chromium.left_out(*asked), *node.left_out(*asked), *office.left_out(*asked)):
        terminalreporter.write_line(line, yellow=True)
