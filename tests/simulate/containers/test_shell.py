"""Tests of `simulate.containers.shell`: a small, strictly bounded subset of the POSIX shell."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.errors import NotJudged
from trainer.simulate.containers.shell import Command, Step, parse_shell


def lines(text: str) -> list[list[str]]:
    """Each and-or list as words; a joined command starts with what joins it, a negated one with !."""
    return [
        [
            " ".join(filter(None, [step.joined, "!" * step.command.negated, shlex.join(step.command.words)]))
            for step in steps
        ]
        for steps in parse_shell(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("   \n\n  # only a comment", []),
        ("rm /bin/bash", [["rm /bin/bash"]]),
        ("rm -f '/bin/bash'  \"/bin/sh\"", [["rm -f /bin/bash /bin/sh"]]),
        ("a && b || c ; d\ne", [["a", "&& b", "|| c"], ["d"], ["e"]]),
        ("a &&\n\n b;", [["a", "&& b"]]),
        ("a;b # c; d\n", [["a"], ["b"]]),
        ("a#b", [["'a#b'"]]),
        ("! test -e /bin/bash", [["! test -e /bin/bash"]]),
        ("[ ! -e /bin/bash ]", [["'[' '!' -e /bin/bash ']'"]]),
        ("rm x 2>/dev/null", [["rm x"]]),
        ("rm x >/dev/null 2>&1 || true", [["rm x", "|| true"]]),
        ("rm x < /dev/null;true", [["rm x"], ["true"]]),
        (
            r"rm /bin/\bash \
          y",
            [["rm /bin/bash y"]],
        ),
        ("echo 'a  b'\"c\"d", [["echo 'a  bcd'"]]),
        ('echo "a\\"b\\\\ \\n"', [["echo 'a\"b\\ \\n'"]]),
        ("echo '' \"\"", [["echo '' ''"]]),
        ("'if' x", [["if x"]]),
        ("echo '$x' '*' '`'", [["echo '$x' '*' '`'"]]),
        ("exit 3", [["exit 3"]]),
    ],
)
def test_what_is_known(text, expected):
    assert lines(text) == expected


@pytest.mark.parametrize(
    ("text", "construct"),
    [
        ("rm $X", "variable"),
        ('rm "$X"', "variable"),
        ("rm $(which bash)", "substitution"),
        ("rm `which bash`", "command substitution"),
        ('rm "`x`"', "command substitution"),
        ("ls | grep bash", "pipe"),
        ("sleep 1 &", "background"),
        ("rm /bin/*sh", "file name pattern"),
        ("rm /bin/ba?h", "file name pattern"),
        ("rm /bin/ba[s]h", "file name pattern"),
        ("rm '/bin/'[b]ash", "file name pattern"),
        ("rm /bin/{bash,sh}", "braces"),
        ("{ rm /bin/bash; }", "shell construct '{'"),
        ("(rm /bin/bash)", "subshell"),
        ("f() { true; }", "subshell or function"),
        ("if true; then rm x; fi", "shell construct 'if'"),
        ("for f in a; do rm x; done", "shell construct 'for'"),
        ("while true; do rm x; done", "shell construct 'while'"),
        ("case x in x) ;; esac", "subshell or function"),
        ("[[ -e x ]]", "shell construct '[['"),
        ("X=1 rm x", "variable"),
        ("X=1", "variable"),
        ("rm ~/x", "home directory"),
        ("echo x > /bin/bash", "redirection"),
        ("echo x >> /tmp/log", "redirection"),
        ("cat << EOF\nx\nEOF", "redirection"),
        ("rm x &>/dev/null", "background"),
        ("rm 'x", "unclosed quote"),
        ('rm "x', "unclosed quote"),
        ("rm x\\", "backslash"),
        ("a &&", "unfinished"),
        ("&& a", "unfinished"),
        ("a && ; b", "unfinished"),
        ("a ; ; b", "unfinished"),
        ("a && || b", "unfinished"),
        ("!", "unfinished"),
        ("! ! a", "shell construct '!'"),
        ("a" * 5000, "more than 4096 characters"),
        ("a;" * 300, "more than 200 commands"),
    ],
)
def test_what_is_never_guessed(text, construct):
    with pytest.raises(
        NotJudged, match=construct.replace("[", r"\[").replace("(", r"\(").replace("{", r"\{")
    ):
        parse_shell(text)


def test_the_shape_of_a_script():
    assert parse_shell("a x || ! b") == (
        (Step(Command(("a", "x"))), Step(Command(("b",), negated=True), "||")),
    )


@settings(max_examples=80)
@given(
    st.lists(
        st.text(alphabet=st.characters(exclude_characters="\x00", codec="utf-8"), min_size=1), min_size=1
    )
)
def test_quoted_words_come_back(words):
    words = ["echo", *words]
    assert parse_shell(shlex.join(words)) == ((Step(Command(tuple(words))),),)


@settings(max_examples=150)
@given(st.text(alphabet="ab '\"\\;&|\n!#$`*?[](){}<>~=2/-", max_size=40))
def test_anything_is_read_or_not_judged(text):
    try:
        script = parse_shell(text)
    except NotJudged:
        return
    assert all(step.command.words for steps in script for step in steps)
