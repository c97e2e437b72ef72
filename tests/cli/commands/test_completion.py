"""`completion`: the scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from trainer.cli.completion import SCRIPTS

Cks = Callable[..., Any]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_printed(cks: Cks, shell: str) -> None:
    assert cks("completion", shell) == (0, SCRIPTS[shell], "")
    assert cks("completion", "--json", shell).json["script"] == SCRIPTS[shell]


def test_an_unknown_shell(cks: Cks) -> None:
    ran = cks("completion", "tcsh")
    assert ran.code == 2
    assert "'bash', 'fish', 'zsh'" in ran.err
