"""Tests of `packcheck.pack`: a whole pack, proved card by card, on all processors where there are many."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.cards import CATALOGUE, PACK, every_card, some_cards
from trainer.content.card import Card
from trainer.content.catalogue import card_paths, load_catalogue
from trainer.content.load import load_card
from trainer.content.locate import Pack
from trainer.content.solutions import load_solutions
from trainer.errors import UsageError
from trainer.grading.grade import grade
from trainer.packcheck import PackReport, check_pack, record
from trainer.packcheck import pack as pack_module
from trainer.packcheck.one import check_card
from trainer.packcheck.orphans import orphan_problems
from trainer.verdict import Status, Verdict
from trainer.versions import DEFAULT, SUPPORTED, Version

PATHS = card_paths(PACK)
OTHERS = [
    pytest.param(one, marks=() if one == max(SUPPORTED) else pytest.mark.catalog)
    for one in SUPPORTED
    if one != DEFAULT
]


@pytest.mark.parametrize("card", some_cards())
def test_a_card_of_the_built_in_pack_is_right(card: Card) -> None:
    """Its words and its answers; `make prove` tries all cards, and their mutants as well."""
    report = check_card(card, PACK, mutants=False)
    assert [str(problem.location) + " " + problem.message for problem in report.problems] == []
    assert (report.reference, report.made) == (1, 0)
    assert report.wrong > 0


def test_a_card_is_proved_with_its_mutants() -> None:
    report = check_card(CATALOGUE.get("pod-ro"), PACK)
    assert report.problems == ()
    assert report.survived == 0
    assert 0 < report.killed <= report.made


def test_the_built_in_pack_has_nothing_but_its_cards() -> None:
    catalogue = load_catalogue(PACK, rules=True)
    assert catalogue.problems == ()
    assert {card.source for card in catalogue.cards} == set(PATHS)
    assert list(orphan_problems(catalogue.cards, (), PACK)) == []


@pytest.mark.parametrize("card", every_card())
@pytest.mark.parametrize("kubernetes", OTHERS)
def test_the_answers_of_a_card_hold_on_every_other_version(card: Card, kubernetes: Version) -> None:
    """Their verdicts only: `pack check --kubernetes` is the whole proof, run when a version is added."""
    card = load_card(card.source, PACK, kubernetes=kubernetes)
    assert card.kubernetes == kubernetes
    solutions = load_solutions(card, PACK)
    for variant in (solutions.reference, *solutions.also):
        verdict = grade(card, variant.answer)
        assert (failed(verdict), verdict.passed, verdict.problems) == ((), True, ()), variant.name
    for variant in solutions.wrong:
        assert set(failed(grade(card, variant.answer))) == set(variant.fails), variant.name


def failed(verdict: Verdict) -> tuple[str, ...]:
    return tuple(check.id for check in verdict.checks if check.status is Status.FAIL)


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


def two_cards(make_pack: Callable[..., Pack]) -> Pack:
    """The card `small`, which is correct, and `other`, which has no walk-through."""
    from tests.packcheck.conftest import CARD, FILES

    files = {name.replace("small", "other"): text for name, text in FILES.items() if "explain" not in name}
    return make_pack({**files, "tasks/runtime-security/other.yaml": CARD.replace("id: small", "id: other")})


def ids(report: PackReport) -> list[str]:
    return [card.id for card in report.cards]


def test_only_some_cards(make_pack: Callable[..., Pack]) -> None:
    pack = two_cards(make_pack)
    assert ids(check_pack(pack)) == ["other", "small"]
    report = check_pack(pack, only=["small"])
    assert (ids(report), report.problems, report.unchanged) == (["small"], (), None)
    (pack.tasks / "stray.txt").write_text("x")
    (pack.tasks / "runtime-security" / "other.yaml").write_text("format: 1\n")
    assert check_pack(pack, only=["small"]).problems == ()
    (broken, *_) = check_pack(pack, only=["other"]).problems
    assert str(broken.location).startswith("other.yaml:1")
    with pytest.raises(UsageError, match="no card has the ID 'smal'") as caught:
        check_pack(pack, only=["smal"])
    assert caught.value.remedy == "did you mean small?"


def test_only_changed_cards(
    make_pack: Callable[..., Pack], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(pack_module, "check_card", partial(check_card, mutants=False))
    pack = two_cards(make_pack)
    assert (ids(check_pack(pack, changed=True)), check_pack(pack, changed=True).unchanged) == (
        ["other", "small"],
        1,
    )
    report = check_pack(pack, changed=True)
    assert ids(report) == ["other"]  # it had a problem: it is tested until it has none
    assert len(report.problems) == 1
    explain = pack.solutions / "runtime-security" / "other" / "explain.md"
    explain.write_text("Why.\n")
    assert ids(check_pack(pack, changed=True)) == ["other"]
    done = check_pack(pack, changed=True)
    assert (ids(done), done.unchanged, done.problems) == ([], 2, ())
    assert ids(check_pack(pack, changed=True, kubernetes=Version(1, 36))) == ["other", "small"]
    explain.write_text("Why so.\n")
    assert ids(check_pack(pack, changed=True, only=["small"])) == []
    assert ids(check_pack(pack, changed=True)) == ["other"]
    assert ids(check_pack(pack)) == ["other", "small"]
    monkeypatch.setattr(record, "code_digest", lambda: "other code")
    assert ids(check_pack(pack, changed=True)) == ["other", "small"]


def test_orphans_are_found_without_changed_cards(make_pack: Callable[..., Pack]) -> None:
    pack = make_pack()
    check_pack(pack)
    (pack.tasks / "stray.txt").write_text("x")
    report = check_pack(pack, changed=True)
    assert (ids(report), len(report.problems)) == ([], 1)
