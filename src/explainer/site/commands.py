"""The commands of authors: `explainer run`, `explainer check`, `explainer new`."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from explainer.site import check as checks
from explainer.site import scheduler, snippets, source, starter
from explainer.site.context import store
from explainer.site.errors import Problem
from explainer.site.scheduler import Job


def find_root() -> Path:
    """Return the folder of `mkdocs.yml`, here or above.

    Raises:
        click.ClickException: If there is none.
    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "mkdocs.yml").is_file():
            return folder
    raise click.ClickException(
        f"no mkdocs.yml in {here} or above\n  fix: change into a clone of the site's repository"
    )


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True)


def _print_problems(console: Console, problems: Sequence[Problem]) -> None:
    for problem in problems:
        place, _, rest = str(problem).partition(": ")
        console.print(f"[bold]{escape(place)}[/bold]: {escape(rest)}\n")
    count = len(problems)
    console.print(f"{count} problem{'' if count == 1 else 's'}", style="bold red")


@click.command()
@click.argument("snippet", nargs=-1)
@click.option("--force", is_flag=True, help="Run fresh ones too.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes side by side.")
def run(snippet: tuple[str, ...], force: bool, jobs: int | None) -> None:
    """Run the snippets whose inputs have changed.

    SNIPPET is an id (parameters/line), a file (snippets/parameters/line.py) or a chapter
    (parameters); without any, all snippets and the code blocks of pages run.
    """
    root, console = find_root(), _console()
    found, problems = checks.find_jobs(root)
    chosen = _chosen(root, found, snippet, problems) if snippet else found
    problems = [p for p in problems if not snippet or p.path in _files(root, snippet)]
    is_fresh = {
        job.snippet.id: not force and store(root).load(job.snippet) is not None for job in chosen
    }
    runs, failed = scheduler.refresh(store(root), chosen, workers=jobs, force=force)
    for job in sorted(chosen, key=lambda job: job.snippet.id):
        id = job.snippet.id
        if id in runs:
            word = "[dim]fresh[/dim]" if is_fresh[id] else "[green]ran[/green]  "
            console.print(f"{word} {escape(id)}  {runs[id].seconds:.2f} s")
    if problems := checks.in_order([*problems, *failed]):
        _print_problems(console, problems)
        raise click.exceptions.Exit(1)
    ran = sum(not fresh for fresh in is_fresh.values())
    console.print(f"{ran} ran, {len(chosen) - ran} fresh")


def _chosen(
    root: Path, jobs: Sequence[Job], names: Sequence[str], problems: Sequence[Problem]
) -> list[Job]:
    """Return the jobs that names stand for; refuse a name that stands for none."""
    wanted: dict[str, Job] = {}
    broken = {problem.path for problem in problems}
    for name in names:
        files = _files(root, [name])
        matching = [job for job in jobs if job.shown in files]
        if not matching and not files & broken:
            known = [job.snippet.id for job in jobs]
            known += sorted({id.split("/")[0] for id in known})
            near = difflib.get_close_matches(name, known, n=1)
            fix = f"did you mean {near[0]}?" if near else "name an id, a file or a chapter"
            raise click.ClickException(f"no snippet {name!r}\n  fix: {fix}")
        wanted |= {job.snippet.id: job for job in matching}
    return list(wanted.values())


def _files(root: Path, names: Sequence[str]) -> set[str]:
    """Return the snippet files that ids, paths and chapters name, relative to the root."""
    found: set[str] = set()
    for path in snippets.find(root):
        id = snippets.snippet_id(path)
        for name in names:
            given = {name.strip("/"), name.strip("/").removesuffix(".py").removeprefix("snippets/")}
            if given & {id, id.split("/")[0]} or Path(name).resolve() == path.resolve():
                found.add(path.relative_to(root).as_posix())
    return found


@click.command()
@click.argument("page", nargs=-1)
def check(page: tuple[str, ...]) -> None:
    """Check pages without building the site.

    PAGE is a file (docs/en/parameters/counting.md), or CHAPTER/PAGE for both languages
    (parameters/counting); without any, all pages are checked.

    Everything that a build would refuse is listed at once. Stale snippets run first. Drafts
    (`draft: true`) are listed too: they show under `make serve` only.
    """
    root, console = find_root(), _console()
    chosen = _pages(root, page) if page else None
    problems = checks.check(root, chosen)
    if problems:
        _print_problems(console, problems)
        raise click.exceptions.Exit(1)
    if chosen is not None:
        console.print(f"{', '.join(sorted(chosen))}: all holds", style="green")
        return
    pages, files = len(source.load(root)), len(snippets.find(root))
    plural = "" if files == 1 else "s"
    console.print(f"all {pages} pages, {files} snippet{plural} hold", style="green")


def _pages(root: Path, names: Sequence[str]) -> set[str]:
    """Return the pages that names stand for, relative to the root; refuse one that names none."""
    found: set[str] = set()
    for name in names:
        path = Path(name).resolve()
        files = [path] if path.is_file() else root.glob(f"docs/*/{name.removesuffix('.md')}.md")
        pages = {file.relative_to(root).as_posix() for file in files if file.is_relative_to(root)}
        if not pages:
            raise click.ClickException(
                f"no page {name!r}\n  fix: name a file below docs, or CHAPTER/PAGE"
            )
        found |= pages
    return found


@click.command()
@click.argument("page", metavar="CHAPTER/PAGE")
def new(page: str) -> None:
    """Start a page: both languages, snippet, test, nav.

    CHAPTER and PAGE are lower-case words joined by `-`: quantization/block-scales. The page is a
    draft until you delete `draft: true` from both languages.
    """
    root, console = find_root(), _console()
    try:
        made = starter.files(root, starter.parse(page))
    except (ValueError, OSError) as error:
        raise click.ClickException(str(error)) from error
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        word = "changed" if path.exists() else "wrote  "
        path.write_text(text, encoding="utf-8")
        console.print(f"{word} {escape(path.relative_to(root).as_posix())}")
    console.print("Fill in both languages, then delete `draft: true` from each: explainer check")
