"""Tests of `packcheck.texts`: the words of a card."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.table import each_row
from trainer.content.catalogue import load_catalogue
from trainer.content.locate import Pack
from trainer.content.solutions import load_solutions
from trainer.packcheck.texts import allowed, text_problems

DOCS = "docs: [https://kubernetes.io/docs/tasks/configure-pod-container/security-context/]"
HINTS = "hints: [Look at the security context.]"
GIVEN_AWAY = """hints:
  - Look at the security context.
  - |
    ```yaml
    apiVersion: v1
    kind: Pod
    metadata: {name: small, namespace: sun}
    spec:
      containers:
      - name: c
        image: busybox:1.32.0
        securityContext: {readOnlyRootFilesystem: true}
    ```"""
CREDIT = "attribution: {title: ' ', address: 'http://example.com', licence: MIT, changed: All}\nchecks:"


def test_a_good_card_has_no_problem(make_pack: Callable[..., Pack]) -> None:
    pack = make_pack()
    card = load_catalogue(pack).cards[0]
    assert list(text_problems(card, load_solutions(card, pack), pack)) == []


@pytest.mark.parametrize(
    ("change", "places"),
    [
        ((DOCS, "docs: []"), {"docs": "the card has no docs"}),
        ((HINTS, "hints: []"), {"hints": "the card has no hints"}),
        ((HINTS, "hints: [a, ' ']"), {"hints[1]": "the hint is empty"}),
        ((HINTS, GIVEN_AWAY), {"hints[1]": "the hint contains the whole reference"}),
        (
            ("checks:", "live: [{id: a, says: A, ready: {pod: x, deployment: web}}]\nchecks:"),
            {"live": "the live checks of small are wrong: live[0] (a): name either a pod or a deployment"},
        ),
        (
            (DOCS, "docs: ['https://falco.org/blog/']"),
            {"docs[0]": "https://falco.org/blog/ is not allowed in the exam"},
        ),
        (
            ("checks:", CREDIT),
            {
                "attribution.title": "the attribution has no title",
                "attribution.address": "the address must begin with https://",
            },
        ),
        (("Namespace sun\n", "Namespace sun.\n"), {"checks[0].says": "`says` must not end with a period"}),
    ],
)
def test_problems_of_words_have_their_place(
    make_pack: Callable[..., Pack], change: tuple[str, str], places: dict[str, str]
) -> None:
    pack = make_pack(card=change)
    card = load_catalogue(pack).cards[0]
    found = list(text_problems(card, load_solutions(card, pack), pack))
    assert {problem.location.path: problem.message for problem in found if problem.location} == places
    assert {problem.location.file for problem in found if problem.location} == {
        "tasks/runtime-security/small.yaml"
    }


def test_a_card_has_a_walk_through(make_pack: Callable[..., Pack]) -> None:
    pack = make_pack({"solutions/runtime-security/small/explain.md": None})
    card = load_catalogue(pack).cards[0]
    (found,) = text_problems(card, load_solutions(card, pack), pack)
    assert found.message == "the card has no walk-through"


@each_row(
    ("address", "right"),
    [
        ("https://kubernetes.io/docs", True),
        ("https://kubernetes.io/docs/concepts/#x", True),
        ("https://istio.io/latest/docs/tasks/", True),
        ("http://kubernetes.io/docs/", False),
        ("https://kubernetes.io/docsx/", False),
        ("https://kubernetes.io/", False),
        ("https://evil.example/kubernetes.io/docs/", False),
        ("https://trivy.dev/docs/", False),
    ],
)
def test_allowed_sites(address: str, right: bool) -> None:
    assert allowed(address) is right
