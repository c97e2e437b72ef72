"""Tests of `simulate.node.script_file`."""

from __future__ import annotations

from tests.table import each_row
from trainer.simulate.node.script_file import unreadable


@each_row(
    ("text", "line"),
    [
        ("ls\n", None),
        ("#!/usr/bin/env -S bash -e\nls\n", None),
        ("\ufeff#!/bin/bash\nls\n", None),
        ("#!/bin/bash\nls\r\n", 2),
        ("l\0s\n", 1),
        ("\ufeffls\n", 1),
        ("#!/usr/bin/python3\n", 1),
    ],
)
def test_what_bash_reads(text, line):
    fault = unreadable(text)
    assert (fault and fault[1]) == line
