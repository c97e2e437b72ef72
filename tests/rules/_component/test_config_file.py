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
    assert refused.reasons[0].message == "No such field."
    assert refused.evidence == (STAYS_DOWN,)


def test_the_group_tells_kinds_of_the_same_name_apart() -> None:
    other = parse(b"apiVersion: policy.example/v1\nkind: K\n", "other.yaml").documents[0]
    world = World((manifest("a"), Manifest(other.value, other)))
    found = config_file(world, "K", group="policy.example")
    assert isinstance(found, Manifest)
    assert found.document.file == "other.yaml"


def read(text: str, **more: object) -> World:
    documents = parse(text.encode(), "mine.yaml").documents
    mine = tuple(Manifest(one.value, one) for one in documents if one.value.get("kind") == "K")
    return World(mine, answer=mine, documents={"mine.yaml": documents}, **more)  # type: ignore[arg-type]


def test_only_the_first_document_is_read() -> None:
    assert isinstance(config_file(read("kind: K\n---\nkind: K\n"), "K"), Manifest)
    second = config_file(read("kind: Other\n---\nkind: K\n"), "K")
    assert isinstance(second, Outcome)
    assert "not the first document of its file" in second.reasons[0].message
    assert second.reasons[0].location is not None
    assert second.reasons[0].location.line == 3


def test_a_list_is_not_read() -> None:
    document = parse(b"kind: List\nitems: [{kind: K}]\n", "mine.yaml").documents[0]
    mine = (Manifest(document.value["items"][0], document, ("items", 0)),)
    found = config_file(World(mine, answer=mine), "K")
    assert isinstance(found, Outcome)
    assert "in a List" in found.reasons[0].message


def test_the_given_file_does_not_come_back_for_a_refused_one() -> None:
    given = manifest("given.yaml")
    refused = Refused(None, (Problem("not valid YAML: x", remedy="Fix it."),))
    found = config_file(World((given,), refused=(refused,)), "K")
    assert isinstance(found, Outcome)
    assert found.reasons[0].message == "Not valid YAML: x.\nFix it."


def test_why_a_placed_file_is_not_one() -> None:
    for text, message in (
        ("", "The file is empty."),
        ("kind: X\napiVersion: v1", "The file contains the kind X, not K."),
        ("kind: K\napiVersion: a/v1", "No matches for kind `K` in version `a/v1`"),
    ):
        world = World((), texts={"a.yaml": text}, places={"a.yaml": "/etc/a.yaml"})
        found = config_file(world, "K")
        assert isinstance(found, Outcome)
        assert found.reasons[0].message.startswith(message)
        assert found.evidence == (STAYS_DOWN,)
    kubeconfig = config_file(World(()), "Config")
    assert isinstance(kubeconfig, Outcome)
    assert kubeconfig.evidence == ("kubectl reaches no API server with this file.",)
