"""`cks-trainer progress`: where the learner stands, by domain and card."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click
import msgspec

from trainer.cli import streams
from trainer.cli.base import Run
from trainer.cli.base import command as make_command
from trainer.errors import AnswerUnreadable, UsageError
from trainer.session.model import AttemptSummary, CardState, DomainState, Summary
from trainer.session.standing import percent

SCHEMA = "cks-trainer.progress/1"
SCHEMA_EXPORT, SCHEMA_IMPORT = "cks-trainer.export/1", "cks-trainer.import/1"
LARGEST = 512
"""MiB of a history that is imported, at most."""
TITLE_WIDTH = 58
"""Columns for a competency's words, so that a row fits into 80."""


@make_command(name="progress")
@click.argument("action", type=click.Choice(["export", "import"]), required=False, metavar="[export|import]")
@click.argument("file", required=False, metavar="[FILE]")
@click.option("--force", is_flag=True, help="Replace an existing FILE without asking.")
def command(run: Run, action: str | None, file: str | None, force: bool) -> None:
    """Show your progress by domain and card, or export and import all of it.

    An export has every attempt, hint, rating, exam and choice as JSON Lines, without secrets. An import
    adds what is missing here, and nothing twice.
    """
    if action and not file:
        raise UsageError(f"{action} needs a file", remedy=f"cks-trainer progress {action} FILE")
    if action == "export" and file:
        _export(run, Path(file), force)
        return
    if action == "import" and file:
        _import(run, Path(file))
        return
    session = run.session
    states, domains, summary = session.states(), session.domains(), session.summary()
    if run.json:
        streams.out_json(fields(states, domains, summary) | _figures(run))
        return
    streams.out_lines(_lines(states, domains, summary))
    if summary.attempts:
        streams.out_lines(["", *_figure_lines(run)])


def _export(run: Run, file: Path, force: bool) -> None:
    from trainer.files import replace_file
    from trainer.progress.history import export_history

    data = export_history(run.session.store)
    if file.exists() and not force and not run.confirm(f"{file} exists. Replace it?", option="--force"):
        return
    replace_file(file, data, mode=0o600)
    rows = data.count(b"\n") - 1
    if run.json:
        streams.out_json({"schema": SCHEMA_EXPORT, "file": str(file), "rows": rows})
    else:
        streams.out(f"{file}: {rows} rows")


def _import(run: Run, file: Path) -> None:
    from trainer.files import MIB, FileFault, read_file
    from trainer.progress.history import import_history

    try:
        data = read_file(file, limit=LARGEST * MIB)
    except FileFault as fault:
        raise AnswerUnreadable(fault.message, file=str(file), remedy=fault.remedy) from None
    added = import_history(run.session.store, data, str(file))
    if run.json:
        streams.out_json({"schema": SCHEMA_IMPORT, "file": str(file), "added": added})
        return
    new = ", ".join(f"{count} {table}" for table, count in added.items() if count)
    streams.out(f"added {new.replace('_', ' ')}" if new else "nothing new")


def fields(states: list[CardState], domains: list[DomainState], summary: Summary) -> dict[str, Any]:
    """The progress as JSON: shares 0 to 1, results in percent, times in seconds since 1970."""
    return {
        "schema": SCHEMA,
        **msgspec.to_builtins(summary),
        "domains": msgspec.to_builtins(domains),
        "states": [
            {
                "card": state.card.id,
                "domain": state.card.domain,
                "status": state.status,
                "attempts": state.attempts,
                "best": state.best,
                "last": msgspec.to_builtins(state.last),
            }
            for state in states
        ],
    }


def _figures(run: Run) -> dict[str, Any]:
    """Readiness by day, estimate, minutes, weak checks, reviews: what the app shows, too."""
    from trainer.session.figures import figures_of
    from trainer.session.weakness import weakest_checks

    session = run.session
    overview = session.overview()
    figures = figures_of(overview, session.store.tries())
    weak = weakest_checks(session.catalogue.cards, session.store.attempts)
    return {
        **msgspec.to_builtins(figures),
        "weakest": [
            {
                "card": one.card.id,
                "check": one.check,
                "says": one.says,
                "failed": one.failed,
                "tries": one.tries,
            }
            for one in weak
        ],
        "exam": overview.plan.goal.exam.isoformat() if overview.plan.goal.exam else None,
    }


def _figure_lines(run: Run) -> list[str]:
    from trainer.cli.tables import cut, table

    found = _figures(run)
    estimate, coming = found["estimate"], found["forecast"]
    lines = [
        f"an exam today: about {_percent(estimate['score'])}, give or take {_percent(estimate['spread'])}"
        " (67% to pass)",
        f"reviews: {coming[0]} today, {sum(coming[1:7])} in the six days after,"
        f" {sum(coming[7:])} in the week after",
    ]
    if found["weakest"]:
        rows = [
            (one["card"], f"{one['failed']} of {one['tries']}", cut(one["says"], 44))
            for one in found["weakest"]
        ]
        lines += ["", *table(("card", "failed", "weakest checks"), rows)]
    if found["timings"]:
        slow = [
            (one["card"], f"{one['seconds'] / 60:.1f}", str(one["minutes"])) for one in found["timings"][:8]
        ]
        lines += ["", *table(("card", "minutes", "target"), slow, right=(1, 2))]
    return lines


def _lines(states: list[CardState], domains: list[DomainState], summary: Summary) -> list[str]:
    from trainer.cli.tables import bar, cut, table

    lines = [
        f"mastered {_percent(summary.mastered)} of the exam"
        f" · {summary.passed} of {summary.cards} cards passed"
        f" · {summary.attempts} attempts · streak {summary.streak}",
        f"{summary.covered} of {summary.competencies} competencies have cards;"
        " the others count as not mastered",
        "",
    ]
    rows = [
        (
            domain.title,
            f"{domain.weight}%",
            bar(domain.mastery),
            _percent(domain.mastery),
            f"{domain.passed}/{domain.cards}" if domain.cards else "no cards",
        )
        for domain in domains
    ]
    lines += table(("domain", "exam", "yours", "", "passed"), rows, right=(1, 3, 4))
    topics = [
        (
            one.competency,
            cut(one.title, TITLE_WIDTH),
            _percent(one.mastery),
            f"{one.passed}/{one.cards}" if one.cards else "no card",
        )
        for domain in domains
        for one in domain.competencies
    ]
    lines += ["", *table(("", "competency", "yours", "passed"), topics, right=(2, 3))]
    tried = [state for state in states if state.status != "new"]
    if not tried:
        return [*lines, "", "no card started yet: cks-trainer list"]
    rows = [
        (
            state.card.id,
            state.status,
            f"{state.best}%" if state.attempts else "",
            str(state.attempts),
            _last(state.last),
        )
        for state in tried
    ]
    return [*lines, "", *table(("card", "status", "best", "tries", "last try"), rows, right=(2, 3))]


def _percent(share: float) -> str:
    return f"{percent(share)}%"


def _last(last: AttemptSummary | None) -> str:
    if last is None:
        return ""
    day = time.strftime("%Y-%m-%d %H:%M", time.localtime(last.at))
    return f"{day}, {last.checks_passed} of {last.checks_total} checks"
