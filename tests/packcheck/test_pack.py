"""Tests of `packcheck.pack`: a whole pack, proved card by card, on all processors where there are many."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from trainer.content.locate import Pack, builtin_pack
from trainer.packcheck import check_pack
from trainer.packcheck import pack as pack_module


def test_the_built_in_pack_is_proved() -> None:
    report = check_pack(builtin_pack())
    assert [str(problem.location) + " " + problem.message for problem in report.problems] == []
    assert report.total("survived") == 0
    assert report.total("killed") > 0


def test_a_good_pack(make_pack: Callable[..., Pack]) -> None:
    told: list[str] = []
    report = check_pack(make_pack(), told.append)
    assert report.problems == ()
    assert told == [f"1/1 small: {report.total('made')} mutants, proved"]


def test_workers_find_the_same(make_pack: Callable[..., Pack], monkeypatch: pytest.MonkeyPatch) -> None:
    pack = make_pack({"solutions/runtime-security/small/explain.md": None})
    alone = check_pack(pack)
    monkeypatch.setattr(pack_module, "FEW", 0)
    assert check_pack(pack) == alone
    assert len(alone.problems) == 1


def test_a_broken_card_does_not_stop_the_others(make_pack: Callable[..., Pack]) -> None:
    broken = "tasks/runtime-security/broken.yaml"
    pack = make_pack({broken: "format: 1\nid: broken\n", "tasks/stray.txt": "x"})
    report = check_pack(pack)
    assert [card.id for card in report.cards] == ["small"]
    assert report.cards[0].problems == ()
    assert len(report.pack_problems) > 1
    assert report.pack_problems[-1].message.startswith("an orphan")
