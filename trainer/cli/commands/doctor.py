"""`cks-trainer doctor`: what is installed, and what is wrong."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import msgspec

from trainer import __version__
from trainer.cli import streams
from trainer.cli.base import Run
from trainer.cli.base import command as make_command
from trainer.cli.exit_codes import ExitCode
from trainer.errors import TrainerError, in_words
from trainer.files import replace_file

SCHEMA = "cks-trainer.doctor/1"
_LIBRARIES = ("textual", "click", "msgspec", "PyYAML", "deepdiff", "google-re2", "kubernetes", "cryptography")


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    topic: str
    name: str
    value: str
    fine: bool = True
    remedy: str = ""


@make_command(name="doctor")
@click.option(
    "--report", type=click.Path(path_type=Path), metavar="FILE", help="Also write the report to FILE."
)
def command(run: Run, *, report: Path | None) -> int:
    """Check this installation: versions, settings, progress, cards, terminal. Contacts no cluster.

    Exits 5 if something is wrong.
    """
    findings = list(diagnose(run))
    lines = _lines(findings)
    if report is not None:
        replace_file(report, streams.as_file(map(_without_home, lines)))
    if run.json:
        streams.out_json({"schema": SCHEMA, "findings": findings})
    else:
        streams.out_lines(lines)
    if report is not None:
        streams.say(f"written to {report}; review it before you send it")
    return 0 if all(finding.fine for finding in findings) else int(ExitCode.INTERNAL)


def _without_home(line: str) -> str:
    """A line that doesn't tell the name of the person's home folder."""
    home = os.path.expanduser("~")  # noqa: PTH111 - without a home, `~` stays
    return line.replace(home, "~") if len(home) > 1 else line


def diagnose(run: Run) -> Iterator[Finding]:
    """All findings, topic by topic; a broken topic doesn't stop the others."""
    for topic, look in _TOPICS.items():
        try:
            for name, value in look(run):
                yield Finding(topic, name, value)
        except TrainerError as error:
            yield Finding(topic, "problem", error.message, fine=False, remedy=error.remedy)
        except Exception as error:  # a fault here must not hide the other findings
            yield Finding(topic, "problem", in_words(error), fine=False)


def _program(_: Run) -> Iterator[tuple[str, str]]:
    from importlib.metadata import PackageNotFoundError, version

    yield "cks-trainer", __version__
    yield "Python", f"{platform.python_version()} ({sys.executable})"
    yield "system", platform.platform()
    for library in _LIBRARIES:
        try:
            yield library, version(library)
        except PackageNotFoundError:
            raise TrainerError(f"{library} is not installed", remedy="install cks-trainer again") from None


def _settings(run: Run) -> Iterator[tuple[str, str]]:
    settings = run.settings
    yield (
        "settings file",
        f"{settings.config_file}" + ("" if settings.config_file.exists() else " (not found)"),
    )
    for name, source in settings.sources.items():
        value = getattr(settings, name)
        yield name, f"{'-' if value is None else value} ({source})"


def _workspace(run: Run) -> Iterator[tuple[str, str]]:
    folder = run.settings.workspace
    nearest = next(place for place in (folder, *folder.parents) if place.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        raise TrainerError(f"{nearest} is not writable", remedy="choose another folder with --workspace")
    yield "folder", f"{folder}" + ("" if folder.exists() else " (created when you start a card)")
    yield "free space", f"{shutil.disk_usage(nearest).free >> 20} MiB"


def _store(run: Run) -> Iterator[tuple[str, str]]:
    from trainer.errors import StoreError
    from trainer.progress.journal import journal_for

    journal = journal_for()
    yield "journal", f"{journal.mode}, synchronous {journal.synchronous}: {journal.why}"
    if not run.settings.database.exists():
        yield "database", f"{run.settings.database} (created with your first attempt)"
        return
    store = run.session.store
    yield "database", f"{store.file}, journal in use {store.journal_mode()}"
    wrong = store.check()
    if wrong:
        raise StoreError(f"{store.file}: {wrong[0]}", remedy="keep a copy, then `sqlite3 FILE .recover`")
    standings = store.standings().values()
    yield "attempts", str(sum(standing.attempts for standing in standings))


def _cards(run: Run) -> Iterator[tuple[str, str]]:
    from trainer.cli.failures import problem_line
    from trainer.content.index import Index

    catalogue = run.session.catalogue
    pack = run.session.pack
    yield "cards", f"{len(catalogue.cards)} in {pack.tasks}"
    index = Index(pack.tasks, pack.index)
    yield "index", f"{index.place} ({len(index.entries)} of {len(catalogue.cards)} cards)"
    if catalogue.problems:
        more = f" and {len(catalogue.problems) - 1} more" if len(catalogue.problems) > 1 else ""
        raise TrainerError(
            problem_line(catalogue.problems[0]) + more, remedy="run cks-trainer pack check for the full list"
        )


def _terminal(run: Run) -> Iterator[tuple[str, str]]:
    size = shutil.get_terminal_size()
    yield (
        "terminal",
        f"{os.environ.get('TERM', '-')}, {size.columns}x{size.lines}"
        + ("" if streams.at_terminal() else " (stdin or stdout isn't a terminal)"),
    )
    yield (
        "encoding",
        f"{sys.stdout.encoding}, {os.environ.get('LC_ALL') or os.environ.get('LANG') or 'no LANG'}",
    )
    yield "colours", "yes" if streams.colours() else "no (NO_COLOR, TERM=dumb, or no terminal)"
    editor = run.settings.editor
    if editor and shutil.which(editor.split()[0]) is None:
        raise TrainerError(f"editor {editor!r} not found", remedy="set EDITOR, or use the built-in editor")
    yield "editor", editor or "the built-in editor"


def _cluster(run: Run) -> Iterator[tuple[str, str]]:
    from trainer.cluster.kubeconfig import kubeconfig_files

    for file in kubeconfig_files():
        yield "kubeconfig", f"{file}" + ("" if file.exists() else " (not found)")
    yield "context", run.settings.context or "not set: live checks are off"


_TOPICS: dict[str, Callable[[Run], Iterator[tuple[str, str]]]] = {
    "program": _program,
    "settings": _settings,
    "workspace": _workspace,
    "progress": _store,
    "cards": _cards,
    "terminal": _terminal,
    "cluster": _cluster,
}


def _lines(findings: list[Finding]) -> list[str]:
    lines: list[str] = []
    topic = ""
    for finding in findings:
        if finding.topic != topic:
            topic = finding.topic
            lines.append(topic)
        mark = "ok   " if finding.fine else "WRONG"
        lines.append(f"  {mark} {finding.name}: {finding.value}")
        if finding.remedy:
            lines.append(f"        {finding.remedy}")
    return lines
