"""`cluster` and `grade --live`: exit codes, and what leaves the program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.clock import stop_the_clock
from tests.cluster.fake_api import Fake
from tests.cluster.helpers import objects_in
from trainer.content.catalogue import find_card
from trainer.content.locate import builtin_pack

Cks = Callable[..., Any]
PACK = builtin_pack()
REFERENCE = PACK.solutions / "runtime-security" / "pod-ro" / "reference.yaml"
GRADE = ("grade", "--card", "pod-ro", REFERENCE, "--live")


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fake]:
    monkeypatch.setenv("CKS_TRAINER_PACK", str(PACK.tasks.parent))
    with Fake() as server:
        monkeypatch.setenv("KUBECONFIG", str(server.kubeconfig(tmp_path, current="practice")))
        yield server


def test_without_a_named_context_2_and_no_call(cks: Cks, fake: Fake) -> None:
    for call in (
        GRADE,
        ("cluster", "status"),
        ("cluster", "prepare", "pod-ro", "--yes"),
        ("cluster", "reset", "pod-ro", "--yes"),
    ):
        ran = cks(*call)
        assert ran.code == 2
        assert "no context is named" in ran.err
    assert cks("cluster", "contexts").code == 0
    assert fake.log == []


def test_a_whole_round(cks: Cks, fake: Fake) -> None:
    on = ("--context", "practice")
    assert cks("cluster", "status", *on, "--json").json["version"] == "v1.36.2"
    asked = cks("cluster", "prepare", "pod-ro", *on)
    assert asked.code == 2
    assert "--yes" in asked.err
    assert fake.writes() == []
    assert cks("cluster", "prepare", "pod-ro", *on, "--yes", "--json").json["created"] == ["Namespace sun"]
    fake.apply(objects_in(REFERENCE.read_bytes()))
    writes = len(fake.writes())
    without = cks(*GRADE, *on, "--json")
    assert (without.code, without.json["max_points"]) == (0, 16)
    assert [one["status"] for one in without.json["checks"] if one["id"] == "cannot-write"] == ["skipped"]
    assert (len(fake.writes()), fake.execs()) == (writes, [])
    whole = cks(*GRADE, *on, "--allow-exec", "--json")
    assert (whole.code, whole.json["points"]) == (0, 17)
    assert {one["scope"] for one in whole.json["checks"]} == {"file", "live"}
    assert "[practice]" in whole.err
    asked = cks("cluster", "reset", "pod-ro", *on)
    assert asked.code == 2
    assert "to delete: Namespace sun" in asked.err
    assert len(fake.writes()) == writes
    assert cks("cluster", "reset", "pod-ro", *on, "--yes").out == "deleted Namespace sun\n"


def test_another_wording_is_prepared(cks: Cks, fake: Fake) -> None:
    on = ("--context", "practice", "--yes", "--json")
    spaces = {seed: _namespace(seed) for seed in range(9)}
    mars, moon = (
        next(seed for seed, name in spaces.items() if name == wanted) for wanted in ("mars", "moon")
    )
    prepared = cks("cluster", "prepare", "pod-ro", *on, "--seed", mars).json
    assert (prepared["seed"], prepared["created"]) == (mars, ["Namespace mars"])
    cks("start", "pod-ro", "--seed", moon)
    prepared = cks("cluster", "prepare", "pod-ro", *on).json
    assert (prepared["seed"], prepared["created"]) == (moon, ["Namespace moon"])
    reset = cks("cluster", "reset", "pod-ro", *on).json
    assert (reset["seed"], sorted(reset["deleted"])) == (moon, ["Namespace mars", "Namespace moon"])


def _namespace(seed: int) -> str:
    return find_card("pod-ro", PACK, seed).wording.words.get("sun", "sun")


@pytest.mark.parametrize("fault", ["hang", "401", "403", "409", "429", "500", "drop"])
def test_faults_are_3_and_keep_the_verdict(
    cks: Cks, fake: Fake, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    stop_the_clock(monkeypatch, fake)
    fake.break_with(fault)
    ran = cks(*GRADE, "--context", "practice", "--timeout", "300", "--json")
    assert ran.code == 3
    assert [one["status"] for one in ran.json["checks"]][:3] == ["pass"] * 3
    assert "Traceback" not in ran.err


def test_an_unknown_context_is_2_and_keeps_the_verdict(cks: Cks, fake: Fake) -> None:
    ran = cks(*GRADE, "--context", "practise")
    assert ran.code == 2
    assert "PASS  2/2  Pod pod-ro exists" in ran.out
    assert "practice?" in ran.err
    assert fake.log == []


def test_options_of_the_cluster_need_live(cks: Cks, fake: Fake) -> None:
    ran = cks("grade", "--card", "pod-ro", REFERENCE, "--context", "practice")
    assert ran.code == 2
    assert "--live" in ran.err
    assert fake.log == []
