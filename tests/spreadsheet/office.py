"""LibreOffice, where it is installed: it opens a workbook, is typed into, and calculates.

It is asked through UNO, which belongs to the system's Python, not to this environment. Without it
the tests that need it are left out, and the summary says so.
"""

from __future__ import annotations

import functools
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
SYSTEM_PYTHON = "/usr/bin/python3"
INSTALL = "sudo apt-get install libreoffice-calc-nogui python3-uno"

_SCRIPT = """
import json, subprocess, sys, time, uno
from com.sun.star.beans import PropertyValue

job = json.load(sys.stdin)
pipe = "explainer-" + job["name"]
office = subprocess.Popen(
    ["soffice", "--headless", "--norestore", "--nologo",
     "-env:UserInstallation=file://" + job["profile"],
     "--accept=pipe,name=" + pipe + ";urp;"],
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local)
    for attempt in range(300):
        try:
            context = resolver.resolve(
                "uno:pipe,name=" + pipe + ";urp;StarOffice.ComponentContext")
            break
        except Exception:
            time.sleep(0.1)
    desktop = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.frame.Desktop", context)
    hidden = PropertyValue(Name="Hidden", Value=True)
    book = desktop.loadComponentFromURL("file://" + job["path"], "_blank", 0, (hidden,))
    def area(address):
        sheet, cells = address.replace("$", "").split("!")
        return book.Sheets.getByName(sheet).getCellRangeByName(cells)
    answers = []
    for text in job["texts"]:
        if text is not None:
            area(job["typed"]).setString(text)
        book.calculateAll()
        answers.append({address: area(address).getDataArray() for address in job["wanted"]})
    book.close(True)
    try:
        desktop.terminate()
    except Exception:
        pass
    json.dump(answers, sys.stdout)
finally:
    try:
        office.wait(10)
    except subprocess.TimeoutExpired:
        office.terminate()
"""


@functools.cache
def find() -> str | None:
    """Return the path of LibreOffice if it can be asked."""
    office = shutil.which("soffice")
    if office is None or not Path(SYSTEM_PYTHON).exists():
        return None
    asked = subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], capture_output=True, check=False)
    return office if asked.returncode == 0 else None


def left_out(asked: list[str], start: Path) -> Iterator[str]:
    """Yield a line for what a run of the tests leaves out here.

    Args:
        asked: Files and folders that pytest was asked for.
        start: Folder that they are counted from.
    """
    mine = FOLDER / "test_office.py"
    paths = [(start / one.split("::")[0]).resolve() for one in asked]
    if any(mine.is_relative_to(path) for path in paths) and find() is None:
        yield (
            "left out: tests/spreadsheet/test_office.py, which calculates the workbooks in "
            f"LibreOffice; it is not installed here. To get it: {INSTALL}"
        )


def calculate(
    path: Path, typed: str, texts: list[str | None], wanted: list[str], folder: Path
) -> list[dict[str, list[list[Any]]]]:
    """Type texts one after the other and return what cells come to each time.

    Args:
        path: The workbook.
        typed: Reference of the cell to type in.
        texts: What to type; None to leave the cell as it is.
        wanted: References of the cells to read.
        folder: An empty folder for LibreOffice's profile.
    """
    profile = folder / "profile"
    job = {"path": str(path), "typed": typed, "texts": texts, "wanted": wanted}
    job |= {"profile": str(profile), "name": folder.name}
    done = subprocess.run(
        [SYSTEM_PYTHON, "-c", _SCRIPT],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers: list[dict[str, list[list[Any]]]] = json.loads(done.stdout)
    return answers
