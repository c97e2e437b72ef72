"""Tools that change modes and owners."""

from __future__ import annotations

import pytest

from tests.simulate.containers.sandbox import ran
from trainer.errors import NotJudged
from trainer.simulate.shell.tools.modes import changed_mode


def test_what_another_user_may_do() -> None:
    for text in ("chmod 777 a", "chown 33 a", "echo x > a", "cat d/x"):
        assert ran(text, user=33).code, text
    assert ran("touch b && chmod 600 b && echo x > b && cat b", user=33).out == "x\n"


@pytest.mark.parametrize(
    ("mode", "text", "expected"),
    [
        (0o755, "644", 0o644),
        (0o644, "+x", 0o755),
        (0o644, "+w", 0o644),
        (0o444, "a+w", 0o666),
        (0o755, "u=rw,go=", 0o600),
        (0o755, "=r", 0o444),
        (0o755, "-x", 0o644),
    ],
)
def test_changed_modes(mode: int, text: str, expected: int) -> None:
    assert changed_mode(mode, text) == expected


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("chmod 644 none", "none doesn't exist"), ("chown 0 none", "none doesn't exist"), ("chmod 700 d", "")],
)
def test_missing_files(text: str, complaint: str) -> None:
    assert ran(text).complaint == complaint


@pytest.mark.parametrize(
    "text", ["chmod -R 700 d", "chown www-data a", "chmod g=u a", "chmod -x", "chgrp x a"]
)
def test_what_is_outside(text: str) -> None:
    with pytest.raises(NotJudged):
        ran(text)
