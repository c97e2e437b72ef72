"""Finding a component in the answer, and the node's files around it."""

from __future__ import annotations

from tests.static_pod_maker import APISERVER, manifest, with_flags
from trainer.rules._component.answer import Component, component_of, reasons_of, start_problems_of
from trainer.simulate.world import Refused, World
from trainer.verdict import Location, Outcome, Problem

PATH = "/etc/kubernetes/manifests/kube-apiserver.yaml"


def world(text: str = APISERVER, **more: object) -> World:
    mine = manifest(text, "kube-apiserver.yaml")
    return World((mine,), answer=(mine,), node_files={PATH: APISERVER, "notes.txt": "x"}, **more)  # type: ignore[arg-type]


def test_found_with_what_was_before() -> None:
    found = component_of(world(with_flags(APISERVER, "--profiling=false")), "kube-apiserver", {}, "")
    assert isinstance(found, Component)
    assert found.pod is not None
    assert found.pod_before is not None
    assert (found.pod.command.flag("profiling"), found.pod_before.command.flag("profiling")) == (False, True)
    assert found.node.complete
    assert "notes.txt" not in found.node.files
    assert found.node.state("/etc/kubernetes/pki/sa.pub") == "file"
    assert found.node.state("/etc/ssl/certs") == "directory"
    assert found.node.state("/etc/kubernetes/audit/policy.yaml") == "missing"


def test_files_of_the_answer_lie_on_the_node() -> None:
    found = component_of(
        world(texts={"policy.yaml": "a: b"}),
        "kube-apiserver",
        {"policy.yaml": "/etc/p.yaml", "no.yaml": "/etc/n"},
        "",
    )
    assert isinstance(found, Component)
    assert found.node.files["/etc/p.yaml"] == "a: b"
    assert found.node.names == {"/etc/p.yaml": "policy.yaml"}


def test_an_answer_without_the_manifest_leaves_it() -> None:
    found = component_of(World((), node_files={PATH: APISERVER}), "kube-apiserver", {}, "")
    assert isinstance(found, Component)
    assert found.manifest.document.file == PATH


def test_none_and_several() -> None:
    none = component_of(World(()), "etcd", {}, "")
    assert isinstance(none, Outcome)
    assert none.reasons[0].message == "No Pod in the answer runs etcd."
    kubelet = component_of(World(()), "kubelet", {}, "")
    assert isinstance(kubelet, Outcome)
    assert kubelet.reasons[0].message == "The answer has no KubeletConfiguration."
    two = (manifest(APISERVER), manifest(APISERVER))
    several = component_of(World(two, answer=two), "kube-apiserver", {}, "")
    assert isinstance(several, Outcome)
    assert "several manifests" in several.reasons[0].message
    other = manifest(APISERVER.replace("    - kube-apiserver\n", "    - sleep\n", 1).replace("- --", "- a"))
    wrong = component_of(World((other,), answer=(other,)), "kube-apiserver", {}, "")
    assert isinstance(wrong, Outcome)
    assert "doesn't run kube-apiserver" in wrong.reasons[0].message


def test_refused() -> None:
    problem = Problem("no such field", location=Location("a.yaml", 1, 1), remedy="Take it out.")
    outcome = component_of(
        World((), node_files={PATH: APISERVER}, refused=(Refused(manifest(APISERVER), (problem,)),)),
        "kube-apiserver",
        {},
        "",
    )
    assert isinstance(outcome, Outcome)
    assert outcome.reasons[0].message == "The kubelet can't run this file: no such field.\nTake it out."


def test_reasons() -> None:
    found = reasons_of([Problem("a is b."), Problem("c", remedy="Do d.")], "It stops")
    assert [reason.message for reason in found] == ["It stops: a is b.", "It stops: c.\nDo d."]


def test_why_it_does_not_start() -> None:
    """Each world has its own answer, also where the answers before it are kept."""
    for flag, starts in (
        ("--profiling=false", True),
        ("--no-such-flag=1", False),
        ("--profiling=true", True),
    ):
        here = world(with_flags(APISERVER, flag))
        for _ in range(2):
            found = component_of(here, "kube-apiserver", {}, "")
            assert isinstance(found, Component)
            assert bool(start_problems_of(found, here)) is not starts


def test_the_checks_of_a_card_read_the_component_once() -> None:
    here = world()
    found = component_of(here, "kube-apiserver", {"a": "/etc/a"}, "")
    assert component_of(here, "kube-apiserver", {"a": "/etc/a"}, "") is found
    assert component_of(here, "kube-apiserver", {"a": "/etc/b"}, "") is not found
    assert component_of(world(), "kube-apiserver", {"a": "/etc/a"}, "") is not found
