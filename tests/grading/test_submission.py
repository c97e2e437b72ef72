"""Tests of `grading.submission`: an answer's bytes as what `kubectl apply` would send."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from trainer.content.card import Card
from trainer.content.catalogue import find_card
from trainer.content.locate import pack_at
from trainer.errors import AnswerUnreadable
from trainer.grading.submission import Submission, read_submission
from trainer.manifests.answer import Answer, AnswerFile
from trainer.verdict import Severity

PACK = pack_at(Path(__file__).parents[1] / "fixtures" / "pack")
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"


@pytest.fixture
def card() -> Card:
    return find_card("mini-pod", PACK)


def read(card: Card, **files: str) -> Submission:
    answer = Answer(tuple(AnswerFile(name.replace("_", "."), text.encode()) for name, text in files.items()))
    return read_submission(card, answer)


def test_objects_of_all_files_in_order(card: Card) -> None:
    found = read(
        card, a_yaml=POD, b_json='{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "x"}}'
    )
    assert [manifest.title for manifest in found.manifests] == ["Pod a", "Namespace x"]
    assert found.problems == ()


def test_other_files_are_text_only(card: Card) -> None:
    asks = msgspec.structs.replace(card, files=("profile", "Dockerfile"))
    found = read(asks, profile="a: [", Dockerfile="FROM a\n")
    assert found.manifests == ()
    assert found.texts == {"profile": "a: [", "Dockerfile": "FROM a\n"}
    assert found.problems == ()


def test_a_json_profile_is_data(card: Card) -> None:
    found = read(card, seccomp_json='{"defaultAction": "SCMP_ACT_ERRNO"}')
    assert (found.manifests, found.problems) == ((), ())
    assert found.documents["seccomp.json"][0].value == {"defaultAction": "SCMP_ACT_ERRNO"}


@pytest.mark.parametrize("text", ["5", "[]", '["kind"]', '"apiVersion"', "{}"])
@pytest.mark.parametrize("name", ["a.json", "A.JSON"])
def test_json_without_an_object_is_data(card: Card, name: str, text: str) -> None:
    found = read_submission(
        card, Answer((AnswerFile(name, text.encode()), AnswerFile("pod.yaml", POD.encode())))
    )
    assert [one.title for one in found.manifests] == ["Pod a"]
    assert found.problems == ()


@pytest.mark.parametrize("text", ['{"kind": "Pod"}', '{"apiVersion": "v1"}'])
def test_json_with_half_an_object_is_for_kubectl(card: Card, text: str) -> None:
    assert len(read(card, a_json=text).manifests) == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_stays_in_plain_data(card: Card, encoding: str) -> None:
    asks = msgspec.structs.replace(card, files=("a.json",), plain_files=("a.json",))
    found = read_submission(asks, Answer((AnswerFile("a.json", "{}".encode(encoding)),)))
    assert found.texts == {"a.json": "\ufeff{}"}


def test_yaml_without_kind_is_a_problem(card: Card) -> None:
    found = read(card, pod_yaml="metadata: {name: a}\n")
    assert len(found.problems) == 1
    assert found.unread[0].problems == found.problems


def test_standard_input_is_read_as_the_one_file_that_is_asked_for(card: Card) -> None:
    assert [manifest.title for manifest in read(card, stdin=POD).manifests] == ["Pod a"]


def test_standard_input_is_text_where_several_files_are_asked_for(card: Card) -> None:
    both = msgspec.structs.replace(card, files=("pod.yaml", "profile.json"))
    found = read(both, stdin=POD)
    assert (found.manifests, found.documents) == ((), {})
    assert found.texts == {"stdin": POD}


def test_one_of_several_files_without_an_ending_is_text(card: Card) -> None:
    found = read(card, stdin=POD, pod_yaml=POD.replace("name: a", "name: b"))
    assert [manifest.title for manifest in found.manifests] == ["Pod b"]


def test_a_file_that_is_asked_for_without_an_ending_is_text(card: Card) -> None:
    plain = msgspec.structs.replace(card, files=("profile",))
    assert read(plain, profile=POD).documents == {}


def test_documents_after_a_yaml_error_are_not_read(card: Card) -> None:
    found = read(card, pod_yaml=POD + "---\na: [\n---\n" + POD.replace("name: a", "name: b"))
    assert [manifest.title for manifest in found.manifests] == ["Pod a"]
    assert len(found.unread) == 1


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n---\n"])
def test_an_empty_file_deserves_a_word(card: Card, text: str) -> None:
    found = read(card, pod_yaml=text, other_yaml=POD)
    (problem,) = found.problems
    assert problem.severity is Severity.WARNING
    assert str(problem.location) == "pod.yaml:1:1"
    assert "is empty" in problem.message
    assert found.unread == ()
    assert len(found.manifests) == 1


def test_text_that_cannot_be_decoded(card: Card) -> None:
    answer = Answer((AnswerFile("build.dockerfile", b"FROM a\n# caf\xe9\n"),))
    with pytest.raises(AnswerUnreadable, match="UTF-8"):
        read_submission(card, answer)


def test_files_that_were_not_read_are_warnings(card: Card) -> None:
    answer = Answer((AnswerFile("pod.yaml", POD.encode()), AnswerFile("why.md", b"x")), ("a.png",))
    found = read_submission(card, answer).problems
    assert [(problem.message, problem.severity) for problem in found] == [
        ("a.png was not read.", Severity.WARNING),
        ("why.md was not read.", Severity.WARNING),
    ]
    assert all("the card's own files: pod.yaml" in problem.remedy for problem in found)


def test_a_demanded_kubeconfig_is_parsed_under_its_own_name(card: Card) -> None:
    asks = msgspec.structs.replace(card, files=("config",))
    text = "apiVersion: v1\nkind: Config\nclusters: []\n"
    assert [one.kind for one in read(asks, config=text).manifests] == ["Config"]


def test_files_that_replace_one_on_a_node(card: Card) -> None:
    """By `replaces`, by a starter that is the node's file, by the `files` of a check."""
    checks = (
        msgspec.structs.replace(card.checks[0], settings={"files": {"c.yaml": "/etc/c", "/etc/d": "d"}}),
    )
    asks = msgspec.structs.replace(
        card,
        files=("a.yaml", "b.yaml", "c.yaml", "d.yaml"),
        replaces={"a.yaml": "/etc/a"},
        start={"b.yaml": "x: 1\n", "d.yaml": "x: 2\n"},
        node_files={"/etc/b": "x: 1\n"},
        checks=checks,
    )
    assert asks.places == {"a.yaml": "/etc/a", "b.yaml": "/etc/b", "c.yaml": "/etc/c"}
    found = read(asks, a_yaml=f"{POD}---\n{POD}", d_yaml=f"{POD}---\n{POD}")
    assert found.places == {"a.yaml": "/etc/a"}
    assert len(found.manifests) == 3
    assert len(found.documents["a.yaml"]) == 1


def test_a_key_that_its_component_refuses_is_no_warning(card: Card) -> None:
    text = "apiVersion: {version}\nkind: {kind}\nkind: {kind}\n"
    strict = read(card, a_yaml=text.format(version="v1", kind="EncryptionConfig"))
    assert strict.problems == ()
    assert len(strict.manifests[0].document.repeated) == 1
    lenient = read(card, a_yaml=text.format(version="v1", kind="Config"))
    assert [problem.severity for problem in lenient.problems] == [Severity.WARNING]


def test_one_file_under_another_name_is_read_as_the_one_that_is_asked_for(card: Card) -> None:
    answer = Answer((AnswerFile("pod.yaml.txt", POD.encode()),))
    assert [one.kind for one in read_submission(card, answer).manifests] == ["Pod"]


STATIC, FILE = "/etc/kubernetes/manifests/a.yaml", "/etc/kubernetes/audit.yaml"


@pytest.mark.parametrize(
    ("place", "text", "messages"),
    [
        # What has no kind is nothing that the kubelet runs; the rule of a component's file says what it misses.
        (STATIC, "a: b\n", ["the file has no `apiVersion` and no `kind`"]),
        (FILE, "a: b\n", []),
        # What can't be read at all is told in any case.
        (STATIC, "", ["the file is empty"]),
        (FILE, "", ["the file is empty"]),
        (FILE, POD, []),
    ],
)
def test_whose_task_it_is_to_tell_what_is_wrong_with_a_nodes_file(
    card: Card, place: str, text: str, messages: list[str]
) -> None:
    asks = msgspec.structs.replace(card, files=("a.yaml",), replaces={"a.yaml": place})
    found = read(asks, a_yaml=text)
    assert [one.message for one in found.problems] == messages
    assert [one.problems[0].message for one in found.unread] == messages
    assert len(found.manifests) == (text == POD)
    assert set(found.documents) == ({"a.yaml"} if text else set())


@pytest.mark.parametrize("number", [9, 10, 11, 12])
def test_no_more_than_ten_files_that_were_not_read_are_named(card: Card, number: int) -> None:
    names = tuple(f"{one}.png" for one in range(number))
    found = read_submission(card, Answer((AnswerFile("pod.yaml", POD.encode()),), names)).problems
    assert [str(one.location) for one in found] == [f"{name}:1:1" for name in names[:10]]
    assert {one.remedy for one in found} == {
        "Only .yaml, .yml and .json files are read, and the card's own files: pod.yaml."
    }


@pytest.mark.parametrize("place", ["", STATIC, FILE])
@pytest.mark.parametrize(
    ("api_version", "kind", "told"),
    [("v1", "EncryptionConfig", 0), ("v1", "Config", 1), ("v1", "Pod", 1), ("audit.k8s.io/v1", "Policy", 1)],
)
def test_who_tells_of_a_key_that_is_set_twice(
    card: Card, place: str, api_version: str, kind: str, told: int
) -> None:
    """A strict component refuses the file, which its rule tells; others take the last value.

    The API server reads its audit policy once more without being strict.
    """
    asks = msgspec.structs.replace(card, files=("a.yaml",), replaces={"a.yaml": place} if place else {})
    found = read(asks, a_yaml=f"apiVersion: {api_version}\nkind: {kind}\nkind: {kind}\n")
    assert [one.severity for one in found.problems] == [Severity.WARNING] * told
    assert found.unread == ()
    assert len(found.manifests) == 1


PLUGINS = "imagePolicy: {kubeConfigFile: /etc/a, allowTTL: 50, denyTTL: 50, retryBackoff: 500}\n"


@pytest.mark.parametrize(
    ("given", "kinds"),
    [
        ({FILE: "kind: AdmissionConfiguration\n"}, ["AdmissionConfiguration"]),
        ({FILE: "kind: Policy\n"}, []),
        ({}, []),
    ],
)
def test_the_old_form_counts_where_an_admission_configuration_is_given(
    card: Card, given: dict[str, str], kinds: list[str]
) -> None:
    asks = msgspec.structs.replace(card, files=("a.yaml",), replaces={"a.yaml": FILE}, node_files=given)
    found = read(asks, a_yaml=PLUGINS)
    assert [one.kind for one in found.manifests] == kinds
    assert [one.severity for one in found.problems] == [Severity.WARNING] * len(kinds)


@pytest.mark.parametrize("place", [{}, {"a.yaml": FILE}])
def test_plain_data_holds_no_objects(card: Card, place: dict[str, str]) -> None:
    asks = msgspec.structs.replace(card, files=("a.yaml",), plain_files=("a.yaml",), replaces=place)
    found = read(asks, a_yaml=POD)
    assert (found.manifests, found.problems, found.unread) == ((), (), ())
    assert found.texts == {"a.yaml": POD}
    assert len(found.documents["a.yaml"]) == 1
    empty = read(asks, a_yaml="")
    assert ["is empty" in one.message for one in empty.problems] == [True]
    assert empty.unread == ()
    broken = read(asks, a_yaml="a: [")
    assert [one.severity for one in broken.problems] == [Severity.ERROR]
    assert [one.problems for one in broken.unread] == [broken.problems]


def test_the_one_file_has_the_place_of_the_one_that_is_asked_for(card: Card) -> None:
    asks = msgspec.structs.replace(card, files=("a.yaml",), replaces={"a.yaml": FILE})
    assert read(asks, other_yaml=POD).places == {"other.yaml": FILE}
    assert read(asks, stdin=POD).places == {"stdin": FILE}
    assert read(asks, a_yaml=POD, b_yaml=POD).places == {"a.yaml": FILE}
    assert read(asks, b_yaml=POD, c_yaml=POD).places == {}


def test_one_file_of_any_name_is_the_dockerfile_of_a_build(card: Card) -> None:
    asks = msgspec.structs.replace(card, files=("Dockerfile", "Dockerfile.dockerignore"), build={"bases": {}})
    files = (AnswerFile("new", b"FROM a"), AnswerFile("notes", b"x"))
    assert read_submission(asks, Answer(files[:1])).problems == ()
    assert [one.message for one in read_submission(asks, Answer(files)).problems] == [
        "new was not read.",
        "notes was not read.",
    ]


@pytest.mark.parametrize("name", ["why.md", "pod.txt"])
def test_a_file_of_another_name_beside_others_is_not_read(card: Card, name: str) -> None:
    answer = Answer((AnswerFile(name, POD.encode()), AnswerFile("pod.yaml", POD.encode())))
    found = read_submission(card, answer)
    assert [one.message for one in found.problems] == [f"{name} was not read."]
    assert len(found.manifests) == 1
    assert set(found.texts) == {name, "pod.yaml"}


@pytest.mark.parametrize("name", ["answer.yaml", "answer.yml", "answer.json", "-", "mine.yaml"])
def test_a_list_of_facts_is_data_under_any_name(card: Card, name: str) -> None:
    asks = msgspec.structs.replace(card, files=("answer.yaml",), plain_files=("answer.yaml",))
    found = read_submission(asks, Answer((AnswerFile(name, b'{"pods": ["a/b"]}'),)))
    assert (found.manifests, found.problems, found.unread) == ((), (), ())
    both = msgspec.structs.replace(asks, files=("answer.yaml", "pod.yaml"))
    files = (AnswerFile("answer.yml", b"pods: [a/b]"), AnswerFile("pod.yaml", POD.encode()))
    found = read_submission(both, Answer(files))
    assert [manifest.title for manifest in found.manifests] == ["Pod a"]
    assert found.problems == ()
