"""Tests of `tui.line_colors`: the colors of shell scripts and Dockerfiles."""

from __future__ import annotations

from tests.table import each_row
from trainer.tui.line_colors import LineColors, pieces


@each_row(
    "kind, line, colored",
    [
        (
            "shell",
            "if [ -f /a ]; then exit 1; fi # b",
            "if:keyword -f:constant.builtin then:keyword exit:keyword 1:number fi:keyword # b:comment",
        ),
        ("shell", "echo 'a # b' \"$c d\" ${e} a#b", "'a # b':string \"$c d\":string ${e}:type"),
        ("shell", "# all", "# all:comment"),
        ("shell", "echo 'open", "'open:string"),
        ("shell", "/etc/if --set", "--set:constant.builtin"),
        ("dockerfile", "  copy --from=x a b", "copy:keyword --from:constant.builtin"),
        ("dockerfile", "# FROM", "# FROM:comment"),
        ("dockerfile", "FROMAGE", ""),
        ("dockerfile", 'CMD ["é", "b"]', 'CMD:keyword "é":string "b":string'),
    ],
)
def test_what_gets_a_color(kind: str, line: str, colored: str) -> None:
    data = line.encode()
    found = [f"{data[start:end].decode()}:{name}" for start, end, name in pieces(line, kind)]  # type: ignore[arg-type]
    assert " ".join(found) == colored


def test_lines_are_looked_at_when_they_are_shown() -> None:
    asked: list[int] = []
    lines = ["exit", "exit", "exit" + "x" * 10]
    colors = LineColors("shell", lambda row: (asked.append(row), lines[row])[1], 10)
    assert colors
    assert colors[1] == colors[1] == [(0, 4, "keyword")]
    assert asked == [1]
    assert colors[2] == []
