"""Tests of `tui.host`: what screens need of the app is what the app has."""

from __future__ import annotations

import inspect

from textual.app import App

from tests.tui.fake_session import FakeSession
from trainer.tui.app import TrainerApp
from trainer.tui.host import Host, host_of


def test_the_app_is_a_host_and_another_one_is_not(app: TrainerApp, session: FakeSession) -> None:
    assert isinstance(app, Host)
    assert host_of(app).session is session
    assert not isinstance(App[None](), Host)


def test_what_a_host_does_is_called_as_the_app_does_it() -> None:
    for name in ("tell", "open_card", "open_next", "show_progress"):
        declared, real = getattr(Host, name), getattr(TrainerApp, name)
        assert inspect.signature(declared) == inspect.signature(real), name
