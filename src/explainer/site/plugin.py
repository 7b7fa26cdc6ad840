"""The MkDocs plugin: conveniences around the Markdown extension.

Before a build it checks the pages and runs stale snippets; it adds notebooks, scripts and the
ledger; with the Chinese site it builds the English one into `/en/` by the same command.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.config import load_config
from mkdocs.config.config_options import Type
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, BuildError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from explainer.site import (
    abreast,
    backlog,
    check,
    collected,
    downloads,
    feed,
    gallery,
    kept,
    ledger,
    ledger_files,
    notebook_pages,
    notebooks,
    publishing,
    reading,
    scheduler,
    search,
    serve,
    site_facts,
    source,
)
from explainer.site.context import store
from explainer.site.errors import Problem, refused
from explainer.site.extension import Refusal
from explainer.site.runs import Run
from explainer.site.scheduler import Job

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.livereload import LiveReloadServer

NESTED = {"zh": ("en", "mkdocs.en.yml")}


class ExplainerPlugin(BasePlugin):  # type: ignore[type-arg, no-untyped-call]
    """Build both languages, with their runs, notebooks and ledger.

    It must not have `on_startup` or `on_shutdown`: MkDocs would share one instance among all
    builds of a server, the two languages' too.
    """

    config_scheme = (("nested", Type(bool, default=True)), ("only", Type(str, default="")))

    def __init__(self) -> None:
        """Start with no runs."""
        self.runs: dict[str, Run] = {}
        self.rows: list[ledger.Row] = []
        self.entries: list[feed.Entry] = []
        self.unfinished: dict[str, str] = {}
        self.is_nested = False
        self.other: abreast.Work | None = None

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Find the project and its language; date the build by its last commit."""
        self.root = Path(config.config_file_path).parent
        self.language = Path(config.docs_dir).name
        self.address, self.site_dir = config.dev_addr, config.site_dir
        self.rows, self.entries, self.other = [], [], None
        search.cut_by_dictionary()
        os.environ.setdefault("SOURCE_DATE_EPOCH", feed.last_commit(self.root))
        return config

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Check the pages and run what is stale; once for both languages."""
        search.pass_over(config.plugins)
        if serve.is_running():
            serve.pardon(lambda: bool(self.unfinished))
        if self.is_nested:
            return
        pages = source.load(self.root)
        jobs, unreadable = check.find_jobs(self.root, pages)
        problems = check.in_order([*check.static(self.root, pages), *unreadable])
        if not serve.is_running():
            problems += check.drafts(pages)
        if problems:
            raise refused(problems)
        if serve.is_running():
            problems = self._catch_up(jobs, pages, config)
        else:
            self.runs, problems = scheduler.refresh(store(self.root), jobs)
        if problems:
            raise refused(problems)

    def _catch_up(
        self, jobs: list[Job], pages: Mapping[str, source.Page], config: MkDocsConfig
    ) -> list[Problem]:
        """Run what is stale, in the background if it takes long; see `backlog`."""
        known = {job.snippet.id for job in jobs}
        order = list(backlog.named(config.nav)) or ["index.md"]
        home = [page for page in pages.values() if page.name == order[0]]
        first = {id for page in home for id in check.needed(page, known, by_blocks=True)}
        jobs = backlog.in_reading_order(jobs, pages.values(), order)
        state = backlog.of(self.root).catch_up(jobs, first)
        self.runs = state.runs
        for path, page in pages.items():
            text = backlog.unfinished(page, known, state.waiting) if state.waiting else None
            if text is not None:
                self.unfinished[path] = text
        return list(state.problems)

    @event_priority(-100)  # after mkdocs-jupyter, which puts other files in the notebooks' place
    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Where one page alone is drawn, leave all others as they are, under their titles."""
        if only := self.config["only"]:
            for file in files:
                if file.src_uri != only:
                    setattr(file, "is_modified", lambda: False)  # noqa: B010 - a method of MkDocs'
                    if file.page is not None and file.abs_src_path is not None:
                        file.page.markdown = Path(file.abs_src_path).read_text(encoding="utf-8")
        return nav

    def on_page_markdown(
        self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> str:
        """Show what stands in for a page whose snippets are still running."""
        return self.unfinished.get(f"docs/{self.language}/{page.file.src_uri}", markdown)

    @event_priority(100)  # before mkdocs-jupyter, which turns the notebooks into pages
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add scripts, their tests, notebooks made from the runs, and files that snippets made."""
        folder = self.root / ".explainer" / "notebooks"
        if not self.is_nested and not self.config["only"]:
            notebooks.write(self.root, self.runs, folder)
            kept.forget(self.root / ".explainer" / "rendered")
        if self.config["nested"] and self.language in NESTED:
            search.load_dictionary()  # once, for both languages
            self.other = abreast.start(lambda: self._build_other(config))
        # Each language keeps what the other has rendered: they begin at opposite ends.
        for id in sorted(self.runs, reverse=self.is_nested):
            if id.startswith("block/"):
                continue
            chapter, name = id.split("/")
            self._add(files, config, folder, f"snippets/{id}.ipynb")
            self._add(files, config, self.root, f"snippets/{id}.py")
            self._add(files, config, self.root, f"tests/snippets/{chapter}/test_{name}.py")
        try:
            made = downloads.write(self.runs, self.root / ".explainer")
        except Problem as problem:
            raise refused([problem]) from problem
        for uri in made:
            self._add(files, config, self.root / ".explainer", uri)
        return files

    def _add(self, files: Files, config: MkDocsConfig, folder: Path, uri: str) -> None:
        if (folder / uri).is_file():
            files.append(File(uri, str(folder), config.site_dir, config.use_directory_urls))

    @event_priority(-100)  # after mkdocs-jupyter, whose rendering it keeps
    def on_pre_page(self, page: Page, *, config: MkDocsConfig, files: Files) -> Page:
        """Render a notebook once, for both languages and for later builds."""
        if page.file.src_uri.endswith(".ipynb"):
            notebook_pages.keep(page, self.root)
        return page

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Style a notebook's page; collect the numbers of every other for the ledger."""
        if page.file.src_uri.endswith(".ipynb"):
            page.meta["search"] = {"exclude": True}  # its code stands on the pages that quote it
            return notebooks.styled(html, base="../" * page.url.count("/"))
        self.rows += ledger.collect(
            html,
            page=page.file.src_uri,
            url=page.url,
            title=str(page.title),
            language=self.language,
        )
        self._describe(page, html)
        return reading.with_time(search.prepared(html), self.language)

    def _describe(self, page: Page, html: str) -> None:
        """Let search engines, previews and the feed say what the page answers."""
        said = reading.answer(html)
        if said:
            page.meta.setdefault("description", said)
        path = f"docs/{self.language}/{page.file.src_uri}"
        self.entries.append(feed.Entry(path, str(page.canonical_url), str(page.title), said))

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Fill in what rests on all pages: ledger, gallery, the site's figures."""
        writers = {
            "ledger": self._ledger,
            "gallery": lambda base: self._gallery(config, base),
            "site-facts": lambda base: self._site_facts(),
        }
        for file in files.documentation_pages():
            page = file.page
            if page is not None and page.content:
                base = "../" * page.url.count("/")
                page.content = collected.fill(page.content, writers, base=base)
        return env

    def _ledger(self, base: str) -> str:
        return ledger.render(self.rows, self.language, base=base, runs=self.runs)

    def _site_facts(self) -> str:
        pages = [p for p in source.load(self.root).values() if p.language == self.language]
        return site_facts.render(site_facts.count(self.rows, pages), self.language)

    def _gallery(self, config: MkDocsConfig, base: str) -> str:
        entries = gallery.collect(self.root, self.language, list(backlog.named(config.nav)))
        titles = gallery.chapters(config.nav)
        return gallery.render(entries, self.language, titles=titles, base=base, runs=self.runs)

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write the ledger's files, drop what no reader loads, and build the other language."""
        site = Path(config.site_dir)
        numbers = ledger_files.to_json(self.rows, self.runs)
        (site / "numbers.json").write_text(numbers, encoding="utf-8")
        text = feed.render(
            self.entries,
            feed.changes(self.root, f"docs/{self.language}"),
            title=config.site_name,
            url=config.site_url or "/",
            language=self.language,
        )
        (site / feed.FILE).write_text(text, encoding="utf-8")
        (site / "ledger.csv").write_text(ledger_files.to_csv(self.rows), encoding="utf-8")
        search.compact(site / "search" / "search_index.json")
        for path in site.glob("assets/javascripts/workers/search.*.js"):
            path.write_text(search.mend(path.read_text(encoding="utf-8")), encoding="utf-8")
        if self.runs:
            shutil.copyfile(notebooks.STYLES, site / "assets" / "notebook.css")
        made = self.root / ".explainer" / "notebooks"
        for id in self.runs:  # mkdocs-jupyter made pages of them; readers take them home too
            drawn = (site / f"snippets/{id}").is_dir()  # not while one page alone is
            if drawn and (made / f"snippets/{id}.ipynb").is_file():
                shutil.copyfile(made / f"snippets/{id}.ipynb", site / f"snippets/{id}.ipynb")
        for path in site.glob("assets/**/*.map"):
            path.unlink()
        languages = {self.language: ""}
        if self.other is not None:
            self.other.join()
            languages[NESTED[self.language][0]] = f"{NESTED[self.language][0]}/"
        if not self.is_nested and not serve.is_running():
            publishing.publish(site, languages)

    def _build_other(self, config: MkDocsConfig) -> None:
        """Build the other language with the runs, and what stands in for some, at hand."""
        from mkdocs.commands.build import build

        language, file = NESTED[self.language]
        site = str(Path(config.site_dir) / language)
        other = load_config(str(self.root / file), site_dir=site, strict=config.strict)
        other.site_url = (config.site_url or "/").rstrip("/") + f"/{language}/"
        plugin = other.plugins["explainer"]
        assert isinstance(plugin, ExplainerPlugin)
        plugin.is_nested, plugin.runs, plugin.unfinished = True, self.runs, self.unfinished
        build(other)

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any
    ) -> LiveReloadServer:
        """Watch everything that a page rests on; rebuild only what changed."""
        serve.attach(server, self.root, config)
        return server

    def on_build_error(self, *, error: Exception) -> None:
        """Show a refusal as its message; every other error as it is. End the build beside it.

        A server that starts shows the message until a file changes, and starts again.
        """
        if self.other is not None:
            self.other.end()
        if isinstance(error, Refusal):
            error = refused([error.problem])
        elif not isinstance(error, Abort | BuildError):
            return
        if serve.is_running() and not self.is_nested and not backlog.of(self.root).is_heard:
            backlog.of(self.root).stop()
            serve.wait_for_mending(self.root, self.address, str(error))
            serve.start_again(self.site_dir)
        raise error from None
