"""Tests of `simulate.shell.tools.expressions`; the real grep agrees, if there is one."""

from __future__ import annotations

from shlex import quote

import pytest

from tests.simulate.shell.real import real
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.shell.tools.expressions import compiled, translated

CASES = [
    ("a.c", False, "abc", True),
    ("a+", False, "a+", True),
    ("a+", False, "aa", False),
    (r"a\+c", False, "aac", True),
    ("a+c", True, "aac", True),
    ("^x{,2}$", True, "xx", True),
    ("^x{,2}$", True, "xxx", False),
    (r"^x\{,2\}$", False, "xx", True),
    ("[{,]x", True, "0x", False),
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


@each_row(("pattern", "extended", "text", "hit"), CASES)
def test_patterns(pattern, extended, text, hit):
    assert bool(compiled(translated(pattern, extended=extended)).search(text)) is hit
    there = real(f"grep -q {'-E' if extended else ''} -e {quote(pattern)}", f"{text}\n")
    assert there is None or (there.code == 0) is hit


@each_row("pattern", [r"\<a", r"\(a\)\1", "[[.a.]]", "[a", "a\\", r"\q"])
def test_what_is_outside(pattern):
    with pytest.raises(NotJudged):
        translated(pattern, extended=False)


def test_no_pattern_takes_time_out_of_proportion():
    """A matcher that goes back and tries again needs more than the age of the universe for this."""
    assert not compiled(translated("^(a+)+$", extended=True)).search("a" * 1000 + "!")


def test_the_longest_of_the_first_matches_counts():
    assert compiled(translated("a|ab", extended=True)).search("xabab").span() == (1, 3)
