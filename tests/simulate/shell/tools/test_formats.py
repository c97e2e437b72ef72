"""`printf`; the real one agrees, if there is one."""

from __future__ import annotations

import pytest

from tests.simulate.shell.real import real
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.shell.tools.formats import of_shell

FORMATS = [
    ("%d %5d|%-5d|%05d|%+d|% d", ["1", "2", "3", "4", "5", "6"]),
    ("%5s|%-5s|%.2s|%*s|%c\\n", ["ab", "cd", "efgh", "4", "x", "abc"]),
    ("%x %o %X %#x %i %u", ["255", "8", "255", "16", "0x1f", "010"]),
    ("x%%-\\102\\t", []),
    ("%.2f %5.1f|%e %g", ["3.14159", "2.25", "1", "0.5"]),
    ("%s=%s;", ["a", "1", "b"]),
    ("%s", []),
    ("none\\n", ["a", "b"]),
    ("%d %s", []),
]


@each_row(("form", "values"), FORMATS)
def test_formats(form: str, values: list[str]) -> None:
    there = real(f"printf '{form}' {' '.join(map(repr, values))}", "")
    assert there is None or of_shell(form, values) == there.out


def test_quoted_words() -> None:
    assert of_shell("%b", ["a\\tb"]) == "a\tb"
    assert of_shell("%q %q %q", ["a b", "plain", ""]) == "a\\ b plain ''"


@each_row(
    ("form", "value"), [("%y", "1"), ("%d", "x"), ("%9999d", "1"), ("\\z", ""), ("%b", "\\c"), ("%x", "-1")]
)
def test_what_is_outside(form: str, value: str) -> None:
    with pytest.raises(NotJudged):
        of_shell(form, [value])
