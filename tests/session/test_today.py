"""The plan and the reviews of a real session: what is stored, and what a review starts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from trainer.config import Settings
from trainer.errors import UsageError
from trainer.session import Session
from trainer.session.plan import Goal
from trainer.session.review import Rating
from trainer.session.today import (
    bare_overview,
    days_if_rated,
    due,
    goal,
    is_first_start,
    last_review,
    rate,
    set_goal,
    start_review,
)

FIXTURES = Path(__file__).parent.parent / "fixtures"
DAY = 86_400.0


class Clock:
    """A clock that is set by hand."""

    now = 1_773_140_400.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def session(tmp_path: Path, clock: Clock) -> Iterator[Session]:
    pack = FIXTURES / "pack-mini"
    opened = Session.open(
        Settings(tmp_path / "ws", tmp_path / "p.db", tmp_path / "c", pack=pack), clock=clock
    )
    yield opened
    opened.close()


def save(session: Session, variant: str) -> None:
    card = session.card("tiny-pod")
    session.start(card)
    folder = session.pack.solutions / "runtime-security" / "tiny-pod"
    session.write(card, "pod.yaml", card.wording.text((folder / f"{variant}.yaml").read_text()))
    session.grade(card, seconds=100.0)


def test_from_the_first_attempt_to_the_review(session: Session, clock: Clock) -> None:
    assert (due(session), last_review(session, "tiny-pod"), days_if_rated(session, "tiny-pod")) == (
        [],
        None,
        {},
    )
    assert [step.kind for step in session.overview().plan.steps] == ["new", "new"]
    with pytest.raises(UsageError, match="no attempt to rate"):
        rate(session, "tiny-pod", Rating.EASY)
    save(session, "wrong-writable")
    (one,) = due(session)
    assert (one.card, one.day, one.weak) == ("tiny-pod", date(2026, 3, 11), ("read-only",))
    assert [step.kind for step in session.overview().plan.steps] == ["continue", "new"]
    save(session, "reference")
    review = last_review(session, "tiny-pod")
    assert review is not None
    assert (review.sitting, review.rating, review.chosen) == (1, Rating.GOOD, False)
    assert (review.due.day, review.due.weak) == (date(2026, 3, 12), ())
    days = days_if_rated(session, "tiny-pod")
    assert days[Rating.GOOD] == review.due.day
    assert list(days.values()) == sorted(days.values())
    changed = rate(session, "tiny-pod", Rating.EASY)
    assert days[Rating.EASY] == changed.due.day
    assert (changed.rating, changed.chosen, changed.due.day) == (Rating.EASY, True, date(2026, 3, 18))
    clock.now += 8 * DAY
    assert [(step.kind, step.state.card.id) for step in session.overview().plan.steps] == [
        ("due", "tiny-pod"),
        ("new", "tiny-space"),
    ]


def test_a_review_starts_anew_only_what_has_passed(session: Session, clock: Clock) -> None:
    card = start_review(session, "tiny-pod")
    file = session.folder(card) / "pod.yaml"
    starter = card.start.get("pod.yaml", "")
    assert session.started(card)
    save(session, "wrong-writable")
    unfinished = file.read_text()
    start_review(session, "tiny-pod")
    assert file.read_text() == unfinished, "an unfinished answer stays"
    save(session, "reference")
    passed = file.read_text()
    clock.now += 60
    start_review(session, "tiny-pod")
    assert not file.exists() or file.read_text() == starter
    assert passed in [one.read_text() for one in session.folder(card).glob(".backup/*/pod.yaml")]
    (session.folder(card) / "pod.yaml").write_text("begun: true\n")
    start_review(session, "tiny-pod")
    assert file.read_text() == "begun: true\n", "the review had begun"
    state = next(one for one in session.states() if one.card.id == "tiny-pod")
    assert (state.status, state.in_progress) == ("passed", True)


def test_a_review_has_another_wording(tmp_path: Path, clock: Clock) -> None:
    session = Session.open(Settings(tmp_path / "ws", tmp_path / "p.db", tmp_path / "c"), clock=clock)
    card = session.card("pod-ro")
    session.start(card)
    answer = (session.pack.solutions / "runtime-security" / "pod-ro" / "reference.yaml").read_text()
    session.write(card, card.files[0], answer)
    assert session.grade(card).verdict.passed
    again = start_review(session, "pod-ro")
    assert again.seed > 0
    assert again.wording.words != card.wording.words
    assert session.stored_seed("pod-ro") == again.seed
    session.write(again, card.files[0], again.wording.text(answer))
    assert session.grade(again).verdict.passed
    assert start_review(session, "pod-ro").wording.words != again.wording.words
    session.close()


def test_the_goal_is_remembered(session: Session) -> None:
    assert goal(session) == Goal()
    set_goal(session, Goal(date(2026, 4, 1), 45))
    assert goal(session) == Goal(date(2026, 4, 1), 45)
    assert session.overview().plan.days_left == 22
    set_goal(session, Goal(None, 20))
    assert goal(session) == Goal(None, 20)
    session.store.choose("exam-date", "rubbish")
    session.store.choose("minutes-a-day", "-4")
    assert goal(session) == Goal(), "what can't be read counts as not chosen"


def test_without_a_store_every_card_is_new(session: Session) -> None:
    save(session, "reference")
    bare = bare_overview(session)
    assert [state.status for state in bare.states] == ["new", "new"]
    assert (bare.due, bare.summary.attempts, len(bare.plan.steps)) == ((), 0, 2)


def test_the_first_start_is_before_anything_is_recorded(session: Session) -> None:
    assert is_first_start(session)
    save(session, "reference")
    assert not is_first_start(session)
