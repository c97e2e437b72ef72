"""Tests of `simulate.shell.tools.expressions`; the real grep agrees, if there is one."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from trainer.errors import NotJudged
from trainer.simulate.shell.tools.expressions import translated

CASES = [
    ("a.c", False, "abc", True),
    ("a+", False, "a+", True),
    ("a+", False, "aa", False),
    (r"a\+c", False, "aac", True),
    ("a+c", True, "aac", True),
    (r"\(a\)\1", False, "aa", True),
    ("(a)", False, "(a)", True),
    ("^a|b$", True, "xb", True),
    ("a|b", False, "b", False),
    (r"a\|b", False, "b", True),
    ("*a", False, "*a", True),
    ("a^b", False, "a^b", True),
    ("a$b", False, "a$b", True),
    ("[[:space:]]x", False, "\tx", True),
    ("[^[:digit:]]", False, "12", False),
    ("[]a]", False, "]", True),
    ("[^]a]", False, "]a", False),
    (r"[\n]", False, "\\", True),
    (r"\.", False, "a", False),
    (r"x\{2\}", False, "xx", True),
    ("x{2}", False, "xx", False),
    (r"\bfoo\b", False, "a foo b", True),
    ("%sudo", False, "%sudo", True),
    ("#", False, "a#", True),
]


@pytest.mark.parametrize(("pattern", "extended", "text", "hit"), CASES)
def test_patterns(pattern, extended, text, hit):
    assert bool(re.search(translated(pattern, extended=extended), text)) is hit
    if shutil.which("grep"):
        argv = ["grep", "-q", *(["-E"] if extended else []), "-e", pattern]
        assert (subprocess.run(argv, input=f"{text}\n", text=True, check=False).returncode == 0) is hit


@pytest.mark.parametrize("pattern", [r"\<a", "[[.a.]]", "[a", "a\\", r"\q"])
def test_what_is_outside(pattern):
    with pytest.raises(NotJudged):
        translated(pattern, extended=False)
