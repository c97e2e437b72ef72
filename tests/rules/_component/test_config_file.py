"""The one configuration file of a kind."""

from __future__ import annotations

from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.rules._component.config_file import STAYS_DOWN, config_file
from trainer.simulate.world import Refused, World
from trainer.verdict import Outcome, Problem


def manifest(file: str) -> Manifest:
    document = parse(b"kind: K\n", file).documents[0]
    return Manifest(document.value, document)


def test_the_answers_file_counts_before_the_given_one() -> None:
    given, mine = manifest("given.yaml"), manifest("mine.yaml")
    assert config_file(World((given, mine), answer=(mine,)), "K") is mine
    assert config_file(World((given,)), "K") is given
    assert config_file(World((given, mine), answer=(mine,)), "K", "given.yaml") is given


def test_none_and_several() -> None:
    none = config_file(World(()), "K")
    assert isinstance(none, Outcome)
    assert none.reasons[0].message == "The answer has no file of kind K."
    assert none.evidence == (STAYS_DOWN,)
    several = config_file(World((manifest("a"), manifest("b"))), "K")
    assert isinstance(several, Outcome)
    assert "several files" in several.reasons[0].message
    refused = config_file(World((), refused=(Refused(manifest("a"), (Problem("no such field"),)),)), "K")
    assert isinstance(refused, Outcome)
    assert refused.reasons[0].message == "no such field"
    assert refused.evidence == (STAYS_DOWN,)


def test_the_group_tells_kinds_of_the_same_name_apart() -> None:
    other = parse(b"apiVersion: policy.example/v1\nkind: K\n", "other.yaml").documents[0]
    world = World((manifest("a"), Manifest(other.value, other)))
    found = config_file(world, "K", group="policy.example")
    assert isinstance(found, Manifest)
    assert found.document.file == "other.yaml"
