"""Tests of `rules._mesh.trial`: what is tried, and how each request is told. The verdicts: `test_mesh_access`."""

from __future__ import annotations

from tests.cards import PACK
from trainer.content.catalogue import find_card
from trainer.content.solutions import load_solutions
from trainer.grading.grade import world_of
from trainer.rules._mesh.trial import Trial
from trainer.rules.mesh_access import Params


def trial(answer: str) -> Trial:
    card = find_card("istio-authorization", PACK)
    solutions = load_solutions(card, PACK)
    variant = next(one for one in (solutions.reference, *solutions.wrong) if one.name == answer)
    world, _ = world_of(card, variant.answer)
    params = next(check.params for check in card.checks if check.id == "only-frontend")
    assert isinstance(params, Params)
    return Trial(world, params)


def test_every_outcome_is_told_in_words() -> None:
    right = list(trial("reference").outcomes())
    assert not any(tried.is_wrong for tried in right)
    refused = next(tried for tried in right if tried.wanted is False)
    assert refused.words[0] == "refused"
    call = refused.call
    assert refused.title.startswith(f"{call.source.title}: GET /")
    assert f" to {call.target.title}, " in refused.title
    open_ = next(tried for tried in right if tried.answer.accepted)
    assert open_.words[0] == "accepted, mutual TLS"


def test_what_is_wrong_is_found_and_explained() -> None:
    tried = [one for one in trial("wrong-rules-apart").outcomes() if one.is_wrong]
    assert tried
    reason, evidence = trial("wrong-rules-apart").told(tried[0])
    assert reason.location is not None
    assert reason.location.file == "policy.yaml"
    assert "is accepted" in evidence
    assert next(trial("wrong-rules-apart").findings())[1].endswith("is accepted.")
