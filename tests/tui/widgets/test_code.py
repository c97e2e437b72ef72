"""Tests of `tui.widgets.code`: colors of code in texts."""

from __future__ import annotations

from textual.content import Content

from tests.tui.fake_session import HOSTILE
from trainer.tui.themes import DARK, LIGHT, code_variables
from trainer.tui.widgets.code import code_lines


def colors(line: Content) -> dict[str, str]:
    """Text of each colored piece -> its variable."""
    return {line.plain[span.start : span.end]: str(span.style).split("$")[-1] for span in line.spans}


def test_yaml_has_keys_strings_numbers_constants_and_comments() -> None:
    lines = code_lines("a-b: text\n- \"x y\": [1, true]  # why\n  c: {d: 'e', f: 8443}\nimage: nginx:1.25\n")
    assert [colors(line) for line in lines] == [
        {"a-b": "code-key", "text": "code-string"},
        {'"x y"': "code-key", "1": "code-number", "true": "code-constant", "# why": "code-comment"},
        {"c": "code-key", "d": "code-key", "'e'": "code-string", "f": "code-key", "8443": "code-number"},
        {"image": "code-key", "nginx:1.25": "code-string"},
    ]


def test_a_block_scalar_is_a_string_until_its_end() -> None:
    lines = code_lines("a: |\n  b: 1\n\n  # c\nd: 1\n")
    assert colors(lines[1]) == {"  b: 1": "code-string"}
    assert colors(lines[3]) == {"  # c": "code-string"}
    assert colors(lines[4]) == {"d": "code-key", "1": "code-number"}


def test_scripts_and_dockerfiles_have_their_own_colors() -> None:
    [line] = code_lines("if true; then echo é $A -n  # why", "node.sh")
    assert colors(line)["if"] == "code-keyword"
    assert colors(line)["$A"] == "code-type"
    assert colors(line)["# why"] == "code-comment"
    assert colors(code_lines("FROM alpine", "Dockerfile")[0]) == {"FROM": "code-keyword"}
    assert colors(code_lines("FROM alpine", "notes.txt")[0]) == {}


def test_text_stays_literal_and_long_lines_have_no_colors() -> None:
    [line] = code_lines(f"a: {HOSTILE}")
    assert "[red]evil[/] [@click=app.quit]x[/]" in line.plain
    assert not set("\x1b\x9b\u202e") & set(line.plain)
    assert code_lines("a: " + "b" * 5000)[0].spans == []
    assert [line.plain for line in code_lines("")] == [""]


def test_every_theme_has_the_colors() -> None:
    dark, light = code_variables(DARK), code_variables(LIGHT)
    assert dark.keys() == light.keys()
    assert {"code-key", "code-string", "code-number", "code-constant", "code-comment"} <= dark.keys()
    assert all(value.startswith("#") for value in dark.values())
    assert dark["code-key"] != light["code-key"]
