"""Tests of `tui.widgets.side_by_side`: two texts beside each other, moves shown as moves."""

from __future__ import annotations

from tests.tui.fake_session import HOSTILE
from trainer.tui.widgets.side_by_side import MOST_LINES, compared, rows_of


def kinds(left: str, right: str) -> str:
    """For each row: its kind's first letter, and which lines it has."""
    rows = rows_of(left.split(), right.split())
    return " ".join(
        f"{row.kind[0]}{'' if row.left is None else row.left}|{'' if row.right is None else row.right}"
        for row in rows
    )


def test_rows_are_same_changed_added_or_moved() -> None:
    for left, right, wanted in (
        ("aaa bbb", "aaa bbb", "s0|0 s1|1"),
        ("aaa bbb", "aaa ccc", "s0|0 c1|1"),
        ("aaa", "aaa bbb", "s0|0 t|1"),
        ("aaa bbb", "bbb", "y0| s1|0"),
        ("aaa bbb ccc", "bbb ccc aaa", "m0| s1|0 s2|1 m|2"),
        ("aaa bbb ccc", "ddd bbb aaa", "t|0 m|1 s0|2 m1| y2|"),
    ):
        assert kinds(left, right) == wanted, (left, right)


def test_another_indentation_is_a_change_and_a_repeated_line_never_a_move() -> None:
    rows = rows_of(["from:", "  - a: 1", "  - b: 1"], ["from:", "  - a: 1", "    b: 1"])
    assert [row.kind for row in rows] == ["same", "same", "changed"]
    rows = rows_of(["a: 1", "  b: 2"], ["a: 1", "    b: 2"])
    assert [row.kind for row in rows] == ["same", "changed"]
    twice = rows_of(["abc:", "def:", "abc:"], ["ghi:", "def:", "abc:", "jkl:"])
    assert "moved" not in {row.kind for row in twice}


def test_they_are_beside_each_other_where_there_is_room() -> None:
    mine, other = "kind: Pod\nname: a\n", "kind: Pod\nname: b\nspec: {}\n"
    wide = [line.plain.rstrip() for line in compared({"a.yaml": mine}, {"pod.yaml": other}, 120)]
    assert wide[1] == "pod.yaml"
    assert wide[3].split() == ["yours", "│", "solution"]
    assert [" ".join(line.split()) for line in wide[4:]] == [
        "1 kind: Pod │ 1 kind: Pod",
        "2 ~ name: a │ 2 ~ name: b",
        "│ 3 + spec: {}",
    ]
    assert len({line.index("│") for line in wide[3:]}) == 1
    narrow = [" ".join(line.plain.split()) for line in compared({"a.yaml": mine}, {"pod.yaml": other}, 78)]
    assert narrow[3:] == ["1 kind: Pod", "2 - name: a", "2 + name: b", "3 + spec: {}"]
    moved = compared({"a": "abc: 1\nxyz: 2\n"}, {"a": "xyz: 2\nabc: 1\n"}, 78)
    assert " ".join(moved[3].plain.split()) == "1 ↕ xyz: 2 moved to here"
    assert " ".join(moved[5].plain.split()) == "2 ↕ xyz: 2 moved from here"


def test_equal_missing_and_long_files_are_named() -> None:
    yours = {"a": "x\n", "b": "y\n" * (MOST_LINES + 1)}
    plain = [line.plain for line in compared(yours, {"a": "x", "b": "y\n", "c": "z\n"}, 100)]
    assert plain == [
        "",
        "a: the same text",
        "",
        f"b: longer than {MOST_LINES} lines, not shown line by line",
        "",
        "c: you have no such file",
    ]


def test_what_is_far_from_a_difference_is_left_out_and_all_is_literal() -> None:
    same = "".join(f"line-{number}\n" for number in range(40))
    for width in (78, 120):
        plain = [line.plain for line in compared({"a": same + HOSTILE}, {"a": same + "end\n"}, width)]
        assert "…" in plain[3 if width < 96 else 4]
        assert not any("line-30" in line for line in plain)
        assert any("line-39" in line for line in plain)
        assert not set("\x1b\x9b\u202e") & set("".join(plain))
