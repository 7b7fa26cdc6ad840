"""Runs: executed once, stored whole, stale exactly when something that they rest on changed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from explainer.site import runs as runs_module
from explainer.site.errors import Problem
from explainer.site.runs import Run, Store
from explainer.site.scheduler import Job, execute, refresh
from explainer.site.snippets import load


def write(root: Path, text: str, name: str = "line") -> Path:
    """Write a snippet."""
    path = root / "snippets" / "x" / f"{name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def job(root: Path, path: Path) -> Job:
    """Return the job of a snippet's file."""
    return Job(load(path, root=root), path.relative_to(root).as_posix())


def run(root: Path, text: str) -> Run:
    """Write and run a snippet that must succeed."""
    outcome = execute(Store(root), job(root, write(root, text)))
    assert isinstance(outcome, Run), outcome
    return outcome


def refused(root: Path, text: str) -> Problem:
    """Write and run a snippet that must be refused."""
    outcome = execute(Store(root), job(root, write(root, text)))
    assert isinstance(outcome, Problem), outcome
    return outcome


def test_run_keeps_values_and_output_by_cell(tmp_path: Path) -> None:
    """Each cell's output, the values at the end, time and device are stored."""
    found = run(tmp_path, "# %% a\nx = 2\nprint('one')\n\n# %% b\ny = x * 10**30\nprint('two')\n")
    assert found.outputs == {"a": "one\n", "b": "two\n"}
    assert found.values == {"x": 2, "y": 2 * 10**30}
    assert found.seconds > 0
    assert found.device.startswith("cpu · ")


def test_stored_run_is_found_by_a_new_store(tmp_path: Path) -> None:
    """A second process finds the run, and its arrays, without executing anything."""
    path = write(tmp_path, "# %% a\nimport numpy as np\nx = np.arange(3)\n")
    assert isinstance(execute(Store(tmp_path), job(tmp_path, path)), Run)
    found = Store(tmp_path).load(load(path, root=tmp_path))
    assert found is not None
    assert found.values["x"].tolist() == [0, 1, 2]


def test_nothing_is_pickled(tmp_path: Path) -> None:
    """The store holds JSON and npz only, and loading forbids pickles."""
    run(tmp_path, "# %% a\nimport numpy as np\nx = np.arange(3)\n")
    suffixes = {p.suffix for p in (tmp_path / ".explainer" / "runs").rglob("*") if p.is_file()}
    assert suffixes <= {".json", ".npz", ""}  # "" is the lock, which is empty


def test_text_change_makes_stale(tmp_path: Path) -> None:
    """An edit makes the run stale; taking it back finds the old run again."""
    store = Store(tmp_path)
    path = write(tmp_path, "# %% a\nx = 1\n")
    first = execute(store, job(tmp_path, path))
    write(tmp_path, "# %% a\nx = 2\n")
    assert store.load(load(path, root=tmp_path)) is None
    execute(store, job(tmp_path, path))
    write(tmp_path, "# %% a\nx = 1\n")
    assert store.load(load(path, root=tmp_path)) == first


def test_opened_file_makes_stale(tmp_path: Path) -> None:
    """A file that the snippet opened is part of its key; one beside it is not."""
    data = tmp_path / "data.txt"
    data.write_text("3")
    (tmp_path / "other.txt").write_text("x")
    text = f"# %% a\nx = int(open({str(data)!r}).read())\n"
    path = write(tmp_path, text)
    store = Store(tmp_path)
    execute(store, job(tmp_path, path))
    (tmp_path / "other.txt").write_text("y")
    assert store.load(load(path, root=tmp_path)) is not None
    data.write_text("40")
    assert store.load(load(path, root=tmp_path)) is None


def test_only_imported_modules_make_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library module that the snippet imports is part of its key; the others are not."""
    package = tmp_path / "lib" / "explainer"
    real = runs_module.PACKAGE
    package.parent.mkdir()
    subprocess.run(["cp", "-r", str(real), str(package)], check=True)
    monkeypatch.setattr(runs_module, "PACKAGE", package)
    monkeypatch.setenv("PYTHONPATH", str(package.parent))
    path = write(tmp_path, "# %% a\nfrom explainer import facts\nx = facts.PATH.name\n")
    store = Store(tmp_path)
    found = execute(store, job(tmp_path, path))
    assert isinstance(found, Run)
    assert "facts.py" in found.imports
    assert not any("site/" in name for name in found.imports)
    (package / "line.py").write_text("# changed\n")
    assert store.load(load(path, root=tmp_path)) is not None
    with (package / "facts.py").open("a") as file:
        file.write("# changed\n")
    assert store.load(load(path, root=tmp_path)) is None


def test_versions_and_device_make_stale(tmp_path: Path) -> None:
    """Another version of a package, another device or another setting makes the run stale."""
    path = write(tmp_path, "# %% a\nimport numpy\nx = 1\n")
    execute(Store(tmp_path), job(tmp_path, path))
    record = next((tmp_path / ".explainer" / "runs" / "x" / "line").glob("*.json"))
    good = json.loads(record.read_text())
    for key, value in (("versions", {"numpy": "0.1"}), ("settings", {"machine": "abacus"})):
        record.write_text(json.dumps(good | {key: value}))
        assert Store(tmp_path).load(load(path, root=tmp_path)) is None
    record.write_text(json.dumps(good))
    assert Store(tmp_path).load(load(path, root=tmp_path)) is not None


def test_half_written_record_counts_as_absent(tmp_path: Path) -> None:
    """A record cut short is ignored, not an error."""
    path = write(tmp_path, "# %% a\nx = 1\n")
    execute(Store(tmp_path), job(tmp_path, path))
    record = next((tmp_path / ".explainer" / "runs" / "x" / "line").glob("*.json"))
    record.write_text(record.read_text()[:40])
    assert Store(tmp_path).load(load(path, root=tmp_path)) is None


def test_raising_snippet_names_its_line(tmp_path: Path) -> None:
    """A snippet that raises is refused with its file, its line and what it raised."""
    problem = refused(tmp_path, "# %% a\nx = 1\n\n# %% b\ny = x / 0\n")
    assert (problem.path, problem.line) == ("snippets/x/line.py", 5)
    assert "ZeroDivisionError: division by zero" in problem.message


def test_endless_snippet_is_ended(tmp_path: Path) -> None:
    """A snippet past its time limit is ended, and the message says how to state another."""
    started = time.monotonic()
    problem = refused(tmp_path, "# timeout: 1\n\n# %% a\nwhile True:\n    pass\n")
    assert time.monotonic() - started < 20
    assert "longer than 1 s" in problem.message
    assert "# timeout:" in problem.fix


def test_endless_output_is_ended(tmp_path: Path) -> None:
    """A snippet that prints without end is refused before the disk is full."""
    problem = refused(tmp_path, "# %% a\nwhile True:\n    print('x' * 1000)\n")
    assert "prints more than" in problem.message


def test_killed_snippet_says_how(tmp_path: Path) -> None:
    """A snippet whose process dies is refused with the signal."""
    problem = refused(tmp_path, "# %% a\nimport os\nos.kill(os.getpid(), 9)\n")
    assert "SIGKILL" in problem.message


def test_leaving_exits_as_a_failure(tmp_path: Path) -> None:
    """`sys.exit` in a snippet is a failure of that snippet, not of the build."""
    problem = refused(tmp_path, "# %% a\nimport sys\nsys.exit(3)\n")
    assert "SystemExit" in problem.message
    assert problem.line == 3


def test_changed_jax_setting_is_refused(tmp_path: Path) -> None:
    """A global JAX setting left changed is refused by name, with the way to do without."""
    text = "# %% a\nimport jax\njax.config.update('jax_enable_x64', True)\nx = 1\n"
    problem = refused(tmp_path, text)
    assert problem.line == 3
    assert "jax_enable_x64: False -> True" in problem.message
    assert "with jax.enable_x64(True)" in problem.fix


def test_setting_within_a_context_is_fine(tmp_path: Path) -> None:
    """A setting that ends with its context leaves nothing behind."""
    text = (
        "# %% a\nimport jax\nimport jax.numpy as jnp\nwith jax.enable_x64(True):\n"
        "    x = float(jnp.sqrt(jnp.float64(2)))\n"
    )
    assert abs(run(tmp_path, text).values["x"] ** 2 - 2) < 1e-15


def test_many_run_side_by_side_and_one_failure_spoils_no_other(tmp_path: Path) -> None:
    """All stale snippets run; a failure is reported and the others are kept."""
    paths = [write(tmp_path, f"# %% a\nx = {n}\n", f"s{n}") for n in range(5)]
    paths.append(write(tmp_path, "# %% a\nx = 1 / 0\n", "bad"))
    store = Store(tmp_path)
    found, problems = refresh(store, [job(tmp_path, path) for path in paths])
    assert {r.values["x"] for r in found.values()} == {0, 1, 2, 3, 4}
    assert [p.path for p in problems] == ["snippets/x/bad.py"]
    assert all(store.load(load(path, root=tmp_path)) for path in paths[:5])


def test_fresh_runs_are_not_executed_again(tmp_path: Path) -> None:
    """A second refresh executes nothing."""
    counter = tmp_path / "count"
    text = f"# %% a\nwith open({str(counter)!r}, 'a') as file:\n    _ = file.write('x')\nn = 1\n"
    jobs = [job(tmp_path, write(tmp_path, text))]
    for _ in range(3):
        refresh(Store(tmp_path), jobs)
    assert counter.read_text() == "x"


def test_interrupt_keeps_what_is_done_and_ends_the_rest(tmp_path: Path) -> None:
    """Ctrl-C ends the run in hand, and its process, and keeps the finished ones."""
    done = write(tmp_path, "# %% a\nx = 1\n", "quick")
    write(tmp_path, f"# %% a\nimport time\nopen({str(tmp_path / 'up')!r}, 'w')\ntime.sleep(60)\n")
    code = (
        "from pathlib import Path\nfrom explainer.site import scheduler, snippets\n"
        "from explainer.site.runs import Store\n"
        f"root = Path({str(tmp_path)!r})\n"
        "jobs = [scheduler.Job(snippets.load(p, root=root), p.name) for p in snippets.find(root)]\n"
        "scheduler.refresh(Store(root), jobs, workers=2)\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code],
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(runs_module.PACKAGE.parent)},
    )
    store = Store(tmp_path)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if (tmp_path / "up").exists() and store.load(load(done, root=tmp_path)):
            break
        time.sleep(0.1)
    child.send_signal(signal.SIGINT)
    assert child.wait(20) != 0
    assert store.load(load(done, root=tmp_path)) is not None
    asleep = subprocess.run(["pgrep", "-f", str(tmp_path)], capture_output=True, text=True)
    assert asleep.stdout.strip() == ""


def test_two_builds_at_once(tmp_path: Path) -> None:
    """Two builds that want the same snippet at once run it once, and both have the run."""
    counter = tmp_path / "count"
    text = (
        "# %% a\nimport time\nimport numpy as np\n"
        f"with open({str(counter)!r}, 'a') as file:\n    _ = file.write('x')\n"
        "time.sleep(1)\nx = np.arange(1000)\n"
    )
    path = write(tmp_path, text)
    code = (
        "from pathlib import Path\nfrom explainer.site import scheduler, snippets\n"
        "from explainer.site.runs import Store\n"
        f"root = Path({str(tmp_path)!r})\n"
        f"s = snippets.load(Path({str(path)!r}), root=root)\n"
        "runs, _ = scheduler.refresh(Store(root), [scheduler.Job(s, 'line.py')])\n"
        "raise SystemExit(int(runs['x/line'].values['x'].sum() != 499500))\n"
    )
    pair = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(2)]
    assert [child.wait(60) for child in pair] == [0, 0]
    assert counter.read_text() == "x"
    assert Store(tmp_path).load(load(path, root=tmp_path)) is not None
