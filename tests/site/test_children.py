"""The processes of snippets: a fork keeps what a process of its own promises."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from explainer.site.children import Children, Forked, Spawned, start
from explainer.site.errors import Problem
from explainer.site.runs import Run, Store
from explainer.site.scheduler import Job, execute
from explainer.site.snippets import load

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks are for Linux")
JAX = (
    "# %% a\nimport jax\nimport jax.numpy as jnp\nfrom explainer.network import init_mlp\n"
    "net = init_mlp((3, 2), key=jax.random.key(0))\nsize = jnp.size(net[0].weight)\nprint(size)\n"
)
PLAIN = "# %% a\nimport json\nn = len(json.dumps([1, 2]))\n"
NUMPY = "# %% a\nimport numpy as np\nx = np.arange(3)\n"
DIGITS = "# %% a\nfrom sklearn.datasets import load_digits\nn = len(load_digits().target)\n"
LATE = (
    "# %% a\nfrom importlib import import_module\nx = float(import_module('optax').__name__ > '')\n"
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project's root."""
    return tmp_path_factory.mktemp("project")


@pytest.fixture(scope="module")
def forked(root: Path) -> Iterator[Forked]:
    """Yield a server with all that it preloads."""
    children = Forked(root)
    yield children
    children.end()


def outcome(root: Path, text: str, children: Children) -> Run | Problem:
    """Write and run a snippet."""
    path = root / "snippets" / "x" / "line.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return execute(Store(root), Job(load(path, root=root), "line.py"), children)


def record(root: Path, run: Run | Problem) -> dict[str, object]:
    """Return what is stored of a run, but for times."""
    assert isinstance(run, Run), run
    stored = json.loads((root / f".explainer/runs/x/line/{run.key}.json").read_text())
    return {k: v for k, v in stored.items() if k not in ("seconds", "cpu_seconds", "finished")}


@pytest.mark.parametrize("text", [JAX, PLAIN, NUMPY, DIGITS, LATE])
def test_a_fork_gives_what_a_new_process_gives(root: Path, forked: Forked, text: str) -> None:
    """Values, output, key, packages and files are those of a new interpreter."""
    spawned = record(root, outcome(root, text, Spawned(root)))
    assert record(root, outcome(root, text, forked)) == spawned


def test_what_was_preloaded_and_not_used_is_not_recorded(root: Path, forked: Forked) -> None:
    """A snippet without JAX does not depend on JAX, nor on the device."""
    plain = outcome(root, PLAIN, forked)
    assert isinstance(plain, Run)
    assert plain.versions == {}
    arrays = outcome(root, NUMPY, forked)
    assert isinstance(arrays, Run)
    assert set(arrays.versions) == {"numpy"}


def test_forks_do_not_share_what_they_change(root: Path, forked: Forked) -> None:
    """What one snippet leaves in a module, in the environment or on the path, no other sees."""
    change = (
        "# %% a\nimport os, sys, numpy\nnumpy.left = os.environ['LEFT'] = 'x'\n"
        "sys.path.append('/left')\nn = 1\n"
    )
    look = (
        "# %% a\nimport os, sys, numpy\nn = hasattr(numpy, 'left') + ('LEFT' in os.environ)\n"
        "n += '/left' in sys.path\n"
    )
    assert isinstance(outcome(root, change, forked), Run)
    after = outcome(root, look, forked)
    assert isinstance(after, Run)
    assert after.values["n"] == 0


def test_a_fork_is_ended_at_its_limit_with_all_it_started(root: Path, forked: Forked) -> None:
    """Past the limit the process and its own children are gone, and the server goes on."""
    started = (
        "# timeout: 2\n\n# %% a\nimport subprocess\nsleep = subprocess.Popen(['sleep', '97'])\n"
        f"_ = open({str(root / 'pid')!r}, 'w').write(str(sleep.pid))\nsleep.wait()\n"
    )
    problem = outcome(root, started, forked)
    assert isinstance(problem, Problem)
    assert "longer than 2 s" in problem.message
    assert gone(int((root / "pid").read_text()))
    assert isinstance(outcome(root, PLAIN, forked), Run)


def test_a_fork_that_dies_says_how(root: Path, forked: Forked) -> None:
    """A signal, and what the process wrote before, are in the message."""
    text = "# %% a\nimport os\n_ = os.write(2, b'last words')\nos.kill(os.getpid(), 11)\nx = 1\n"
    problem = outcome(root, text, forked)
    assert isinstance(problem, Problem)
    assert "SIGSEGV" in problem.message
    assert "last words" in problem.message


def test_what_an_ended_snippet_left_running_is_ended(root: Path, forked: Forked) -> None:
    """A process that a snippet started does not outlive it."""
    text = "# %% a\nimport subprocess\n_child = subprocess.Popen(['sleep', '98'])\nn = _child.pid\n"
    run = outcome(root, text, forked)
    assert isinstance(run, Run)
    assert gone(run.values["n"])


def test_without_its_server_a_snippet_runs_all_the_same(root: Path) -> None:
    """Where the server has died, each process is started anew."""
    children = Forked(root, preload=False)
    os.kill(children._server.pid, signal.SIGKILL)
    try:
        assert isinstance(outcome(root, PLAIN, children), Run)
    finally:
        children.end()


def test_a_server_whose_owner_is_gone_ends_all(root: Path) -> None:
    """Closing the server's input ends what runs, and the server."""
    children = Forked(root, preload=False)
    children.end()
    assert children._server.returncode == 0


def test_one_snippet_needs_no_server(root: Path) -> None:
    """A server is started for many snippets only."""
    assert isinstance(start(root, [PLAIN]), Spawned)


def gone(pid: int) -> bool:
    """Return whether a process ends within five seconds."""
    for _ in range(50):
        try:
            if "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text():
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.1)
    return False
