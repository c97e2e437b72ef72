"""Commands of sed; the real sed agrees, if there is one."""

from __future__ import annotations

from shlex import quote

import pytest

from tests.simulate.node.sample import said
from tests.simulate.shell.real import real
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.shell.process import MOST_TEXT
from trainer.simulate.shell.tools.sed import run
from trainer.simulate.shell.tools.sed.run import Run
from trainer.simulate.shell.tools.sed.script import read_script

TEXT = "a=1\n# b a\n\na=2\nlast\n"


@each_row(
    "script",
    [
        ":x;N;$!bx;s/\\n/,/g",
        "$!N;$!D",
        "1!G;h;$!d",
        "H;${x;s/\\n/;/g;p};d",
        "n;d",
        "N;P;D",
        "/b/{n;s/^$/empty/}",
        "0,/a/s//X/",
        "1,/a/s/a/X/",
        "/b/,+1d",
        "2,~2d",
        "0~2d",
        "2~2!d",
        "/=/=",
        "y/ab/xy/",
        "s/\\(a\\)=\\(.\\)/\\U\\1\\E\\u\\2 &/",
        "s/a/x/;ta;s/$/ no/;b;:a;s/$/ yes/",
        "s/a/x/;Ta;s/$/ yes/;:a",
        "/#/!{/=1/d}",
        "2q5",
        "3Q",
        "x;p;x",
        "2{/b/{s/b/c/;p}}",
        "$a end",
        "2c\\\none\\\ntwo",
        "1i\\  x",
        "/a=1/,/a=2/{//!d}",
        "s/a/\\n/;P;d",
        "2r /etc/none",
        "2,1p",
        "s/x*/-/2",
        "$!s/$/;/",
    ],
)
def test_commands(script: str) -> None:
    ran = said(f"printf {quote(TEXT)} | sed {quote(script)}")
    there = real(f"sed {quote(script)}", TEXT)
    assert there is None or (ran.code, ran.out) == (there.code, there.out)


def test_a_loop_has_an_end() -> None:
    for script in (":x;bx", ":x;s/a/aa/;tx"):
        with pytest.raises(NotJudged):
            Run(read_script(script, extended=False), lambda _: None, quiet=False).edited("a\n")
    with pytest.raises(NotJudged):
        said("echo a | sed 's//b/'")


def test_a_line_that_grows_too_long_ends_before_it_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(run, "_put", lambda *_: made.append("y" * 3000) or made[-1])
    with pytest.raises(NotJudged, match=f"more than {MOST_TEXT}"):
        Run(read_script("s/x/y/g", extended=False), lambda _: None, quiet=False).edited("x" * 10_000)
    assert len(made) == MOST_TEXT // 3000 + 1
