"""Which check decides."""

from __future__ import annotations

from tests.falco_world import CAT, events
from trainer.simulate.detection.events import Event
from trainer.simulate.detection.explain import leaves, why, why_not
from trainer.simulate.detection.ruleset import compile_text


def not_because(condition: str, index: int = 0) -> str:
    return why_not(compile_text(condition), events()[index]).told


def test_the_check_that_fails() -> None:
    cases = {
        "evt.type=openat and k8s.ns.name = web": "`k8s.ns.name = web` doesn't hold: k8s.ns.name is shop",
        "evt.type=openat and not proc.name=cat": "`proc.name=cat` holds: proc.name is cat",
        "(evt.type=open and proc.name=cat) or (evt.type=openat and proc.name=cat and user.name=a)": (
            "`user.name=a` doesn't hold: user.name is root"
        ),
        'evt.type=openat and proc.name regex "^ca"': (
            '`proc.name regex "^ca"` doesn\'t hold: proc.name is cat, and `regex` must match all of it'
        ),
        "not (proc.name=x or proc.name=cat)": "`proc.name=cat` holds: proc.name is cat",
    }
    assert {text: not_because(text) for text in cases} == cases
    assert not_because("k8s.ns.name = shop", 1).endswith("k8s.ns.name has no value")
    assert not_because("proc.vpid = 1").endswith("proc.vpid has no value")


def test_the_check_that_lets_an_event_in() -> None:
    part = compile_text("evt.type=open or (evt.type=openat and not proc.name=x)")
    assert why(part, events()[0]).text == "proc.name=x"
    assert why(compile_text("proc.name=x or user.name=root"), events()[0]).holds


def test_all_checks_of_a_condition() -> None:
    part = compile_text("not (a.b exists or proc.name=x)".replace("a.b", "fd.name"))
    assert [str(leaf.compiled.check.left) for leaf in leaves(part)] == ["fd.name", "proc.name"]
    assert why_not(part, Event(1, CAT, frozenset(CAT))).field == "fd.name"


def test_a_long_check_is_cut() -> None:
    found = why_not(compile_text(f"proc.name in ({', '.join('x' * 9 for _ in range(50))})"), events()[0])
    assert len(found.text) < 130
    assert found.text.endswith("...")
