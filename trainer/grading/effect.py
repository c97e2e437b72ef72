"""(card, answer, verdict) to what the answer does: the pictures of its checks, drawn when somebody looks."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from trainer.errors import TrainerError
from trainer.grading.allowance import Allowance, OutOfTime
from trainer.grading.grade import graded_world
from trainer.grading.redact import Redactor
from trainer.grading.still_given import explained_place, only_changes
from trainer.picture import Cell, Effect, Picture, Row, State, drawn
from trainer.rules import picture_of
from trainer.verdict import CheckResult, Outcome, Scope, Status, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainer.content.card import Card, Check
    from trainer.grading.hidden import Hidden
    from trainer.manifests.answer import Answer
    from trainer.simulate.world import World


def effects(card: Card, answer: Answer, verdict: Verdict) -> tuple[Effect, ...]:
    """The pictures of the checks that this verdict of the answer judged, in the card's order.

    Checks that are skipped or could not run have none, nor have those whose rule draws nothing. No word has a
    secret of the answer. What takes longer than `allowance.SECONDS` isn't drawn.
    Raises `AnswerUnreadable` and `CardError` as `grade` does.
    """
    judged = {one.id: one for one in verdict.checks if one.scope is Scope.FILE}
    wanted = [
        (check, judged[check.id])
        for check in card.checks
        if check.id in judged and judged[check.id].status in (Status.PASS, Status.FAIL)
    ]
    wanted = [pair for pair in wanted if picture_of(pair[0].rule) is not None]
    found: list[Effect] = []
    if not wanted:
        return ()
    with suppress(OutOfTime), Allowance():  # those before the time is over are shown
        world = graded_world(card, answer)
        for effect in _drawn(wanted, world):
            found.append(effect)  # noqa: PERF402
    hidden = Redactor(answer).hidden
    return tuple(Effect(one.check, _without_secrets(one.picture, hidden)) for one in found)


def _drawn(wanted: list[tuple[Check, CheckResult]], world: World) -> Iterator[Effect]:
    for check, result in wanted:
        picture = draw(check, world)
        if picture is not None and agrees(picture, result.status):
            yield Effect(check.id, picture)


def draw(check: Check, world: World) -> Picture | None:
    """The picture of one check on a world; None if its rule has none, or can't draw this."""
    of = picture_of(check.rule)
    if of is None:
        return None
    try:
        picture = of(world, check.params)
        if check.only_changes is not None and State.WRONG not in picture.states():
            picture = _with_changes(picture, only_changes(world, check.only_changes))
        return _explained(picture, world) if world.refused else picture
    except TrainerError:
        return None
    except Exception:  # a defect of ours takes the picture away, never the verdict
        return None


def _with_changes(picture: Picture, outcome: Outcome) -> Picture:
    """The picture; before it, the given objects that the answer must not change, and does."""
    changed = [Row(one.message, (Cell("changed", State.WRONG, "", one.location),)) for one in outcome.reasons]
    if not changed:
        return picture
    columns = picture.columns or ("",)
    whole = drawn(picture.title, columns, (*changed, *picture.rows), picture.kind)
    return msgspec.structs.replace(whole, left_out=f"{picture.left_out} {whole.left_out}".strip())


def _explained(picture: Picture, world: World) -> Picture:
    """The picture; what a refused object of the answer leaves as it was leads to the refusal."""
    rows = (
        msgspec.structs.replace(
            row,
            cells=tuple(
                msgspec.structs.replace(cell, location=explained_place(cell.location, world))
                for cell in row.cells
            ),
        )
        for row in picture.rows
    )
    return msgspec.structs.replace(picture, rows=tuple(rows))


def agrees(picture: Picture, status: Status) -> bool:
    """Whether a picture says what the verdict says: no wrong cell in a PASS, at least one in a FAIL."""
    return (State.WRONG in picture.states()) is (status is Status.FAIL)


def _without_secrets(picture: Picture, hidden: Hidden) -> Picture:
    rows = (
        Row(
            hidden.sentence(row.head),
            tuple(
                msgspec.structs.replace(
                    cell,
                    word=hidden.sentence(cell.word),
                    before=hidden.sentence(cell.before),
                    location=hidden.location(cell.location),
                )
                for cell in row.cells
            ),
            row.depth,
        )
        for row in picture.rows
    )
    columns = tuple(map(hidden.sentence, picture.columns))
    return Picture(hidden.sentence(picture.title), columns, tuple(rows), picture.kind, picture.left_out)
