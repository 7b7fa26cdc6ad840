"""Two clean builds, in two folders, give the same bytes but for what is measured."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from html import escape, unescape
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.site, pytest.mark.slow]

MEASURED = 'data-kind="measured"'


def clean_build(folder: Path) -> Path:
    """Copy the project as git knows it into `folder`, build it from nothing, return its site."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    compiled = ROOT / ".explainer" / "jax"  # XLA's programs: they change the time, not the values
    if compiled.is_dir():
        shutil.copytree(compiled, folder / ".explainer" / "jax", dirs_exist_ok=True)
    # Not the tests' eight simulated devices: the runs are those that readers get.
    ours = {k: v for k, v in os.environ.items() if k not in ("XLA_FLAGS", "JAX_PLATFORMS")}
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build"],
        cwd=folder,
        env=ours | {"NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": "1767225600"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return folder / "site"


def without_measured(path: Path) -> bytes:
    """Return a file's bytes with what is measured taken out."""
    data = path.read_bytes()
    if path.suffix == ".html":
        return _html(data.decode()).encode()
    if path.name == "numbers.json":
        found = json.loads(data)
        found["numbers"] = [_number(row) for row in found["numbers"]]
        for run in found["runs"].values():
            run.pop("finished", None)
            run.pop("seconds", None)
        return json.dumps(found).encode()
    if path.name == "ledger.csv":
        lines = list(csv.DictReader(io.StringIO(data.decode())))
        return json.dumps([_number(dict(line)) for line in lines]).encode()
    if path.suffix == ".ipynb":
        found = json.loads(data)
        for cell in found["cells"]:
            if "measured" in cell["metadata"].get("tags", []):
                cell["outputs"] = []
        return json.dumps(found).encode()
    # Three files hold digests of the others, or the others themselves: what they name is compared.
    if path.name == "offline.json":
        kept = json.loads(data)
        return json.dumps(
            {key: [name for name, _ in files] for key, files in kept.items()}
        ).encode()
    if path.suffix == ".zip":
        return "\n".join(zipfile.ZipFile(path).namelist()).encode()
    if path.name == "sw.js":
        return re.sub(rb'VERSION = "[0-9a-f]{16}"', b"", data)
    return b"" if path.suffix == ".gz" else data  # the sitemap, compressed, carries the time


def _number(row: dict[str, object]) -> dict[str, object]:
    if row.get("measured") in (True, "True") or row.get("kind") == "measured":
        return {k: row[k] for k in ("page", "expression")}
    return row


def _html(text: str) -> str:
    text = re.sub(rf"<(data|time) [^>]*{MEASURED}[^>]*>.*?</\1>", "", text, flags=re.DOTALL)
    text = re.sub(rf"<figure [^>]*{MEASURED}.*?</figure>", "", text, flags=re.DOTALL)
    text = re.sub(rf"<(tr|td)[^>]*{MEASURED}.*?</\1>", "", text, flags=re.DOTALL)
    # a block of code whose output is measured: keep the code, drop what it printed
    parts = re.split(r'(?=<div class="snippet)', text)
    text = "".join(
        re.sub(r'<div class="language-text.*?</div>', "", part, count=1, flags=re.DOTALL)
        if MEASURED in part.split(">", 1)[0]
        else part
        for part in parts
    )
    # a notebook's page
    text = re.sub(rf"<div [^>]*{MEASURED}[^>]*>.*?</div>", "", text, flags=re.DOTALL)
    return re.sub(r'(<template class="receipts"[^>]*>)(.*?)(</template>)', _receipts, text)


def _receipts(match: re.Match[str]) -> str:
    found = json.loads(unescape(match[2]))
    for run in found["runs"].values():
        del run["finished"]
    return match[1] + escape(json.dumps(found)) + match[3]


def test_two_clean_builds_are_equal(tmp_path: Path) -> None:
    """Both languages, notebooks, ledger and search index are equal, wherever they are built."""
    sites = [clean_build(tmp_path / name / "project") for name in ("one", "other-folder")]
    files = [
        sorted(p.relative_to(s).as_posix() for p in s.rglob("*") if p.is_file()) for s in sites
    ]
    assert files[0] == files[1]
    assert len(files[0]) > 50
    different = [
        name
        for name in files[0]
        if without_measured(sites[0] / name) != without_measured(sites[1] / name)
    ]
    assert different == []
