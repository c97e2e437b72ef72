"""Whatever is typed at whatever size, in whatever order: the app doesn't crash. Each seed is one hand at the keys."""

from __future__ import annotations

import os
import random
from pathlib import Path

import msgspec
import pytest
from textual import events

from tests.tui.fake_session import RIGHT, WRONG, FakeSession, card
from tests.tui.sitting_session import both_cards, real_session, reference
from trainer.progress.store import Store
from trainer.tui.app import TrainerApp
from trainer.tui.commands import COMMANDS

KEYS = sorted({key for command in COMMANDS for key in command.keys} - {"q", "ctrl+q"})
KEYS += [
    "enter",
    "backspace",
    "delete",
    "left",
    "right",
    "space",
    "y",
    "a",
    "x",
    "ctrl+a",
    "ctrl+k",
    "ctrl+v",
]
KEYS += ["shift+down", "ctrl+end", "ctrl+home", "f", "w", "f6", "ctrl+z", "ctrl+y", "ctrl+left", "ctrl+u"]
EXAM_KEYS = [
    "x",
    "X",
    "y",
    "enter",
    "a",
    "1",
    "2",
    "3",
    "4",
    "F",
    "n",
    "escape",
    "g",
    "i",
    "e",
    "h",
    "r",
    "tab",
]
"""What leads to exams, drills and ratings, and through them."""
SIZES = [(80, 24), (120, 40), (1, 1), (0, 0), (2, 24), (5, 5), (80, 1), (80, 2), (6, 3), (300, 80), (109, 24)]
SEEDS = range(int(os.environ.get("CKS_TRAINER_TEST_HANDS", "3")))
STEPS = 30


def key_event(key: str) -> events.Key:
    printable = {"space": " ", "slash": "/", "question_mark": "?"}
    character = printable.get(key, key if len(key) == 1 else None)
    return events.Key(key, character)


@pytest.mark.trial
@pytest.mark.parametrize("seed", SEEDS)
async def test_no_keys_at_no_size_crash_the_app(tmp_path: Path, seed: int) -> None:
    hand = random.Random(seed)  # noqa: S311 - the same hand every time
    cards = (
        card(),
        card("two", files=("a.yaml", "b.yaml")),
        card("np-and-or", domain="cluster-setup", competency="CS1"),
    )
    session = FakeSession(tmp_path, cards, editor="true")
    for one in cards[: hand.randrange(3)]:
        session.write(one, one.files[0], hand.choice([WRONG, RIGHT, "\x00", "a: \u202e\r\nb\n", ""]))
    store = Store.open(tmp_path / "exams.db")
    session.store.reading, session.store.writing, session.store.now = store.reading, store.writing, store.now
    without_exams = [key for key in KEYS if key != "X"]  # the double has no pack to draw cards from
    await typed(TrainerApp(session), hand, without_exams)  # type: ignore[arg-type]


@pytest.mark.trial
@pytest.mark.parametrize("seed", SEEDS)
async def test_no_keys_crash_exams_drills_and_ratings(tmp_path: Path, seed: int) -> None:
    hand = random.Random(-seed)  # noqa: S311
    session = real_session(tmp_path)
    session.settings = msgspec.structs.replace(session.settings, editor="true")
    for one in list(session.catalogue.cards)[: hand.randrange(3)]:
        whole = session.card(one.id)
        session.start(whole)
        session.write(whole, whole.files[0], hand.choice([reference(one.id), WRONG, ""]))
        session.grade(whole)
    if hand.random() < 0.5:
        both_cards(session)
    await typed(TrainerApp(session), hand, KEYS + EXAM_KEYS * 4)
    session.close()


async def typed(app: TrainerApp, hand: random.Random, keys: list[str]) -> None:
    """Press random keys in bursts, and change the size of the terminal."""
    done: list[str] = []
    async with app.run_test(size=hand.choice(SIZES)) as pilot:
        for _ in range(STEPS):
            if hand.random() < 0.15:
                width, height = hand.choice(SIZES)
                done.append(f"{width}x{height}")
                await pilot.resize_terminal(width, height)
            # Keys that arrive in one read are all there before the first of them is handled.
            burst = [hand.choice(keys) for _ in range(hand.choice([1, 1, 1, 2, 4]))]
            done += burst
            for key in burst:
                app.post_message(key_event(key))
            await pilot.pause()
            assert app._exception is None, done
            if not app.is_running:  # the palette has `Quit`
                break
    assert not app.return_code, done
