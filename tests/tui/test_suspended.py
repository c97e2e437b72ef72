"""Tests of `tui.suspended`: the app makes room for an editor, and comes back whatever the editor does."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from textual.app import SuspendNotSupported

from trainer.tui.suspended import run_suspended


class Lent:
    """An app that only lends its terminal."""

    def __init__(self, *, possible: bool = True) -> None:
        self.possible = possible
        self.happened: list[str] = []

    @contextmanager
    def suspend(self) -> Iterator[None]:
        if not self.possible:
            raise SuspendNotSupported
        self.happened.append("suspended")
        yield  # no `finally`: as Textual's own does, it resumes only if nothing is raised
        self.happened.append("resumed")


def test_the_app_comes_back_even_if_there_is_no_such_editor(tmp_path: Path) -> None:
    for command, how in (([sys.executable, "-c", ""], "ended"), (["/no/such/editor"], "not-started")):
        app = Lent()
        assert run_suspended(cast("Any", app), command, [tmp_path / "a.yaml"]).how == how
        assert app.happened == ["suspended", "resumed"]


def test_a_terminal_that_cannot_be_lent_starts_nothing(tmp_path: Path) -> None:
    edited = run_suspended(cast("Any", Lent(possible=False)), ["/no/such/editor"], [tmp_path / "a.yaml"])
    assert (edited.how, "built-in editor" in edited.message) == ("not-started", True)
