"""Words, operators and redirections of a shell script."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.shell.lexer import Lexer, Malformed, Token
from trainer.simulate.shell.syntax import Part, Redirect


def tokens(text: str) -> list[Token]:
    lexer = Lexer(text, 0, lambda _, at: ((), at))
    found = []
    while (token := lexer.take()).kind != "end":
        found.append(token)
    return found


def words(text: str) -> list[str]:
    return ["".join(part.text for part in token.word) or token.text for token in tokens(text)]


@each_row(
    ("text", "expected"),
    [
        ("", []),
        ("  # only a comment", []),
        ("rm -f '/bin/bash'  \"/bin/sh\"", ["rm", "-f", "/bin/bash", "/bin/sh"]),
        ("a&&b||c;d\ne|f", ["a", "&&", "b", "||", "c", ";", "d", "\n", "e", "|", "f"]),
        ("a#b # c; d", ["a#b"]),
        ("rm /bin/\\bash \\\n y", ["rm", "/bin/bash", "y"]),
        ("echo 'a  b'\"c\"d", ["echo", "a  bcd"]),
        ('echo "a\\"b\\\\ \\n"', ["echo", 'a"b\\ \\n']),
        ("x;;y(z)", ["x", ";;", "y", "(", "z", ")"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_a_quoted_word_is_no_operator_and_no_reserved_word() -> None:
    assert [token.text for token in tokens("'if' \"&&\" \\! !")] == ["", "", "", "!"]
    assert [len(token.word) for token in tokens("''")] == [1]


@each_row(
    ("text", "stream", "how", "target"),
    [
        (">f", 1, ">", "f"),
        ("> f", 1, ">", "f"),
        (">>f", 1, ">>", "f"),
        (">|f", 1, ">", "f"),
        ("<f", 0, "<", "f"),
        ("2>/dev/null", 2, ">", "/dev/null"),
        ("2>&1", 2, ">&", "1"),
        (">&2", 1, ">&", "2"),
    ],
)
def test_redirections(text: str, stream: int, how: str, target: str) -> None:
    (token,) = tokens(text)
    assert token.redirect == Redirect(stream, how, (Part("text", target),))  # type: ignore[arg-type]


@each_row(
    ("text", "part"),
    [
        ("$A", Part("variable", "A")),
        ("$?", Part("variable", "?")),
        ("${A}", Part("variable", "A")),
        ("${A:-b}", Part("variable", "A", operator=":-", word=(Part("words", "b"),))),
        ("${A+}", Part("variable", "A", operator="+")),
        ("${#A}", Part("variable", "A", prefix="#")),
        ("${#@}", Part("variable", "#")),
        ("${A[@]}", Part("variable", "A", index=(Part("text", "@"),))),
        ("${!A[@]}", Part("variable", "A", index=(Part("text", "@"),), prefix="!")),
        ("${A[1]}", Part("variable", "A", index=(Part("text", "1"),))),
        ("$'a\\tb'", Part("text", "a\tb", quoted=True)),
        ("$(x", Part("output")),
        ("`x`", Part("output")),
        ("$%", Part("text", "$%")),
    ],
)
def test_values(text: str, part: Part) -> None:
    assert tokens(text)[0].word[0] == part


@each_row(
    "text",
    [
        "a\\",
        "cat <<E\na",
        "cat <>f",
        "cat <&3",
        "a >",
        "a > ;",
        "$((1+1)",
        "$(('1'))",
        "${A[}",
        "${A:}",
        "${A;}",
        '$"a"',
        "${",
    ],
)
def test_what_is_outside(text: str) -> None:
    with pytest.raises(NotJudged):
        tokens(text)


@each_row(("text", "at"), [("'a", 0), ("b 'a\n", 2), ('x"a$b', 1), ("`a", 0)])
def test_a_quote_without_its_end(text: str, at: int) -> None:
    with pytest.raises(Malformed) as caught:
        tokens(text)
    assert caught.value.at == at
