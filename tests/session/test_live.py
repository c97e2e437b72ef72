"""The use cases with a cluster; the verdict on the files is never lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cards import CATALOGUE, PACK
from tests.cluster.clock import stop_the_clock
from tests.cluster.fake_api import Fake
from tests.patience import HANGS
from trainer.config import Settings
from trainer.content.solutions import load_solutions
from trainer.errors import UsageError
from trainer.grading.grade import grade
from trainer.session.live import (
    Live,
    LiveOptions,
    check_live,
    connect,
    contexts_of,
    do_prepare,
    do_reset,
    plan_prepare,
    plan_reset,
    status_of,
)
from trainer.verdict import Scope, Status

CARD = CATALOGUE.get("pod-ro")
ANSWER = load_solutions(CARD, PACK).reference.answer


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path, tmp_path / "p.db", tmp_path / "c.toml")


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fake]:
    with Fake() as server:
        monkeypatch.setenv("KUBECONFIG", str(server.kubeconfig(tmp_path)))
        yield server


def check(settings: Settings, **options: object) -> Live:
    chosen = LiveOptions(**{"context": "practice", "seconds": HANGS, **options})  # type: ignore[arg-type]
    return check_live(settings, CARD, ANSWER, grade(CARD, ANSWER), chosen)


@pytest.mark.parametrize("fault", ["hang", "401", "403", "429", "500", "drop", "garbage", "redirect"])
@pytest.mark.parametrize("after", [0, 4, 6])
def test_the_file_verdict_is_never_lost(
    fake: Fake, settings: Settings, monkeypatch: pytest.MonkeyPatch, fault: str, after: int
) -> None:
    stop_the_clock(monkeypatch, fake)
    with connect(settings, LiveOptions("practice", allow_write=True)) as cluster:
        do_prepare(cluster, CARD, plan_prepare(cluster, CARD, ""), "")
    fake.break_with(fault, after=after)
    live = check(settings)
    assert live.error is not None
    filed = [one for one in live.verdict.checks if one.scope is Scope.FILE]
    assert [one.status for one in filed] == [Status.PASS] * 3
    rest = [one for one in live.verdict.checks if one.scope is Scope.LIVE]
    assert len(rest) == 6
    assert rest[-1].reasons[0].message == live.error.message
    assert live.verdict.passed


def test_a_context_has_to_be_named(fake: Fake, settings: Settings) -> None:
    with pytest.raises(UsageError, match="no context is named"):
        connect(settings, LiveOptions(""))
    assert fake.log == []


def test_prepare_status_and_reset(fake: Fake, settings: Settings) -> None:
    assert [one.name for one in contexts_of()] == ["practice", "other"]
    with connect(settings, LiveOptions("practice", allow_write=True)) as cluster:
        done = do_prepare(cluster, CARD, plan_prepare(cluster, CARD, "alice"), "alice")
        assert [step.title for step in done] == ["Namespace sun-alice"]
        assert status_of(cluster)["namespaces"] == 5
        assert plan_reset(cluster, CARD, "") == ()
        gone = do_reset(cluster, plan_reset(cluster, CARD, "alice"))
        assert [one.title for one in gone] == ["Namespace sun-alice"]


def test_an_unprepared_cluster_is_no_fault_of_the_answer(fake: Fake, settings: Settings) -> None:
    live = check(settings)
    assert live.error is None
    assert {one.status for one in live.verdict.checks if one.scope is Scope.LIVE} == {Status.SKIPPED}
    assert live.verdict.passed
    assert (fake.writes(), fake.execs()) == ([], [])
