"""Tests of `rules.leaked_text`."""

from __future__ import annotations

from trainer.rules.leaked_text import Params, judge
from trainer.simulate.world import World
from trainer.verdict import PASSED, Status


def test_a_line_with_a_secret_fails_and_is_named() -> None:
    world = World((), texts={"a.yaml": "a: 1\n# hunter2\n", "b.yaml": "a: 1\n"})
    outcome = judge(world, Params(secrets=("hunter2",)))
    assert outcome.status is Status.FAIL
    assert [str(reason.location) for reason in outcome.reasons] == ["a.yaml:2:3"]
    assert outcome.evidence == ("Whoever has a.yaml can read the secret (line 2).",)
    assert "hunter2" not in str(outcome)
    assert judge(world, Params(secrets=("hunter3",))) == PASSED
