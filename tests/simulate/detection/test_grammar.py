"""Conditions as text: what libsinsp's parser accepts, how it groups, and what it says of mistakes.

The cases follow falcosecurity/libs 0.25.4 (`userspace/libsinsp/test/filter_parser.ut.cpp`).
"""

from __future__ import annotations

import pytest

from trainer.errors import NotJudged
from trainer.simulate.detection.grammar import (
    Check,
    Expression,
    Many,
    Mistake,
    Not,
    checks_of,
    parse_condition,
)


def grouped(tree: Expression) -> str:
    """A tree with all its brackets."""
    if isinstance(tree, Many):
        return f"({f' {tree.word} '.join(map(grouped, tree.parts))})"
    if isinstance(tree, Not):
        return f"!{grouped(tree.inner)}"
    if isinstance(tree, Check):
        right = "|".join(tree.right) if isinstance(tree.right, tuple) else f"<{tree.right}>"
        return f"{tree.left} {tree.operator}{tree.modifier and ' '}{tree.modifier} {right}".rstrip()
    return tree.name


ACCEPTED = {
    "a or b and c or d": "(a or (b and c) or d)",
    "not a and not not b": "(!a and b)",
    "not(a or b)and(c)": "(!(a or b) and c)",
    "(a)or(b)": "(a or b)",
    "proc.name=sh and proc.tty!=0": "(proc.name = sh and proc.tty != 0)",
    "proc.name == 'a b'": "proc.name = a b",
    'proc.cmdline contains "it\'s \\"x\\""': 'proc.cmdline contains it\'s "x"',
    "fd.name startswith /etc/ or evt.dir = <": "(fd.name startswith /etc/ or evt.dir = <)",
    "proc.name in (a, 'b c' , d)": "proc.name in a|b c|d",
    "proc.name in ()": "proc.name in",
    "proc.name in shells": "proc.name in shells",
    "proc.aname[2] exists": "proc.aname[2] exists",
    "proc.env['A B']=1": "proc.env[A B] = 1",
    "tolower(proc.name) = sh": "tolower(proc.name) = sh",
    "proc.name = val(proc.pname)": "proc.name = <proc.pname>",
    "fd.num >= 0 and fd.num<0x10": "(fd.num >= 0 and fd.num < 0x10)",
    "proc.name startswith oneof (a, b)": "proc.name startswith oneof a|b",
    "proc.name = oneof and a": "(proc.name = oneof and a)",
    "proc.name in (a)and b": "(proc.name in a and b)",
}
REFUSED = {
    "": ("filter input string is empty", 0),
    "a b": ("unexpected token after 'a', expecting 'or', 'and'", 2),
    "(a": ("expected a ')' token", 2),
    "a orb": ("expected blank or '(' after 'or'", 4),
    "a and": ("expected blank or '(' after 'and'", 5),
    "proc.name": ("expected a valid check operator", 9),
    "proc.name =": ("expected a string value or a field with a valid transformer", 11),
    "proc.name in (a": ("expected a ')' token", 15),
    "proc.name in (a b)": ("expected a ')' token", 16),
    "proc.name containsx a": ("expected a valid check operator", 10),
    "fd.num > x": ("expected a number value", 9),
    "proc.name = 'a": ("expected a string value", 12),
    "proc.aname[2 = a": ("expected a ']' token", 12),
    "tolower(proc.name = a": ("expected a ')' token closing the transformer", 18),
    "proc.name = 'a\\q'": ("unsupported string escape sequence: \\q", 17),
    "and a": ("unexpected token after 'and', expecting 'or', 'and'", 4),
}


def test_conditions_are_grouped_as_libsinsp_does() -> None:
    assert {text: grouped(parse_condition(text)) for text in ACCEPTED} == ACCEPTED


def test_mistakes_have_the_words_and_the_place_of_libsinsp() -> None:
    for text, (message, at) in REFUSED.items():
        with pytest.raises(Mistake) as error:
            parse_condition(text)
        assert error.value.message.startswith(message), text
        assert error.value.at == at, text


def test_a_check_knows_its_characters() -> None:
    text = "a and  proc.name in (x, y) or b"
    spans = [text[one.at : one.end] for one in checks_of(parse_condition(text)) if isinstance(one, Check)]
    assert [span.strip() for span in spans] == ["proc.name in (x, y)"]


def test_deep_brackets_and_transformers_of_several_fields_are_not_judged() -> None:
    for text in ("(" * 2000 + "a" + ")" * 2000, "join(',', proc.name) = a", "not(" * 100 + "a"):
        with pytest.raises(NotJudged):
            parse_condition(text)
