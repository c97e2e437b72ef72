"""Tests of `content.given`: what a card gives."""

from __future__ import annotations

from trainer.content.given import given_manifests
from trainer.versions import DEFAULT


def test_given_objects_are_defaulted() -> None:
    manifests, problems = given_manifests(
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n", DEFAULT
    )
    assert problems == ()
    assert [(manifest.kind, manifest.namespace) for manifest in manifests] == [("ServiceAccount", "default")]
    assert manifests[0].where().file == "given"


def test_nothing_given() -> None:
    assert given_manifests(" \n", DEFAULT) == ((), ())


def test_a_given_object_that_the_server_refuses() -> None:
    _, problems = given_manifests(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {contaners: []}\n", DEFAULT
    )
    assert problems
    assert problems[0].location is not None
    assert problems[0].location.line == 4


def test_the_objects_are_kept_for_the_next_answer() -> None:
    text = "apiVersion: v1\nkind: Namespace\nmetadata: {name: kept}\n"
    assert given_manifests(text, DEFAULT)[0] is given_manifests(text, DEFAULT)[0]
