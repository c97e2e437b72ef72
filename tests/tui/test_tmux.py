"""Tests of `tui.tmux`: a text goes to tmux's buffer, by an old or a new tmux, and else to the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.fake_session import FakeSession
from tests.tui.stand_in import run_as_tmux
from trainer.tui.app import TrainerApp
from trainer.tui.links import CLIPBOARD, copy
from trainer.tui.tmux import ask_tmux, copy_in_tmux, in_tmux

OLD = """#!/bin/sh
[ "$2" = -w ] && exit 1
echo "$@" >> "$LOG/calls"; cat > "$LOG/buffer"
"""


@pytest.fixture
def old_tmux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return run_as_tmux(OLD, tmp_path, monkeypatch)


def test_an_old_tmux_gets_the_text_without_its_newer_option(old_tmux: Path) -> None:
    assert in_tmux()
    assert copy_in_tmux("kind: Pod\n§")
    assert ((old_tmux / "calls").read_text(), (old_tmux / "buffer").read_text()) == (
        "load-buffer -\n",
        "kind: Pod\n§",
    )
    (old_tmux / "bin" / "tmux").unlink()
    assert ask_tmux("load-buffer", "-", text="x") is None


async def test_the_app_copies_to_tmux_and_without_it_to_the_terminal(
    old_tmux: Path, session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = TrainerApp(session)  # type: ignore[arg-type]
    async with app.run_test():
        written: list[str] = []
        monkeypatch.setattr(app._driver, "write", written.append)
        assert "tmux's buffer (prefix ] pastes it)" in copy(app, session, "https://a")  # type: ignore[arg-type]
        assert (old_tmux / "buffer").read_text() == "https://a"
        assert not any("]52;" in one for one in written)
        monkeypatch.delenv("TMUX")
        assert "OSC 52" in copy(app, session, "https://b")  # type: ignore[arg-type]
        assert any("]52;" in one for one in written)
        session.store.choose(CLIPBOARD, "off")
        app.copy_to_clipboard("c")
        assert app.clipboard == "c"
        assert (old_tmux / "buffer").read_text() == "https://a"
