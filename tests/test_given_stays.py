"""Given objects that a task isn't about: an answer that does the task and changes one of them doesn't pass."""

from __future__ import annotations

import json

import pytest

from tests.cards import PACK, every_card
from trainer.content.card import Card
from trainer.content.given import given_manifests
from trainer.content.solutions import load_solutions
from trainer.grading.grade import passes, world_of
from trainer.manifests.answer import Answer, AnswerFile, holds_manifests
from trainer.manifests.model import Manifest
from trainer.simulate.world import object_key

FREE = frozenset(
    (
        # The prompt is about access, and no label of a given object decides what somebody may do.
        *("csr-user", "rbac-binding", "rbac-deployer", "rbac-escalation", "rbac-forbidden", "rbac-shrink"),
        # The prompt is about one workload, or one Namespace's limits, and says what of it stays.
        *("docker-to-pod", "image-pin", "immutable-deployment", "immutable-keep", "immutable-nginx"),
        *("immutable-sidecar", "pod-hardened", "pod-ro", "pod-security-context", "quota-limits"),
        *("sa-default-off", "seccomp-localhost"),
    )
)
"""Cards whose prompts leave other objects to the learner."""

ALSO_FREE = frozenset(
    (
        ("sa-projected", "ServiceAccount jupiter/billing"),  # the token may be switched off there
        ("tenant-bundle", "ClusterRole tenant-developer"),  # judged by what it allows
    )
)
"""Single objects that an answer may change."""


def untouched(card: Card, answer: Answer) -> list[Manifest]:
    """The given objects that the reference doesn't contain."""
    given, _ = given_manifests(card.all_given, card.kubernetes)
    answered = {object_key(one) for one in world_of(card, answer)[0].answer}
    return [one for one in given if object_key(one) not in answered]


def takes_objects(card: Card) -> bool:
    """Whether a file of the answer is for kubectl, and given objects that it doesn't contain stay."""
    files = set(card.files) - {*card.plain_files, *card.places}
    return card.given_stays and not card.places and any(map(holds_manifests, files))


def with_object(card: Card, answer: Answer, data: object) -> Answer:
    """The answer with one more document in its last file for kubectl."""
    (*_, index) = (
        index
        for index, file in enumerate(answer.files)
        if holds_manifests(file.name) and file.name not in card.plain_files
    )
    file = answer.files[index]
    changed = AnswerFile(file.name, file.data.rstrip() + b"\n---\n" + json.dumps(data).encode() + b"\n")
    return Answer((*answer.files[:index], changed, *answer.files[index + 1 :]))


@pytest.mark.parametrize("card", every_card())
def test_other_objects_may_be_repeated_and_not_changed(card: Card) -> None:
    answer = load_solutions(card, PACK).reference.answer
    others = untouched(card, answer) if takes_objects(card) else []
    for one in others:
        metadata = {**one.metadata, "labels": {**one.labels, "changed": "yes"}}
        if card.id not in FREE and (card.id, one.title) not in ALSO_FREE:
            changed = with_object(card, answer, {**one.data, "metadata": metadata})
            assert not passes(card, changed), one.title
    if others:
        assert passes(card, with_object(card, answer, others[0].data)), others[0].title
