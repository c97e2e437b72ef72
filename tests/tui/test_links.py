"""Tests of `tui.links`: addresses are opened in a browser with windows, or copied if that is allowed."""

from __future__ import annotations

import webbrowser
from types import SimpleNamespace

import pytest

from tests.tui.fake_session import FakeSession
from trainer.errors import StoreError
from trainer.tui.links import CLIPBOARD, copy, may_copy, open_link


class Windowed(webbrowser.BaseBrowser):
    opened: list[str]

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        self.opened = [url]
        return True


@pytest.fixture
def app() -> SimpleNamespace:
    done: list[str] = []
    return SimpleNamespace(is_web=False, open_url=done.append, copy_to_clipboard=done.append, done=done)


def test_only_browsers_with_windows_are_used(app: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    windowed = Windowed()
    for browser, wanted in (
        (webbrowser.GenericBrowser("w3m"), False),
        (webbrowser.Elinks("elinks"), False),
        (windowed, True),
    ):
        monkeypatch.setattr(webbrowser, "get", lambda browser=browser: browser)
        assert open_link(app, "https://a") is wanted  # type: ignore[arg-type]
    assert windowed.opened == ["https://a"]

    def none() -> None:
        raise webbrowser.Error("no browser")

    monkeypatch.setattr(webbrowser, "get", none)
    assert not open_link(app, "https://a")  # type: ignore[arg-type]
    app.is_web = True
    assert open_link(app, "https://a")  # type: ignore[arg-type]
    assert app.done == ["https://a"]


def test_copying_can_be_switched_off(app: SimpleNamespace, session: FakeSession) -> None:
    assert "Copied https://a" in copy(app, session, "https://a")  # type: ignore[arg-type]
    session.store.choose(CLIPBOARD, "off")
    assert "Copying is off" in copy(app, session, "https://b")  # type: ignore[arg-type]
    assert app.done == ["https://a"]


def test_unreadable_progress_forbids_nothing(session: FakeSession) -> None:
    def refuse(_: str) -> None:
        raise StoreError("broken")

    session.store.choice = refuse
    assert may_copy(session)  # type: ignore[arg-type]
