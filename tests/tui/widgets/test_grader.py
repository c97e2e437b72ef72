"""Tests of `tui.widgets.grader`: watches the answer's files and grades them in a thread."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.message import Message

from tests.patience import HANGS
from tests.tui.fake_session import RIGHT, WRONG, FakeSession, judge
from tests.tui.showing import assert_soon
from trainer.content.card import Card
from trainer.errors import StoreError
from trainer.tui.widgets import grader as module
from trainer.tui.widgets.grader import Grader
from trainer.verdict import Verdict


class Host(App[None]):
    def __init__(self, session: FakeSession) -> None:
        super().__init__()
        self.session = session
        self.messages: list[Message] = []

    def compose(self) -> ComposeResult:
        card = self.session.catalogue.cards[0]
        self.session.start(card)
        yield Grader(self.session, card, lambda: 0.0)  # type: ignore[arg-type]

    def on_grader_saved(self, event: Grader.Saved) -> None:
        self.messages.append(event)

    def on_grader_finished(self, event: Grader.Finished) -> None:
        self.messages.append(event)

    def on_grader_failed(self, event: Grader.Failed) -> None:
        self.messages.append(event)

    def verdicts(self) -> list[bool]:
        return [event.graded.verdict.passed for event in self.messages if isinstance(event, Grader.Finished)]


def file_of(session: FakeSession) -> Path:
    return session.folder(session.catalogue.cards[0]) / "pod.yaml"


async def test_every_save_is_graded_whoever_saves(session: FakeSession) -> None:
    app = Host(session)
    async with app.run_test():
        file_of(session).write_text(WRONG)
        await assert_soon(lambda: app.verdicts() == [False])
        beside = file_of(session).with_name(".beside")
        beside.write_text(RIGHT)
        beside.replace(file_of(session))
        await assert_soon(lambda: app.verdicts() == [False, True])
        assert [type(message) for message in app.messages] == [Grader.Saved, Grader.Finished] * 2


async def test_nothing_is_graded_while_nothing_changes(session: FakeSession) -> None:
    app = Host(session)
    async with app.run_test() as pilot:
        for _ in range(5):
            app.query_one(Grader).poll()
        await pilot.pause()
        assert (session.graded, app.messages) == (0, [])


@pytest.mark.parametrize(
    "order",
    [("saved", "poll"), ("poll", "saved"), ("poll", "_settle", "saved"), ("poll", "poll", "_settle")],
)
async def test_one_save_is_one_grading(
    session: FakeSession, monkeypatch: pytest.MonkeyPatch, order: tuple[str, ...]
) -> None:
    """Whether the app says first that it saved or a poll finds it, and however late the app says so."""
    monkeypatch.setattr(module, "POLL_SECONDS", HANGS)
    monkeypatch.setattr(module, "SETTLE_SECONDS", HANGS)
    app = Host(session)
    async with app.run_test():
        for number, text in enumerate((WRONG, RIGHT), start=1):
            file_of(session).write_text(text)
            for step in (*order, "poll"):
                getattr(app.query_one(Grader), step)()
            await assert_soon(lambda wanted=number: len(app.verdicts()) >= wanted)
        assert app.verdicts() == [False, True]
        assert session.graded == 2


async def test_what_changes_while_it_settles_is_graded_once(
    session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "POLL_SECONDS", HANGS)
    monkeypatch.setattr(module, "SETTLE_SECONDS", HANGS)
    app = Host(session)
    async with app.run_test():
        grader = app.query_one(Grader)
        for text in ("", WRONG, RIGHT):
            file_of(session).write_text(text)
            grader.poll()
        file_of(session).write_text(f"{RIGHT}\n")
        grader._settle()
        assert session.graded == 0
        grader._settle()
        await assert_soon(app.verdicts)
        assert (session.graded, app.verdicts()) == (1, [True])


async def test_grading_runs_in_a_thread_and_an_overtaken_result_is_dropped(tmp_path: Path) -> None:
    first, threads = threading.Event(), []

    def slow(card: Card, text: str) -> Verdict:
        threads.append(threading.current_thread())
        if text == WRONG:
            first.wait(HANGS)
        return judge(card, text)

    session = FakeSession(tmp_path, verdicts=slow)
    app = Host(session)
    async with app.run_test():
        grader = app.query_one(Grader)
        file_of(session).write_text(WRONG)
        grader.grade()
        await assert_soon(lambda: len(threads) == 1)
        file_of(session).write_text(RIGHT)
        grader.grade()
        await assert_soon(lambda: app.verdicts() == [True])
        first.set()
        await assert_soon(lambda: len(session.attempts["pod-ro"]) == 2)
        assert app.verdicts() == [True]
        assert threading.main_thread() not in threads


async def test_an_answer_that_cannot_be_read_is_told(session: FakeSession) -> None:
    app = Host(session)
    async with app.run_test():
        app.query_one(Grader).grade()
        await assert_soon(lambda: app.messages)
        event = app.messages[0]
        assert isinstance(event, Grader.Failed)
        assert event.error.message == "nothing is handed in yet"


async def test_neither_a_store_nor_a_defect_ends_the_app(tmp_path: Path) -> None:
    errors: list[Exception] = [StoreError("disk full"), ZeroDivisionError("oops")]

    def broken(card: Card, text: str) -> Verdict:
        raise errors.pop(0)

    session = FakeSession(tmp_path, verdicts=broken)
    app = Host(session)
    async with app.run_test():
        file_of(session).write_text(WRONG)
        for number in (1, 2):
            app.query_one(Grader).grade()
            await assert_soon(lambda wanted=number: len(app.messages) >= wanted)
        told = [event.error.message for event in app.messages if isinstance(event, Grader.Failed)]
        assert told == ["disk full", "grading failed unexpectedly: ZeroDivisionError: oops"]
