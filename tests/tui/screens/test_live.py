"""The cluster screen against the fake API: nothing is done without a yes, the context is always shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from tests.cluster.fake_api import Fake
from tests.cluster.fake_store import Store
from tests.tui.fake_session import NOON
from tests.tui.showing import assert_shows, assert_soon
from trainer.config import Settings
from trainer.content.locate import builtin_pack
from trainer.session import Session
from trainer.tui.app import TrainerApp
from trainer.tui.screens.card import CardScreen
from trainer.tui.screens.confirm import Confirm
from trainer.tui.screens.live import LiveScreen, TypeName
from trainer.tui.widgets.checks import ChecksList

REFERENCE = builtin_pack().solutions / "runtime-security" / "pod-ro" / "reference.yaml"


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fake]:
    with Fake() as server:
        monkeypatch.setenv("KUBECONFIG", str(server.kubeconfig(tmp_path)))
        yield server


@pytest.fixture
def app(tmp_path: Path) -> Iterator[TrainerApp]:
    folder = tmp_path / "answers"
    (folder / "pod-ro").mkdir(parents=True)
    (folder / "pod-ro" / "pod.yaml").write_bytes(REFERENCE.read_bytes())
    session = Session.open(Settings(folder, tmp_path / "p.db", tmp_path / "config.toml"))
    yield TrainerApp(session, clock=lambda: NOON)
    session.close()


async def opened(app: TrainerApp, pilot: Pilot[None], *, choose: bool = True) -> LiveScreen:
    app.open_card("pod-ro")
    await assert_soon(lambda: isinstance(app.screen, CardScreen))
    await pilot.press("c")
    await assert_soon(lambda: isinstance(app.screen, LiveScreen))
    screen = app.screen
    assert isinstance(screen, LiveScreen)
    if choose:
        await assert_soon(lambda: screen.query_one("#contexts", OptionList).option_count == 2)
        await pilot.press("down", "enter")
        await assert_shows(app, "context: practice")
    return screen


async def answered(app: TrainerApp, pilot: Pilot[None], key: str) -> None:
    await assert_soon(lambda: isinstance(app.screen, Confirm), "a question")
    await pilot.press(key)


async def test_prepare_check_and_reset(app: TrainerApp, fake: Fake) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        assert fake.log == [], "choosing a context contacts nothing"
        await pilot.press("p")
        await answered(app, pilot, "y")
        await assert_shows(app, "created: Namespace sun")
        fake.apply([{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "pod-ro", "namespace": "sun"}, "spec": {"containers": [
            {"name": "pod-ro", "image": "busybox:1.32.0", "command": ["sh", "-c", "sleep 1d"],
             "securityContext": {"readOnlyRootFilesystem": True}}]}}])  # fmt: skip
        await pilot.press("c")
        await answered(app, pilot, "y")
        await assert_shows(app, "17 of 17 points")
        assert len(fake.execs()) == 1
        await pilot.press("x")
        await answered(app, pilot, "y")
        await assert_shows(app, "deleted: Namespace sun")
        await pilot.press("escape")
        await assert_soon(lambda: isinstance(app.screen, CardScreen))
        assert app.screen.query_one(ChecksList).option_count == 9
        await assert_shows(app, "context: practice")


async def test_no_means_no(app: TrainerApp, fake: Fake) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        await pilot.press("p")
        await answered(app, pilot, "n")
        await assert_shows(app, "nothing was changed")
        fake.store.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "sun"}})
        await pilot.press("c")
        await answered(app, pilot, "escape")
        await assert_shows(app, "points; esc shows the checks")
        assert (fake.writes(), fake.execs()) == ([], [])


async def test_production_has_to_be_typed(app: TrainerApp, fake: Fake) -> None:
    fake.store = Store(nodes=9)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        await pilot.press("p")
        await assert_soon(lambda: isinstance(app.screen, TypeName))
        await assert_shows(app, "9 nodes")
        app.screen.query_one(Input).value = "wrong"
        await pilot.press("enter")
        await assert_shows(app, "not confirmed: nothing was done")
        assert fake.writes() == []


async def test_a_cluster_that_hangs_can_be_cancelled(app: TrainerApp, fake: Fake) -> None:
    fake.break_with("hang")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        await pilot.press("p")
        await assert_soon(lambda: fake.log)
        await pilot.press("escape")
        await assert_shows(app, "cancelled")
        await pilot.press("escape")
        await assert_soon(lambda: isinstance(app.screen, CardScreen))
        assert fake.writes() == []


async def test_without_a_kubeconfig(app: TrainerApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, choose=False)
        await assert_shows(app, "kubeconfig not found")
        await pilot.press("escape")
        await assert_soon(lambda: isinstance(app.screen, CardScreen))
