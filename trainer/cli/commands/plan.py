"""`cks-trainer plan`: what to do today, by exam date, minutes a day, weights and weakness."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click
import msgspec

from trainer.cli import streams
from trainer.cli.base import Run
from trainer.cli.base import command as make_command

if TYPE_CHECKING:
    from trainer.session.plan import Plan

SCHEMA = "cks-trainer.plan/1"
MOST = 12
"""Rows of the table, at most; `--json` has all."""


@make_command(name="plan")
@click.option(
    "--exam", metavar="DATE", help="Remember the day of your exam, such as 2026-12-24; `none` forgets it."
)
@click.option("--minutes", metavar="N", help="Remember how many minutes a day you practice.")
def command(run: Run, exam: str | None, minutes: str | None) -> None:
    """Show what to do today: the card that you left, what is due, what was weak, then new cards."""
    from trainer.session.plan import read_exam_date, read_minutes
    from trainer.session.today import goal, set_goal

    session = run.session
    if exam is not None or minutes is not None:
        new = goal(session)
        if exam is not None:
            today = date.fromtimestamp(session.clock())
            new = msgspec.structs.replace(
                new, exam=None if exam.strip().lower() == "none" else read_exam_date(exam, today)
            )
        if minutes is not None:
            new = msgspec.structs.replace(new, minutes_a_day=read_minutes(minutes))
        set_goal(session, new)
    plan = session.overview().plan
    if run.json:
        streams.out_json({"schema": SCHEMA, **fields(plan)})
        return
    streams.out_lines(_lines(plan))


def fields(plan: Plan) -> dict[str, Any]:
    """A plan in the form of the JSON contract; the first `today` steps are for today."""
    return {
        "exam": plan.goal.exam.isoformat() if plan.goal.exam else None,
        "days_left": plan.days_left,
        "minutes_a_day": plan.goal.minutes_a_day,
        "minutes_left": plan.minutes_left,
        "minutes_needed": plan.minutes_needed,
        "today": plan.today,
        "steps": [
            {
                "kind": step.kind,
                "card": step.state.card.id,
                "title": step.state.card.title,
                "minutes": step.state.card.minutes,
            }
            for step in plan.steps
        ],
    }


def _lines(plan: Plan) -> list[str]:
    from trainer.cli.tables import cut, table, title_room

    a_day = f"{plan.goal.minutes_a_day} min a day"
    if plan.days_left is None:
        head = f"no exam date yet (--exam DATE) · {a_day}"
    else:
        head = f"exam in {plan.days_left} days · {a_day}"
        if (needed := plan.minutes_needed or 0) > plan.goal.minutes_a_day:
            head += f"; all cards would take {needed}"
    if not plan.steps:
        return [head, "", "nothing left to do today: every card passed, and none is due"]
    shown = plan.steps[: max(min(plan.today, MOST), 1)]
    cells = [(step.kind, step.state.card.id, str(step.state.card.minutes)) for step in shown]
    room = title_room(streams.columns(), [("", "card", "min"), *cells])
    rows = [
        (kind, card, cut(step.state.card.title, room), minutes)
        for step, (kind, card, minutes) in zip(shown, cells, strict=True)
    ]
    lines = [head, "", *table(("", "card", "title", "min"), rows, right=(3,))]
    if not plan.today:
        lines.insert(1, "today's minutes are done; the next card would be:")
    return lines
