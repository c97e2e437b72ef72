"""Tests of `cks-trainer serve`; `tests/cli/browser` has the server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.cli.conftest import Ran
from trainer.cli import browser
from trainer.cli.browser import Visitor


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Sequence[Visitor], int]]:
    found: list[tuple[Sequence[Visitor], int]] = []
    monkeypatch.setattr(browser, "serve", lambda who, port: found.append((who, port)))
    return found


def test_one_learner_or_a_roster(
    cks: Callable[..., Ran], served: list[tuple[Sequence[Visitor], int]], tmp_path: Path
) -> None:
    roster = tmp_path / "class.csv"
    roster.write_text("learner\nana\nbo\n")
    assert cks("serve", "--pack", "p").code == 0
    assert cks("serve", "--roster", roster, "--port", "9000").code == 0
    (alone, first), (many, second) = served
    assert (first, second) == (8000, 9000)
    assert [one.name for one in many] == ["ana", "bo"]
    assert alone[0].options[:2] == ("--workspace", str(tmp_path / "ws"))
    assert alone[0].options[-2:] == ("--pack", str(Path("p").absolute()))
    assert many[1].options[:2] == ("--workspace", str(tmp_path / "ws" / "bo"))


def test_what_it_cannot_do(cks: Callable[..., Ran]) -> None:
    assert cks("serve", "--json").code == 2
    assert cks("serve", "--port", "0").code == 2
