"""Tests of `packcheck.pack`: a whole pack, proved card by card, on all processors where there are many."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from trainer.content.catalogue import load_catalogue
from trainer.content.locate import Pack, builtin_pack
from trainer.content.solutions import load_solutions
from trainer.packcheck import check_pack
from trainer.packcheck import pack as pack_module
from trainer.packcheck.answers import answer_problems
from trainer.versions import DEFAULT, SUPPORTED, Version


def test_the_built_in_pack_is_proved() -> None:
    report = check_pack(builtin_pack())
    assert [str(problem.location) + " " + problem.message for problem in report.problems] == []
    assert report.total("survived") == 0
    assert report.total("killed") > 0


@pytest.mark.parametrize("kubernetes", [one for one in SUPPORTED if one != DEFAULT])
def test_the_answers_of_the_built_in_pack_hold_on_every_other_version(kubernetes: Version) -> None:
    """Without mutants: `pack check --kubernetes` is the whole proof, run when a version is added."""
    pack = builtin_pack()
    catalogue = load_catalogue(pack, rules=True, kubernetes=kubernetes)
    assert catalogue.problems == ()
    assert {card.kubernetes for card in catalogue.cards} == {kubernetes}
    found = [
        f"{problem.location} {problem.message}"
        for card in catalogue.cards
        for problem in answer_problems(card, load_solutions(card, pack), pack)
    ]
    assert found == []


GIVEN = "  metadata: {name: sun}\n"
SERVICE = """\
  ---
  apiVersion: v1
  kind: Service
  metadata: {name: 1web, namespace: sun}
  spec: {ports: [{port: 80}]}
"""


@pytest.mark.parametrize("few", [0, 4])
def test_a_version_overrides_the_one_that_the_card_names(
    make_pack: Callable[..., Pack], monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """The name of a Service starts with a digit from 1.36 on: 1.35 refuses what this card gives."""
    monkeypatch.setattr(pack_module, "FEW", few)
    pack = make_pack(card=(GIVEN, f'{GIVEN}{SERVICE}kubernetes: "{Version(1, 35)}"\n'))
    assert "1web" in check_pack(pack).problems[0].message
    report = check_pack(pack, kubernetes=Version(1, 36))
    assert (report.problems, report.total("survived")) == ((), 0)


def test_a_good_pack(make_pack: Callable[..., Pack]) -> None:
    told: list[str] = []
    report = check_pack(make_pack(), told.append)
    assert report.problems == ()
    assert told == [f"1/1 small: {report.total('made')} mutants, ok"]


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
