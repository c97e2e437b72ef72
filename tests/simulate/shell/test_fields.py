"""Splitting into fields, compared with the real bash where there is one."""

from __future__ import annotations

from pathlib import Path

from tests.simulate.shell.real import agreed
from tests.table import each_row


@each_row(
    ("mark", "value", "out"),
    [
        (",", "a,b,,c,", "4:a|b||c"),
        (",", ",a", "2:|a"),
        (", ", "a , b  c,d", "4:a|b|c|d"),
        (" ,", " ,a ", "2:|a"),
        (":", "a b:c", "2:a b|c"),
        ("", "a b", "1:a b"),
        ("x", "xx", "2:|"),
    ],
)
def test_splitting(mark: str, value: str, out: str, tmp_path: Path) -> None:
    text = f"IFS='{mark}'; v='{value}'; set -- $v; n=$#; IFS='|'; echo \"$n:$*\""
    assert agreed(text, tmp_path)[1] == f"{out}\n"


def test_what_is_around_a_value(tmp_path: Path) -> None:
    text = "IFS=,; v=,a,; set -- x$v'y'; echo $#; for i in 1$v\"\"; do echo \"<$i>\"; done; unset IFS; v='a b'; set -- $v; echo $#"
    assert agreed(text, tmp_path)[1] == "3\n<1>\n<a>\n<>\n2\n"
