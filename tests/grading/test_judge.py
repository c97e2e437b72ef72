"""Tests of `grading.judge`: the checks of a card on a world."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from trainer.content.card import Check
from trainer.errors import NotJudged
from trainer.grading import judge as module
from trainer.grading.judge import judge_check, judge_checks, waiting_for, waiting_for_any
from trainer.simulate.world import World
from trainer.verdict import PASSED, Location, Outcome, Reason, Scope, Status

FAILED = Outcome(Status.FAIL, (Reason("because \x1b[2J"),), ("seen",))


def boom(_world: World, _params: Any) -> Outcome:
    empty: list[Outcome] = []
    return empty[1]


def unjudged(_world: World, _params: Any) -> Outcome:
    raise NotJudged("the shell's `eval`", Location("pod.yaml", 7, 3))


RULES: dict[str, Any] = {
    "yes": lambda _world, _params: PASSED,
    "no": lambda _world, _params: FAILED,
    "boom": boom,
    "unjudged": unjudged,
}


@pytest.fixture(autouse=True)
def rules(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(name: str) -> Any:
        return SimpleNamespace(Params=dict, judge=RULES[name])

    monkeypatch.setattr(module, "load_rule", load)
    monkeypatch.setattr("trainer.rules.load_rule", load)


def check(name: str, rule: str, *needs: str, any_of: tuple[str, ...] = ()) -> Check:
    return Check(name, name.title(), 2, rule, {}, needs=needs, needs_any=any_of)


def judged(*checks: Check) -> list[tuple[str, str, int]]:
    return [(one.id, one.status.value, one.points) for one in judge_checks(checks, World(()))]


def test_points_only_for_pass() -> None:
    assert judged(check("a", "yes"), check("b", "no")) == [("a", "pass", 2), ("b", "fail", 0)]


def test_an_unmet_need_skips_whatever_its_kind() -> None:
    checks = (check("d", "yes", "c"), check("a", "no"), check("b", "boom"), check("c", "yes", "a", "b"))
    assert judged(*checks) == [("d", "skipped", 0), ("a", "fail", 0), ("b", "error", 0), ("c", "skipped", 0)]
    results = list(judge_checks(checks, World(())))
    assert results[3].reasons == (Reason('skipped until "A" and "B" pass'),)


def test_one_of_several_needs_is_enough() -> None:
    both = (check("a", "no"), check("b", "yes"))
    assert judged(*both, check("c", "yes", any_of=("a", "b")))[2] == ("c", "pass", 2)
    assert judged(*both, check("c", "yes", any_of=("a",)))[2] == ("c", "skipped", 0)
    assert judged(*both, check("c", "yes", "a", any_of=("b",)))[2] == ("c", "skipped", 0)
    assert judged(*both, check("c", "no", "b", any_of=("a", "b")))[2] == ("c", "fail", 0)
    assert judged(*both, check("d", "no", "a"), check("c", "yes", any_of=("a", "d")))[3] == (
        "c",
        "skipped",
        0,
    )


def test_what_was_judged_elsewhere_counts() -> None:
    files = tuple(judge_checks((check("a", "yes"), check("b", "no")), World(())))
    checks = (
        check("c", "yes", "a"),
        check("d", "yes", "b"),
        check("e", "yes", "d"),
        check("f", "yes", any_of=("a", "b")),
        check("g", "yes", any_of=("b",)),
    )
    found = list(judge_checks(checks, World(()), Scope.LIVE, elsewhere=files))
    assert [(one.id, one.status.value) for one in found] == [
        ("c", "pass"), ("d", "skipped"), ("e", "skipped"), ("f", "pass"), ("g", "skipped"),
    ]  # fmt: skip
    assert found[1].reasons[0].message == waiting_for([files[1].says])


def test_what_a_check_waits_for_is_said() -> None:
    results = list(judge_checks((check("a", "no"), check("b", "no", any_of=("a",))), World(())))
    assert results[1].reasons == (Reason('skipped until "A" passes'),)
    assert waiting_for_any(["A", "B"]) == 'skipped until "A" or "B" passes'
    assert waiting_for_any(["A", "B", "C"]) == "skipped until one of 3 other checks passes"


def test_a_rule_that_breaks_is_an_error_and_keeps_the_others() -> None:
    results = list(judge_checks((check("a", "boom"), check("b", "yes")), World(())))
    assert [one.status for one in results] == [Status.ERROR, Status.PASS]
    message = results[0].reasons[0].message
    assert message.startswith("This check could not run: IndexError: list index out of range (")
    assert message.endswith("Not your fault.")


def test_what_is_not_judged_is_an_error_with_its_place() -> None:
    outcome = judge_check(check("a", "unjudged"), World(()))
    assert outcome.status is Status.ERROR
    assert outcome.reasons == (
        Reason(
            "This check could not run: not judged: the shell's `eval`, pod.yaml line 7.",
            Location("pod.yaml", 7, 3),
        ),
    )


def test_a_rule_that_does_not_exist_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    outcome = judge_check(check("a", "no-such-rule"), World(()))
    assert outcome.status is Status.ERROR


def test_what_a_rule_says_stays_as_it_is() -> None:
    """Doors make it safe, once: a terminal and JSON write the same character in different ways."""
    [result] = judge_checks((check("a", "no"),), World(()))
    assert result.reasons[0].message == "because \x1b[2J"
    assert result.evidence == ("seen",)


def test_the_scope_can_be_overridden() -> None:
    checks = (check("a", "yes"),)
    assert [one.scope for one in judge_checks(checks, World(()), Scope.LIVE)] == [Scope.LIVE]
    assert [one.scope for one in judge_checks(checks, World(()))] == [Scope.FILE]


def test_a_check_is_judged_once_however_many_need_it() -> None:
    calls: list[int] = []
    RULES["counted"] = lambda _world, _params: calls.append(1) or PASSED
    found = judged(check("b", "yes", "a"), check("a", "counted"), check("c", "yes", "a"))
    del RULES["counted"]
    assert [status for _, status, _ in found] == ["pass"] * 3
    assert calls == [1]


def test_where_a_rule_broke() -> None:
    line = boom.__code__.co_firstlineno + 2
    [reason] = judge_check(check("a", "boom"), World(())).reasons
    assert reason.message == (
        "This check could not run: IndexError: list index out of range "
        f"({__name__} line {line}). Not your fault."
    )


def test_a_result_has_the_points_and_places_of_its_check() -> None:
    RULES["placed"] = lambda _world, _params: Outcome(
        Status.FAIL, (Reason("a", Location("a.yaml", 2, 3)),), ("b\x07",)
    )
    one = msgspec.structs.replace(check("a", "placed"), why="since")
    [found] = judge_checks((one,), World(()))
    del RULES["placed"]
    assert (found.id, found.says, found.points, found.max_points, found.why) == ("a", "A", 0, 2, "since")
    assert found.reasons == (Reason("a", Location("a.yaml", 2, 3)),)
    assert found.evidence == ("b\x07",)


def test_one_quoted_need_or_two() -> None:
    assert waiting_for(["A"]) == 'skipped until "A" passes'
    assert waiting_for(["A", "B", "C"]) == 'skipped until "A" and "B" and "C" pass'
    assert waiting_for_any(["A"]) == 'skipped until "A" passes'
