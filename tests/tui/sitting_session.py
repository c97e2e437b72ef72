"""A real session on the small pack, for the screens of the exam: they are nothing without clock and grading."""

from __future__ import annotations

from pathlib import Path

from tests.tui.showing import assert_shows
from trainer.config import Settings
from trainer.progress.exams import Exam, Exams
from trainer.session import Session
from trainer.session.exam.draw import Plan
from trainer.session.exam.start import begin
from trainer.tui.app import TrainerApp

PACK = Path(__file__).parents[1] / "fixtures" / "pack-mini"
AT = 1_773_140_400.0


def real_session(folder: Path) -> Session:
    """A session whose files are all below this folder."""
    settings = Settings(folder / "ws", folder / "p.db", folder / "config.toml", pack=PACK)
    return Session.open(settings, clock=lambda: AT)


def both_cards(session: Session) -> Exam:
    """An exam of the two cards that runs; `tiny-pod` is the first."""
    seed = next(one for one in range(1, 99) if _first(session, one) == "tiny-pod")
    return begin(session, Plan(minutes=10, cards=2), seed)


def now(session: Session, number: int = 1) -> Exam:
    """The exam as it is stored."""
    return Exams(session.store).get(number)


def reference(card: str) -> str:
    """The solution of a card as it is written."""
    return next(PACK.glob(f"solutions/*/{card}/reference.yaml")).read_text()


def _first(session: Session, seed: int) -> str:
    from trainer.session.exam.draw import draw

    return draw(session.catalogue.cards, Plan(minutes=10, cards=2), seed).cards[0].id


async def assert_all_shown(app: TrainerApp, *texts: str) -> None:
    """Assert that each of these texts appears on the screen."""
    for text in texts:
        await assert_shows(app, text)
