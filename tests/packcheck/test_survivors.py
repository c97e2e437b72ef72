"""Tests of `packcheck.survivors`."""

from __future__ import annotations

from collections.abc import Callable

from tests.table import each_row
from trainer.content.card import Harmless
from trainer.content.catalogue import load_catalogue
from trainer.content.locate import Pack
from trainer.content.solutions import load_solutions
from trainer.manifests.answer import Answer
from trainer.packcheck.mutants import Mutant
from trainer.packcheck.survivors import MutantTally, names, try_mutants
from trainer.verdict import Location

NAME = ("name: c, image", "image")


def tally(pack: Pack) -> MutantTally:
    card = load_catalogue(pack).cards[0]
    return try_mutants(card, load_solutions(card, pack).reference, pack)


def test_all_mutants_of_a_good_card_are_killed(make_pack: Callable[..., Pack]) -> None:
    found = tally(make_pack())
    assert found.problems == ()
    assert found.made == found.killed > 20


def test_a_survivor_is_a_problem_at_its_line(make_pack: Callable[..., Pack]) -> None:
    found = tally(make_pack(card=NAME))
    (problem,) = found.problems
    assert (found.survived, found.harmless, found.made - found.killed) == (1, 0, 1)
    assert str(problem.location) == "solutions/runtime-security/small/reference.yaml:6:7"
    assert problem.message == (
        "a mutant of the reference passes: Pod sun/small: spec.containers[0].name (rename: `cx` for `c`)"
    )
    assert "harmless: [{path: 'spec.containers[0].name', mutation: rename, reason: ...}]" in problem.remedy


def harmless(path: str, mutation: str) -> str:
    return f"harmless: [{{path: '{path}', mutation: {mutation}, reason: Not asked.}}]\nchecks:"


def test_harmless_entries(make_pack: Callable[..., Pack]) -> None:
    pack = make_pack(card=NAME)
    file = pack.tasks / "runtime-security" / "small.yaml"
    text = file.read_text()
    file.write_text(text.replace("checks:", harmless("spec.containers[*].name", "rename")))
    found = tally(pack)
    assert (found.problems, found.harmless, found.survived) == ((), 1, 0)
    file.write_text(text.replace("checks:", harmless("spec.containers[0].image", "rename")))
    messages = [problem.message for problem in tally(pack).problems]
    assert messages[1] == "harmless spec.containers[0].image (rename): every mutant that it names is rejected"
    file.write_text(text.replace("checks:", harmless("spec.containers[0].name", "flip")))
    messages = [problem.message for problem in tally(pack).problems]
    assert messages[1] == "harmless spec.containers[0].name (flip): it names no mutant"


@each_row(
    ("path", "mutation", "named"),
    [
        ("spec.hostPID", "widen", True),
        ("spec.hostPID", "delete", False),
        ("spec.host*", "widen", True),
        ("Pod sun/a: spec.hostPID", "widen", True),
        ("Pod sun/b: spec.hostPID", "widen", False),
        ("spec.hostPIDx", "widen", False),
        ("spec.host.ID", "widen", False),
    ],
)
def test_how_entries_name_mutants(path: str, mutation: str, named: bool) -> None:
    mutant = Mutant("Pod sun/a", "spec.hostPID", "widen", "", Location("a", 1, 1), Answer(()))
    assert names(Harmless(path, mutation, "why"), mutant) is named
