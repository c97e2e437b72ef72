"""Begin an exam: a new draw, or the cards of an earlier one in other variants."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from trainer.errors import UsageError
from trainer.progress.exams import Exam, Exams, NewCard, NewExam
from trainer.session import workspace
from trainer.session.exam.desk import digest_of
from trainer.session.exam.draw import LARGEST_SEED, Plan, draw, variant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trainer.content.listed import Listed
    from trainer.session.core import Session


def begin(session: Session, plan: Plan, seed: int | None = None) -> Exam:
    """Draw and begin an exam. Raises `UsageError` if one runs already, or if the pack has too few cards."""
    seed = seed or new_seed()
    drawn = draw(session.catalogue.cards, plan, seed)
    return _begin(session, drawn.cards, drawn.minutes, seed, drill=plan.is_drill)


def retake(session: Session, earlier: Exam, seed: int | None = None) -> Exam:
    """Begin an exam with the cards of an earlier one, each in another variant where it has any.

    Raises `UsageError` if one runs already, or if a card is no longer in the pack.
    """
    require_pack(session, earlier)
    known = {card.id: card for card in session.catalogue.cards}
    gone = [card.card for card in earlier.cards if card.card not in known]
    if gone:
        raise UsageError(
            f"the pack no longer has {', '.join(gone)}", remedy="begin a new exam: cks-trainer exam start"
        )
    cards = [known[card.card] for card in earlier.cards]
    chosen = seed or new_seed()
    return _begin(session, cards, earlier.minutes, chosen, drill=earlier.drill, again=earlier.number)


def new_seed() -> int:
    """A seed that nobody chose."""
    return 1 + secrets.randbelow(LARGEST_SEED)


def pack_of(session: Session) -> str:
    """The pack of a session, as an exam remembers it."""
    return str(session.settings.pack.absolute()) if session.settings.pack else ""


def require_pack(session: Session, exam: Exam) -> None:
    """Raise `UsageError` if the exam's cards are those of another pack than the session's."""
    if pack_of(session) != exam.pack:
        theirs = f"pass --pack {exam.pack}" if exam.pack else "omit --pack"
        raise UsageError(f"exam {exam.number} has cards of another pack", remedy=theirs)


def _begin(
    session: Session,
    cards: Iterable[Listed],
    minutes: int,
    seed: int,
    *,
    drill: bool,
    again: int | None = None,
) -> Exam:
    new = NewExam(
        seed=seed,
        minutes=minutes,
        drill=drill,
        pack=pack_of(session),
        cards=tuple(_drawn(session, card, seed) for card in cards),
        again=again,
    )
    known = {card.id for card in session.catalogue.cards}
    home = session.settings.workspace.absolute()

    def place(number: int) -> str | None:
        """A new database begins at 1, but answers of earlier exams may be there."""
        name = f"exam-{number}"
        return None if name in known or workspace.is_there(home / name) else str(home / name)

    return Exams(session.store).begin(new, place)


def _drawn(session: Session, card: Listed, seed: int) -> NewCard:
    from trainer.content.listed import in_wording
    from trainer.content.vary import seeded

    mine = variant(seed, card.id)
    shown = in_wording(card, seeded(mine)(card.id, card.vary))
    return NewCard(
        card=card.id,
        seed=mine,
        title=shown.title,
        domain=card.domain,
        competency=card.competency,
        minutes=card.minutes,
        points=card.points,
        digest=digest_of(card.id, session.pack),
    )
