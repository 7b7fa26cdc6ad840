"""Files that snippets make: they reach both languages, byte for byte, and links to them hold."""

from __future__ import annotations

import pytest

from explainer.site import downloads, links
from tests.site.tiny import Tiny

BYTES = bytes([0, 255, 10, 13, 80, 75])
SNIPPET = f'''"""A file to take home."""

# %% make
import numpy as np

downloads = {{"two-lines.bin": np.frombuffer({BYTES!r}, np.uint8)}}
'''


def offer(tiny: Tiny, snippet: str = SNIPPET, link: str = "two-lines.bin") -> None:
    """Add a snippet that makes a file, and a link to it on the page."""
    tiny.write("snippets/index/home.py", snippet)
    cell = '```python exec="on" snippet="home#make"\n```'
    tiny.page(f"[Take it](downloads/index/{link})\n\n{cell}")


@pytest.mark.site
def test_both_languages_offer_the_bytes(tiny: Tiny) -> None:
    """A file that a snippet made stands beside both languages' pages, and the pages link to it."""
    offer(tiny)
    site = tiny.build()
    for folder in (site, site / "en"):
        assert (folder / "downloads/index/two-lines.bin").read_bytes() == BYTES
        assert 'href="downloads/index/two-lines.bin"' in (folder / "index.html").read_text()


@pytest.mark.site
@pytest.mark.parametrize(
    ("value", "message"),
    [
        ('{"../out.bin": np.zeros(2, np.uint8)}', "'../out.bin' is no plain file name"),
        ('{"a.bin": np.zeros(2)}', "the content of 'a.bin' must be an array of uint8"),
        ('["a.bin"]', "`downloads` must be a dictionary"),
    ],
)
def test_refusals(tiny: Tiny, value: str, message: str) -> None:
    """A name that leaves the folder, other content, or no dictionary ends the build."""
    snippet = f'"""One."""\n\n# %% make\nimport numpy as np\n\ndownloads = {value}\n'
    tiny.write("snippets/index/home.py", snippet)
    tiny.page('```python exec="on" snippet="home#make"\n```')
    refusal = tiny.refusal()
    assert message in refusal and "snippets/index/home.py" in refusal


@pytest.mark.site
def test_one_name_twice(tiny: Tiny) -> None:
    """Two snippets of a chapter that make one file are refused, with both places."""
    offer(tiny)
    tiny.write("snippets/index/other.py", SNIPPET)
    tiny.page('```python exec="on" snippet="other#make"\n```')
    refusal = tiny.refusal()
    assert "`two-lines.bin` is made by snippets/index/home.py too" in refusal
    assert "snippets/index/other.py" in refusal


def test_link_to_a_file_that_nobody_makes(tiny: Tiny) -> None:
    """A link to another name is refused before anything has run."""
    offer(tiny, link="three-lines.bin")
    found = links.check(tiny.root)
    assert sorted(problem.path for problem in found) == ["docs/en/index.md", "docs/zh/index.md"]
    assert "three-lines.bin leads nowhere" in found[0].message


def test_names_stand_in_the_snippet(tiny: Tiny) -> None:
    """Only what a snippet of that chapter names literally counts as made."""
    offer(tiny)
    assert downloads.is_named(tiny.root, "downloads/index/two-lines.bin")
    assert not downloads.is_named(tiny.root, "downloads/other/two-lines.bin")
    assert not downloads.is_named(tiny.root, "downloads/index/home.py")
    assert not downloads.is_named(tiny.root, "two-lines.bin")
