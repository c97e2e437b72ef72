"""Numbers of attempts when two histories meet, tried with many random ones."""

from __future__ import annotations

import random
from pathlib import Path

from tests.progress.test_history import Desk
from trainer.progress.history import export_history, import_history


def test_any_two_histories_meet_in_the_order_of_time(tmp_path: Path) -> None:
    chance = random.Random(4)  # noqa: S311
    for trial in range(20):
        one, two = Desk(tmp_path / f"{trial}-one.db"), Desk(tmp_path / f"{trial}-two.db")
        for desk in (one, two):
            for at in sorted(chance.sample(range(1000), chance.randrange(6))):
                desk.attempt(at, f"{at} {desk is one}", card=chance.choice(["a", "b"]))
        import_history(two.store, export_history(one.store), "h.jsonl")
        import_history(one.store, export_history(two.store), "h.jsonl")
        assert one.rows() == two.rows()
        for card in "ab":
            attempts = one.store.attempts(card)
            assert [attempt.number for attempt in attempts] == list(range(1, len(attempts) + 1))
            assert [attempt.at for attempt in attempts] == sorted(attempt.at for attempt in attempts)
        one.store.close()
        two.store.close()
