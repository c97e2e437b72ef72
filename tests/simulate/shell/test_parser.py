"""The commands, conditions and loops of a shell script."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.shell.parser import LONGEST, Unparsed, parse_shell
from trainer.simulate.shell.syntax import (
    Broken,
    Case,
    Command,
    Condition,
    For,
    Function,
    Group,
    If,
    Loop,
    Script,
    Simple,
)


def told(command: Command) -> str:
    """A command in a short form that shows how it was read."""
    match command:
        case Simple(assignments, words, redirects):
            names = [f"{one.name}=" for one in assignments]
            return " ".join(
                [*names, *("".join(p.text for p in word) for word in words), *(r.how for r in redirects)]
            )
        case Group(body, subshell):
            return f"({listed(body)})" if subshell else f"{{{listed(body)}}}"
        case If(branches, otherwise):
            parts = " ".join(f"{listed(one)}?{listed(two)}" for one, two in branches)
            return f"if {parts} else {listed(otherwise)}"
        case Loop(condition, body, until):
            return f"{'until' if until else 'while'} {listed(condition)}: {listed(body)}"
        case For(name, words, body):
            return f"for {name} in {'args' if words is None else len(words)}: {listed(body)}"
        case Broken(why):
            return f"! {why}"
        case Function(name, body):
            return f"{name}() {told(body)}"
        case Condition(operator, words, tests):
            return f"[{operator} {len(words)}{''.join(map(told, tests))}]"
        case Case(_, branches):
            return "case " + " ".join(f"{len(patterns)}:{listed(body)}" for patterns, body in branches)


def listed(script: Script) -> str:
    return "; ".join(
        " ".join(
            f"{step.joined} {'! ' * step.pipeline.negated}{' | '.join(map(told, step.pipeline.commands))}".strip()
            for step in steps
        )
        for steps in script
    )


@each_row(
    ("text", "expected"),
    [
        ("", ""),
        ("\n# x\n", ""),
        ("a && b || c ; d\ne", "a && b || c; d; e"),
        ("a &&\n\n b;", "a && b"),
        ("! a b | c", "! a b | c"),
        ("A=1 B= c >f 2>&1", "A= B= c > >&"),
        (">f", ">"),
        ("(a; b) >f", "(a; b)"),
        ("{ a; b\n}", "{a; b}"),
        ("if a; then b; elif c; then d; else e; fi", "if a?b c?d else e"),
        ("while a; do b; done; until c\ndo d\ndone", "while a: b; until c: d"),
        ("for f in x y; do a; done; for g do b; done", "for f in 2: a; for g in args: b"),
        ("case x in a|b) c;; (d) ;; *) e; esac", "case 2:c 1: 1:e"),
        ("if [ -e x ]; then rm x; fi && y", "if [ -e x ]?rm x else && y"),
        ("'if' x; echo if then", "if x; echo if then"),
        ("a & wait", "a; wait"),
        ("function f { a; }; function g() { b; }", "f() {a}; g() {b}"),
        ("[[ -f a && ( b == c || ! d ) ]] && e", "[&& 0[-f 1][|| 0[== 2][! 0[-n 1]]]] && e"),
        ("A=(a b) B+=c C[1]=d", "A= B= C="),
    ],
)
def test_what_is_known(text: str, expected: str) -> None:
    assert listed(parse_shell(text)) == expected


@each_row(
    ("text", "construct"),
    [
        ("sleep 1 &", "background"),
        ("f() true", "a function without braces"),
        ("a b() { true; }", "a misplaced [(]"),
        ("select f in a; do b; done", "shell construct 'select'"),
        ("! ! a", "shell construct '!'"),
        ("((a); b)", "arithmetic"),
        ("for 1 in a; do b; done", "unfinished"),
        ("$(" * 20 + "a", "shells inside shells"),
        ("{ " * 20 + "a", "shells inside shells"),
        ("x" * (LONGEST + 1), "more than 4096 characters"),
    ],
)
def test_what_is_outside(text: str, construct: str) -> None:
    with pytest.raises(NotJudged, match=construct):
        parse_shell(text)


@each_row(
    ("text", "line", "why"),
    [
        ("a\nif true; then fi", 2, "`fi` is misplaced"),
        ("if true\nrm x\nfi", 3, "`fi` is where `if` on line 1 needs `then`"),
        ("a\nwhile true\ndo x\n", 2, "`while` on line 2 has no `done`"),
        ("a\n{ a; ", 2, "`{` on line 2 has no `}`"),
        ("(a", 1, "`(` on line 1 has no `)`"),
        ("()", 1, "`)` is misplaced"),
        ("a )", 1, "`)` is misplaced"),
        ("a\nb; fi", 2, "`fi` is misplaced"),
        ("a &&", 1, "a command is missing at the end"),
        ("; a", 1, "`;` is misplaced"),
        ("a ;; b", 1, "`;;` is misplaced"),
        ("case x in a) b", 1, "`case` on line 1 has no `esac`"),
        ("a\nb 'c\nd\n", 2, "the quote ' has no end"),
        ('a\nb "c\nd\n', 2, 'the quote " has no end'),
        ("a\necho $(if b)", 2, "`)` is where `if` on line 2 needs `then`"),
        ("a\nA=(b\nc", 2, "`(` has no `)`"),
        ("a\n[[ -f b", 2, "`[[` on line 2 has no `]]`"),
        ("a\n[[ ]]", 2, "a condition is missing in `[[`"),
    ],
)
def test_where_no_shell_reads_on(text: str, line: int, why: str) -> None:
    last = parse_shell(text)[-1][0].pipeline.commands[0]
    assert last == Broken(why, line)
    within = parse_shell(text, 7)[-1][0].pipeline.commands[0]
    assert isinstance(within, Broken)
    assert within.line == 7


@each_row(
    ("text", "line"),
    [("a &\nb", 2), ("a\nb\nselect f", 3), ("x" * (LONGEST + 1), 1), ("a <<E\nb\nE\n$(('1'))", 4)],
)
def test_what_is_outside_has_a_line(text: str, line: int) -> None:
    with pytest.raises(Unparsed) as caught:
        parse_shell(text)
    assert caught.value.line == line
    with pytest.raises(Unparsed) as caught:
        parse_shell(text, 7)
    assert caught.value.line == 7
