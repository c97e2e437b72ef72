"""`cks-trainer progress`: where the learner stands, by domain and card."""

from __future__ import annotations

import time
from typing import Any

import msgspec

from trainer.cli import streams
from trainer.cli.base import Run
from trainer.cli.base import command as make_command
from trainer.session.model import AttemptSummary, CardState, DomainState, Summary
from trainer.session.standing import percent

SCHEMA = "cks-trainer.progress/1"
TITLE_WIDTH = 58
"""Columns for a competency's words, so that a row fits into 80."""


@make_command(name="progress")
def command(run: Run) -> None:
    """Show your progress by domain and card."""
    session = run.session
    states, domains, summary = session.states(), session.domains(), session.summary()
    if run.json:
        streams.out_json(fields(states, domains, summary))
        return
    streams.out_lines(_lines(states, domains, summary))


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
