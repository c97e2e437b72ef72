"""A session: from starting a card to passing it, remembered by the next session."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from trainer.config import Settings
from trainer.errors import AnswerUnreadable, UsageError
from trainer.session import Session

PACK = Path(__file__).parent.parent / "fixtures" / "pack-mini"
SOLUTIONS = PACK / "solutions" / "runtime-security" / "tiny-pod"
NOON = 1_773_140_400.0

Make = Callable[[], Session]


def text(variant: str) -> str:
    return (SOLUTIONS / f"{variant}.yaml").read_text()


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    opened: list[Session] = []

    def make() -> Session:
        settings = Settings(tmp_path / "ws", tmp_path / "p.db", tmp_path / "config.toml", pack=PACK)
        opened.append(Session.open(settings, clock=lambda: NOON))
        return opened[-1]

    yield make
    for session in opened:
        session.close()


def test_the_whole_way_and_back_again(make: Make) -> None:
    session = make()
    card = session.card("tiny-pod")
    assert session.states()[1].status == "new"
    assert [path.name for path in session.start(card)] == ["pod.yaml"]
    assert session.states()[1].status == "started"

    session.write(card, "pod.yaml", text("wrong-place"))
    graded = session.grade(card, seconds=10)
    assert (graded.attempt, graded.verdict.points, graded.unrecorded) == (1, 0, "")
    assert graded.milliseconds > 0
    assert graded.answer == session.read(card)
    assert session.grade(card).attempt == 1, "the same bytes"

    session.write(card, "pod.yaml", text("reference"))
    assert session.grade(card, record=False).attempt is None
    graded = session.grade(card)
    assert (graded.attempt, graded.verdict.passed) == (2, True)
    session.close()

    again = make()
    state = again.states()[1]
    assert (state.status, state.attempts, state.best) == ("passed", 2, 100)
    assert state.last is not None
    assert (state.last.at, state.last.checks_passed, state.last.checks_total) == (NOON, 2, 2)
    assert again.summary().mastered == pytest.approx(0.2 / 5)
    assert again.summary().streak == 1
    assert again.passed(card)
    assert not again.passed(again.card("tiny-space"))


def test_what_is_unchanged_is_no_attempt_and_looking_is_no_start(make: Make) -> None:
    session = make()
    card = session.card("tiny-pod")
    assert session.text(card, "pod.yaml").text == card.start["pod.yaml"]
    assert not session.started(card)
    with pytest.raises(AnswerUnreadable, match=r"isn't started: .* does not exist") as caught:
        session.grade(card)
    assert "cks-trainer start tiny-pod" in caught.value.remedy
    assert [(state.status, state.attempts) for state in session.states()] == [("new", 0), ("new", 0)]
    session.start(card)
    assert session.grade(card).attempt is None
    assert [(state.status, state.attempts) for state in session.states()] == [("new", 0), ("started", 0)]


def test_hints_and_solution_are_remembered(make: Make) -> None:
    session = make()
    card = session.card("tiny-pod")
    assert session.hints_shown(card) == 0
    assert [session.next_hint(card) for _ in range(3)] == [*card.hints, None]
    assert not session.revealed(card)
    assert list(session.reveal(card).files) == ["pod.yaml"]
    session.close()
    again = make()
    assert again.hints_shown(card) == 2
    assert again.next_hint(card) is None
    assert again.revealed(card)


def test_a_reset_keeps_the_answer(make: Make) -> None:
    session = make()
    card = session.card("tiny-pod")
    session.start(card)
    assert session.changed(card) == []
    session.write(card, "pod.yaml", "mine")
    assert session.changed(card) == ["pod.yaml"]
    backup = session.reset(card)
    assert (backup / "pod.yaml").read_text() == "mine"
    assert (session.folder(card) / "pod.yaml").read_text() == card.start["pod.yaml"]
    assert session.changed(card) == []


def test_every_save_changes_the_signature(make: Make) -> None:
    session = make()
    card = session.card("tiny-pod")
    assert session.signature(card) == ()
    session.start(card)
    first = session.signature(card)
    session.write(card, "pod.yaml", "other")
    assert first != session.signature(card) != ()


def test_an_answer_elsewhere_is_graded_by_its_path(make: Make) -> None:
    session = make()
    card = session.card("tiny-pod")
    assert session.grade(card, [SOLUTIONS / "reference.yaml"], record=False).verdict.passed
    with pytest.raises(AnswerUnreadable):
        session.grade(card)


def test_cards_are_found_alone_and_misspelt_ones_told(make: Make) -> None:
    session = make()
    assert session.card("tiny-pod").id == "tiny-pod"
    assert "catalogue" not in session.__dict__, "one card is found without loading the others"
    for name in ("tiny-pof", "../../etc/passwd", "*", ""):
        with pytest.raises(UsageError):
            session.card(name)


def test_grading_in_threads(make: Make) -> None:
    session = make()
    card = session.card("tiny-pod")
    session.write(card, "pod.yaml", text("reference"))
    numbers: list[int | None] = []
    threads = [threading.Thread(target=lambda: numbers.append(session.grade(card).attempt)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers == [1] * 6
    assert session.states()[1].attempts == 1


def test_a_store_that_fails_leaves_the_verdict(make: Make, tmp_path: Path) -> None:
    session = make()
    card = session.card("tiny-pod")
    session.write(card, "pod.yaml", text("reference"))
    (tmp_path / "p.db").write_text("my notes")
    graded = session.grade(card)
    assert graded.verdict.passed
    assert graded.attempt is None
    assert "not changed" in graded.unrecorded


def test_a_card_stays_in_the_wording_in_which_it_was_started(make: Make) -> None:
    session = make()
    varied = session.card("tiny-pod", 3)
    assert "`moon`" in varied.prompt
    session.start(varied)
    assert "name: moon" in (session.folder(varied) / "given" / "cluster.yaml").read_text()
    assert session.states()[1].card.prompt == varied.prompt
    assert "`sun`" in session.catalogue.get("tiny-pod").prompt
    session.close()

    again = make()
    card = again.card("tiny-pod")
    assert (card.seed, card.prompt) == (3, varied.prompt)
    again.write(card, "pod.yaml", text("reference").replace("sun", "moon").replace("1.32.0", "1.36.1"))
    graded = again.grade(card)
    assert (graded.verdict.passed, graded.verdict.seed) == (True, 3)
    assert [attempt.seed for attempt in again.store.attempts("tiny-pod")] == [3]
    assert again.states()[1].last is not None
    assert again.states()[1].last.seed == 3  # type: ignore[union-attr]
    with pytest.raises(UsageError, match="has the task of seed 3, not 0"):
        again.grade(again.card("tiny-pod", 0), record=False)


def test_a_folder_has_the_task_of_one_seed(make: Make) -> None:
    session = make()
    session.start(session.card("tiny-pod", 3))
    other = session.card("tiny-pod", 2)
    with pytest.raises(UsageError, match="has the task of seed 3, not 2") as caught:
        session.start(other)
    assert "cks-trainer start tiny-pod --seed 2" in caught.value.remedy
    assert "seed 3" in session.reveal(other).uncompared
    session.write(other, "pod.yaml", "mine")
    backup = session.reset(other)
    assert (backup / "pod.yaml").read_text() == "mine"
    assert "name: moon" in (backup / "given" / "cluster.yaml").read_text()
    assert "name: mars" in (session.folder(other) / "given" / "cluster.yaml").read_text()
    assert session.card("tiny-pod").seed == 2
    session.reset(session.card("tiny-pod", 0))
    assert session.card("tiny-pod").seed == 0
    assert not (session.folder(other) / ".seed").exists()


def test_the_seed_of_a_session_is_for_cards_that_are_not_started(make: Make) -> None:
    session = make()
    session.start(session.card("tiny-pod"))
    session.seed = 3
    assert session.card("tiny-pod").seed == 0
    assert session.card("tiny-space").seed == 0
    session.settings.workspace.rename(session.settings.workspace.with_name("moved"))
    assert session.card("tiny-pod").seed == 3


@pytest.mark.parametrize("stored", ["", "x", "-1", "9" * 40])
def test_a_stored_seed_that_is_none_is_told(make: Make, stored: str) -> None:
    session = make()
    session.start(session.card("tiny-pod"))
    (session.settings.workspace / "tiny-pod" / ".seed").write_text(stored)
    with pytest.raises(UsageError, match=r"\.seed: .* isn't a seed"):
        session.card("tiny-pod")
    assert "`sun`" in session.states()[1].card.prompt
