"""Tests of `session.weakness`: which checks go wrong most often."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from trainer.content.card import Card, Check
from trainer.session.weakness import weakest_checks
from trainer.verdict import Location


def card(name: str) -> Card:
    checks = tuple(Check(check, f"{name} {check}", 1, "object", None) for check in ("a", "b"))
    return Card(name, name, "cluster-setup", "CS1", "easy", 3, "", (), checks, Path("x"), Location("x", 1, 1))


def attempts(*statuses: tuple[str, str]) -> list[Any]:
    return [
        SimpleNamespace(
            verdict=json.dumps({"checks": [{"id": i, "status": s} for i, s in zip("ab", both, strict=True)]})
        )
        for both in statuses
    ]


def test_the_worst_comes_first_and_what_never_failed_is_left_out() -> None:
    tries = {
        "one": attempts(("fail", "pass"), ("pass", "pass")),
        "two": attempts(("pass", "fail"), ("skipped", "fail"), ("error", "pass")),
        "new": [],
    }
    weak = weakest_checks([card("one"), card("two"), card("new")], tries.__getitem__)
    assert [(w.card.id, w.check, w.says, w.failed, w.tries) for w in weak] == [
        ("two", "b", "two b", 2, 3),
        ("one", "a", "one a", 1, 2),
    ]
    assert len(weakest_checks([card("one"), card("two")], tries.__getitem__, limit=1)) == 1


def test_only_the_latest_attempts_count() -> None:
    tries = attempts(("fail", "pass"), *[("pass", "pass")] * 5)
    assert weakest_checks([card("one")], lambda _: tries) == []
