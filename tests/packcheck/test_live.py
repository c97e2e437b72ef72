"""Tests of `packcheck.live`: live checks are about objects that the card has."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from trainer.content.catalogue import load_catalogue
from trainer.content.locate import Pack
from trainer.content.solutions import load_solutions
from trainer.packcheck.live import live_faults

READY = "live:\n  - {id: up, says: It runs, ready: {pod: small, namespace: sun}}\nchecks:"


def faults(pack: Pack) -> list[tuple[int | None, str]]:
    [card] = load_catalogue(pack).cards
    return list(live_faults(card, load_solutions(card, pack)))


def test_check_on_an_object_of_the_reference(make_pack: Callable[..., Pack]) -> None:
    assert faults(make_pack(card=("checks:", READY))) == []


@pytest.mark.parametrize(
    ("check", "fault"),
    [
        ("ready: {pod: smal, namespace: sun}", "the card has no Pod sun/smal"),
        ("ready: {deployment: small, namespace: sun}", "the card has no Deployment sun/small"),
        ("ready: {pod: small}", "the card has no Pod default/small"),
        ("log: {pod: small, namespace: moon}, contains: x", "the card has no Pod moon/small"),
        ("exec: {pod: small, namespace: sun, container: d, command: [id]}, outcome: fails", "Pod sun/small has no container d"),
        ("event: {kind: Job, name: small, namespace: sun, reason: Failed}", "the card has no Job sun/small"),
        ("access: {as: 'sa:sun/robot', do: get pods}, outcome: denied", "the card has no ServiceAccount sun/robot"),
        ("ready: {pod: small, namespace: sun}, outcome: denied", "the live checks of small are wrong: live[0] (a): the outcome is missing"),
    ],
)  # fmt: skip
def test_check_on_what_the_card_does_not_have(make_pack: Callable[..., Pack], check: str, fault: str) -> None:
    live = f"live:\n  - {{id: a, says: A, {check}}}\nchecks:"
    [(place, message)] = faults(make_pack(card=("checks:", live)))
    assert message == fault
    assert place == (None if "are wrong" in fault else 0)


def test_every_namespace_has_a_default_service_account(make_pack: Callable[..., Pack]) -> None:
    live = (
        "live:\n  - {id: a, says: A, access: {as: 'sa:sun/default', do: get pods}, outcome: denied}\nchecks:"
    )
    assert faults(make_pack(card=("checks:", live))) == []
