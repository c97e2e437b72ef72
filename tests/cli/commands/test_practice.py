"""Tests of `cks-trainer practice`; `tests/cli/test_plain.py` has the conversation."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cli.conftest import Ran
from trainer.cli import streams


def test_it_opens_the_app_on_the_card(cks: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr("trainer.__main__._open_app", lambda _, card: opened.append(card))
    assert "Pass --plain" in cks("practice", "tiny-pod").err, "there is no terminal"
    monkeypatch.setattr(streams, "at_terminal", lambda: True)
    assert cks("practice", "tiny-pod").code == 0
    assert cks("practice").code == 0
    assert "did you mean tiny-pod" in cks("practice", "tiny-pot").err.lower()
    assert opened == ["tiny-pod", None]


def test_a_conversation_has_no_json(cks: Callable[..., Ran]) -> None:
    ran = cks("practice", "--json")
    assert (ran.code, ran.json["schema"]) == (2, streams.ERROR_SCHEMA)
