"""Tests of `tui.keystrokes`: what the keys of the editor do to a text. `¦` is the cursor, `«»` a selection."""

from __future__ import annotations

from tests.table import each_row
from trainer.tui.keystrokes import (
    Change,
    Language,
    Place,
    backspaced,
    broken,
    commented,
    dedented,
    in_block_scalar,
    indented,
    language_of,
)


def read(text: str) -> tuple[list[str], tuple[Place, Place]]:
    lines = text.split("\n")
    places: list[Place] = []
    for sign in "«»" if "«" in text else "¦":
        row = next(i for i, line in enumerate(lines) if sign in line)
        places.append((row, lines[row].index(sign)))
        lines[row] = lines[row].replace(sign, "")
    return lines, (places[0], places[-1])


def applied(lines: list[str], change: Change | None) -> str:
    if change is None:
        return "-"
    (row, column), (last, until) = change.start, change.end
    text = lines[row][:column] + change.text + lines[last][until:]
    new = [*lines[:row], *text.split("\n"), *lines[last + 1 :]]
    first, second = change.selection
    for place, sign in (
        sorted([(second, "»"), (first, "«")], reverse=True) if first != second else [(first, "¦")]
    ):
        new[place[0]] = new[place[0]][: place[1]] + sign + new[place[0]][place[1] :]
    return "\n".join(new)


@each_row(
    "before, after",
    [
        ("spec:¦", "spec:\n  ¦"),
        ("  name: web¦", "  name: web\n  ¦"),
        ("spec:  # why¦", "spec:  # why\n  ¦"),
        ("# spec:¦", "# spec:\n¦"),
        ("a: 'b # c:'¦", "a: 'b # c:'\n¦"),
        # lists
        ("args:\n- sh¦", "args:\n- sh\n- ¦"),
        ("args:\n  - http://x:80¦", "args:\n  - http://x:80\n  - ¦"),
        ('args:\n  - "a: b"¦', 'args:\n  - "a: b"\n  - ¦'),
        ("  - name: web¦", "  - name: web\n    ¦"),
        ('  - "name": web¦', '  - "name": web\n    ¦'),
        ("  - from:¦", "  - from:\n      ¦"),
        ("- - a¦", "- - a\n  - ¦"),
        ("  - {a: 1}¦", "  - {a: 1}\n  - ¦"),
        ("  - {a: 1,¦", "  - {a: 1,\n    ¦"),
        # an empty item ends the list
        ("spec:\n  args:\n    - a\n    - ¦", "spec:\n  args:\n    - a\n  ¦"),
        ("spec:\n  args:\n  - a\n  - ¦", "spec:\n  args:\n  - a\n  ¦"),
        ("- ¦", "¦"),
        ("a:\n  - b:\n      - c\n      - ¦", "a:\n  - b:\n      - c\n    ¦"),
        # texts
        ("  run: |¦", "  run: |\n    ¦"),
        ("  - |-¦", "  - |-\n    ¦"),
        ("  - a: |¦", "  - a: |\n      ¦"),
        ("run: &x >-  # y¦", "run: &x >-  # y\n  ¦"),
        ("run: |\n  - a:¦", "run: |\n  - a:\n  ¦"),
        ("run: |\n  - ¦", "run: |\n  - \n  ¦"),
        ("a: b|¦", "a: b|\n¦"),
        # in the middle, before, on blank lines
        ("a: 1¦  # b", "a: 1\n¦# b"),
        ("  a:¦ 1", "  a:\n    ¦1"),
        ("  ¦a: 1", "  \n  ¦a: 1"),
        ("¦a: 1", "\n¦a: 1"),
        ("a:\n    ¦", "a:\n\n    ¦"),
        ("- a¦b", "- a\n  ¦b"),
        ("x: «1\ny»: 2", "x: \n  ¦: 2"),
        ("---¦", "---\n¦"),
    ],
)
def test_enter_continues_a_yaml_text(before: str, after: str) -> None:
    lines, selection = read(before)
    assert applied(lines, broken(lines, selection, "yaml")) == after


@each_row(
    "language, before, after",
    [
        ("json", "{¦", "{\n  ¦"),
        ("json", "  {¦}", "  {\n    ¦\n  }"),
        ("json", '  "a": 1,¦', '  "a": 1,\n  ¦'),
        ("shell", "if true; then¦", "if true; then\n  ¦"),
        ("shell", "  echo a \\¦", "  echo a \\\n    ¦"),
        ("shell", "# do¦", "# do\n¦"),
        ("dockerfile", "RUN a \\¦", "RUN a \\\n    ¦"),
        ("dockerfile", "    b \\¦", "    b \\\n    ¦"),
        ("text", "a:¦", "a:\n¦"),
    ],
)
def test_enter_in_other_languages(language: Language, before: str, after: str) -> None:
    lines, selection = read(before)
    assert applied(lines, broken(lines, selection, language)) == after


@each_row(
    "before, after",
    [
        ("¦a", "  ¦a"),
        (" ¦a", "  ¦a"),
        ("a: «1»", "  a: «1»"),
        ("«a:\n  b:»\nc:", "«  a:\n    b:»\nc:"),
        ("«a:\n»b:", "«  a:\n»b:"),
        ("«a:\n\n  b»:", "«  a:\n\n    b»:"),
    ],
)
def test_tab_moves_right(before: str, after: str) -> None:
    lines, selection = read(before)
    assert applied(lines, indented(lines, selection)) == after


@each_row(
    "before, after",
    [
        ("    a¦: 1", "  a¦: 1"),
        ("   a¦", "  a¦"),
        (" ¦ a", "¦a"),
        ("\ta¦", "a¦"),
        ("«   a:\n     b»", "« a:\n   b»"),
        ("a¦", "-"),
        ("  «a:\n    b»:\n", "«a:\n  b»:\n"),
        ("«a:\n  b:\n»  c:", "«a:\nb:\n»  c:"),
    ],
)
def test_shift_tab_moves_left(before: str, after: str) -> None:
    lines, selection = read(before)
    assert applied(lines, dedented(lines, selection)) == after


@each_row(
    "before, after",
    [
        ("    ¦a", "  ¦a"),
        ("   ¦a", "  ¦a"),
        (" ¦", "¦"),
        ("  a¦", "-"),
        ("¦  a", "-"),
        ("  - ¦", "-"),
    ],
)
def test_backspace_takes_a_level(before: str, after: str) -> None:
    lines, (_, cursor) = read(before)
    assert applied(lines, backspaced(lines, cursor)) == after


@each_row(
    "before, after",
    [
        ("  a: ¦1", "  # a: ¦1"),
        ("  # a: ¦1", "  a: ¦1"),
        ("#¦a", "¦a"),
        ("«  a:\n    b»", "«  # a:\n  #   b»"),
        ("«  # a:\n\n  #   b»", "«  a:\n\n    b»"),
        ("«# a:\nb»", "«# # a:\n# b»"),
        ("  ¦", "-"),
    ],
)
def test_comments_are_switched(before: str, after: str) -> None:
    lines, selection = read(before)
    assert applied(lines, commented(lines, selection)) == after


@each_row(
    "name, text, language",
    [
        ("a/pod.yml", "", "yaml"),
        ("config", "", "yaml"),
        ("policy.JSON", "", "json"),
        ("node.sh", "", "shell"),
        ("run", "#!/bin/sh\n", "shell"),
        ("Dockerfile", "", "dockerfile"),
        ("Dockerfile.dockerignore", "", "text"),
        ("seccomp.profile", "", "text"),
    ],
)
def test_the_name_tells_the_language(name: str, text: str, language: str) -> None:
    assert language_of(name, text) == language


def test_long_texts_are_left_in_time() -> None:
    lines = ["run: |", *["  x"] * 50_000]
    assert in_block_scalar(lines, 50_000)
    assert not in_block_scalar(["a:", *["  b: 1"] * 10], 5)
