"""Tests of `tui.split`: the editor in a pane of tmux, with a stand-in for tmux."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.tui.showing import assert_soon
from tests.tui.stand_in import run_as_tmux
from trainer.session.editor import Edited
from trainer.tui import split
from trainer.tui.split import Split

TMUX = """#!/bin/sh
echo "$@" >> "$LOG/calls"
case "$1" in
    split-window) [ -e "$LOG/refuse" ] && exit 1; touch "$LOG/open"; echo %7 ;;
    select-pane) [ -e "$LOG/open" ] ;;
    list-panes) echo %1; [ -e "$LOG/open" ] && echo %7; exit 0 ;;
esac
"""


@pytest.fixture
def tmux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    run_as_tmux(TMUX, tmp_path, monkeypatch)
    monkeypatch.setattr(split, "LOOKS_EACH", 0.01)
    return tmp_path


async def test_it_waits_for_the_end_and_selects_what_is_open(tmux: Path) -> None:
    beside, file = Split(), tmux / "pod 1.yaml"
    waiting = asyncio.ensure_future(beside.run(["sh", "-x"], [file], (200, 24)))
    await assert_soon((tmux / "open").exists)
    await assert_soon(lambda: beside._pane)
    assert await beside.run(["sh"], [file], (200, 24)) == Edited("ended")
    assert not waiting.done()
    (tmux / "open").unlink()  # closed, or killed
    assert await waiting == Edited("ended")
    calls = (tmux / "calls").read_text()
    assert "split-window -h -t %1" in calls
    assert f"sh -x {file}" in calls
    assert calls.count("split-window") == 1
    assert "select-pane -t %7" in calls


@pytest.mark.parametrize("why", ["refused", "small", "no tmux", "no such editor", "no program"])
async def test_otherwise_the_caller_goes_on(tmux: Path, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    size, editor = (
        (100, 24) if why == "small" else (100, 40),
        "no-such-editor" if why == "no such editor" else "sh",
    )
    if why == "refused":
        (tmux / "refuse").touch()
    elif why == "no tmux":
        monkeypatch.delenv("TMUX")
    elif why == "no program":
        (tmux / "bin" / "tmux").unlink()
        monkeypatch.setenv("PATH", str(tmux / "bin"))
    assert await Split().run([editor], [tmux / "a.yaml"], size) is None
    assert not (tmux / "open").exists()


async def test_below_where_the_terminal_is_tall(tmux: Path) -> None:
    waiting = asyncio.ensure_future(Split().run(["sh"], [tmux / "a.yaml"], (120, 40)))
    await assert_soon((tmux / "open").exists)
    (tmux / "open").unlink()
    assert await waiting == Edited("ended")
    assert "split-window -v" in (tmux / "calls").read_text()
