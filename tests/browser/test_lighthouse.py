"""Lighthouse has nothing to say against six pages, as a phone sees them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.browser import chromium
from tests.browser.visiting import Site
from tests.javascript import node

# Home, a widget, charts, formulas, a long list, and what a first visitor may come to by search.
PAGES = (
    "",
    "parameters/what-is-a-parameter/",
    "quantization/idea/",
    "en/",
    "en/parameters/counting/",
    "en/glossary/",
)
# What the pages decide. The score of speed is this machine's too, so it is only shown.
WHOLE = ("accessibility", "best-practices", "seo")
SHOWN = "performance"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path or "home")
def test_lighthouse_finds_nothing(site: Site, tmp_path: Path, path: str) -> None:
    """Accessibility, best practices and search engines: 100 of 100."""
    program = node.tool("lighthouse")
    if program is None:
        pytest.skip(f"no lighthouse; to get it: {node.INSTALL}")
    report = audit(program, site.url + path, tmp_path / "report.json")
    scores = {name: _percent(one["score"]) for name, one in report["categories"].items()}
    print(f"{path or 'home'}: {scores}")
    assert scores.keys() == {*WHOLE, SHOWN}
    assert {name: scores[name] for name in WHOLE} == dict.fromkeys(WHOLE, 100), lacking(report)


def _percent(score: float | None) -> int | None:
    """Return a score of 100, or none where Lighthouse gives none, as it may of speed."""
    return None if score is None else round(100 * score)


def audit(program: Path, url: str, file: Path) -> dict[str, Any]:
    """Return Lighthouse's report on an address: one visit of a phone."""
    done = node.run(
        program,
        url,
        "--quiet",
        "--no-enable-error-reporting",
        f"--only-categories={','.join((*WHOLE, SHOWN))}",
        "--output=json",
        f"--output-path={file}",
        f"--chrome-flags={' '.join(('--headless=new', *chromium.ARGUMENTS))}",
        env={"CHROME_PATH": str(chromium.find())},
        timeout=300,
    )
    assert file.exists(), done.stderr
    report: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    assert report.get("runtimeError") is None, report["runtimeError"]
    return report


def lacking(report: dict[str, Any]) -> list[str]:
    """Return what a report holds against a page, with the first things that it names."""
    return [
        f"{audit['id']}: {audit['title']}: {str(audit.get('details', {}).get('items'))[:300]}"
        for name in WHOLE
        for part in report["categories"][name]["auditRefs"]
        if (audit := report["audits"][part["id"]])["score"] not in (None, 1) and part["weight"]
    ]
