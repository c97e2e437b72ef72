"""The test double of the session, an app on it, a clock that stands still, and a pilot without one."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import textual.constants
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.document._syntax_aware_document import SyntaxAwareDocument
from tree_sitter import Language, Query

from tests.tui.fake_session import NOON, FakeSession
from tests.tui.pace import Pace
from trainer.tui.app import TrainerApp
from trainer.tui.screens import exam
from trainer.tui.widgets import grader


@pytest.fixture
def paints_by_itself() -> None:
    """For a test of an app that paints as often as on a terminal, whether a test waits for it or not."""


@pytest.fixture(autouse=True)
def settled(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key press or a pause ends when the app has nothing left to do or to paint, however long that takes."""
    pace = Pace()
    pace.keep(monkeypatch)
    if "paints_by_itself" not in request.fixturenames:
        pace.paint(monkeypatch)


@pytest.fixture(autouse=True)
def outside_tmux(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests that run in tmux don't open editors beside it."""
    monkeypatch.delenv("TMUX", raising=False)


_PARSED: dict[object, list[RuleSet]] = {}
_PARSE = Stylesheet._parse_rules


def _parsed_once(sheet: Stylesheet, css: str, **where: object) -> list[RuleSet]:
    key = (css, *where.values(), frozenset(sheet._variables.items()))
    if key not in _PARSED:
        _PARSED[key] = _PARSE(sheet, css, **where)  # type: ignore[arg-type]
    return _PARSED[key]


@cache
def _prepared_once(language: Language, query: str) -> Query:
    return Query(language, query)


@pytest.fixture(autouse=True)
def prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every app parses the same stylesheets and what finds the colors of a text; here each is parsed once."""
    monkeypatch.setattr(Stylesheet, "_parse_rules", _parsed_once)
    monkeypatch.setattr(
        SyntaxAwareDocument, "prepare_query", lambda self, query: _prepared_once(self.language, query)
    )


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The app looks for what other programs did as soon as it can, and scrolls at once; it does the same then."""
    monkeypatch.setattr(grader, "POLL_SECONDS", 0.02)
    monkeypatch.setattr(grader, "SETTLE_SECONDS", 0.005)
    monkeypatch.setattr(exam, "LOOKS_EACH", 0.02)
    monkeypatch.setattr(textual.constants, "TEXTUAL_ANIMATIONS", "none")


@pytest.fixture
def session(tmp_path: Path) -> FakeSession:
    return FakeSession(tmp_path / "answers")


@pytest.fixture
def app(session: FakeSession) -> TrainerApp:
    return TrainerApp(session, clock=lambda: NOON)  # type: ignore[arg-type]
