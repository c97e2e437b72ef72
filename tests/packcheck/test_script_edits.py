"""Tests of `packcheck.script_edits`: the mutants of a script."""

from __future__ import annotations

from typing import Any

from tests.rules._node.given import NODE
from trainer.packcheck.script_edits import script_edits


def edits(text: str) -> set[tuple[str, str, str]]:
    node: dict[str, Any] = NODE
    return {(one.path, one.mutation, one.text) for one in script_edits(text, node)}


def test_lines_words_and_order():
    assert edits("systemctl disable --now vsftpd\nsystemctl start vsftpd") == {
        ("line 1", "delete", "systemctl start vsftpd"),
        ("line 1", "move", "systemctl start vsftpd\nsystemctl disable --now vsftpd"),
        ("line 1: disable", "flip", "systemctl enable --now vsftpd\nsystemctl start vsftpd"),
        ("line 1: vsftpd", "delete", "systemctl disable --now \nsystemctl start vsftpd"),
        ("line 2", "delete", "systemctl disable --now vsftpd"),
        ("line 2: start", "flip", "systemctl disable --now vsftpd\nsystemctl stop vsftpd"),
        ("line 2: vsftpd", "delete", "systemctl disable --now vsftpd\nsystemctl start "),
    }


def test_numbers():
    assert ("line 1: 0440", "change", "chmod 0441 /opt/miner") in edits("chmod 0440 /opt/miner")


def test_what_changes_nothing_is_no_mutant():
    assert edits("# a comment\napt-get update\nsystemctl daemon-reload") == set()
