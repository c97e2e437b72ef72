"""The exit code of every exception, a reader that goes away, names that cannot be encoded."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable

import pytest

from tests.table import each_row
from trainer.cli import streams
from trainer.cli.exit_codes import ExitCode
from trainer.errors import (
    AnswerUnreadable,
    CardError,
    ClusterError,
    ConfigError,
    NotJudged,
    StoreError,
    UsageError,
)
from trainer.safe_text import Line


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("x"), 2),
        (ConfigError("x"), 2),
        (CardError("x"), 2),
        (ClusterError("x"), 3),
        (AnswerUnreadable("x", file="f"), 4),
        (StoreError("x"), 5),
        (NotJudged("x"), 5),
        (RuntimeError("x"), 5),
        (KeyboardInterrupt(), 130),
    ],
)
def test_every_exception_has_its_code(
    error: BaseException, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def command() -> int:
        raise error

    assert streams.guarded(command) == code
    assert capsys.readouterr().out == ""


def test_a_command_without_a_code_went_well() -> None:
    assert streams.guarded(lambda: None) == ExitCode.PASSED


class Gone(io.StringIO):
    """A stream whose reader went away."""

    def write(self, text: str) -> int:
        raise BrokenPipeError

    def fileno(self) -> int:
        return 99


def test_a_reader_that_went_away_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    put_aside: list[int] = []
    monkeypatch.setattr(streams.os, "dup2", lambda _, target: put_aside.append(target))
    monkeypatch.setattr(sys, "stdout", Gone())
    monkeypatch.setattr(streams, "_reader_gone", False)
    streams.out("data")
    assert put_aside == [99]
    assert streams.reader_gone()


def test_what_the_terminal_cannot_show_is_written_out(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii", newline=""))
    streams.out("né 日")
    assert raw.getvalue() == b"n\\xe9 \\u65e5\n"


def test_colours_need_a_terminal_and_consent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert streams.colours()
    monkeypatch.setenv("NO_COLOR", "1")
    assert not streams.colours()
    monkeypatch.setenv("NO_COLOR", "")
    assert streams.colours()
    monkeypatch.setenv("TERM", "dumb")
    assert not streams.colours()


@each_row(("typed", "yes"), [("y\n", True), ("YES\n", True), ("n\n", False), ("\n", False), ("", False)])
def test_only_yes_is_yes(typed: str, yes: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    assert streams.ask("Sure?") is yes


def test_json_is_indented_or_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    streams.out_json({"a": [1]})
    streams.out_json({"a": [1]}, lines=True)
    assert capsys.readouterr().out == '{\n  "a": [\n    1\n  ]\n}\n{"a":[1]}\n'


def test_no_lines_are_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    streams.out_lines([])
    streams.out_lines(["a", "b"])
    assert capsys.readouterr().out == "a\nb\n"


def test_closed_streams_stop_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    streams.out("data")
    streams.say("talk")
    assert not streams.colours()
    assert not streams.interactive()
    assert not streams.at_terminal()


class Full(io.StringIO):
    """A stream on a full disk."""

    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")

    def fileno(self) -> int:
        return 99


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(streams.os, "dup2", lambda *_: None)
    monkeypatch.setattr(sys, "stdout", Full())
    assert streams.guarded(lambda: streams.out("data")) == 4
    assert "cannot write the output: No space left on device" in capsys.readouterr().err


def test_messages_that_nobody_can_read_stop_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams.os, "dup2", lambda *_: None)
    monkeypatch.setattr(sys, "stderr", Full())
    assert streams.guarded(lambda: streams.say("talk") or 1) == 1
    monkeypatch.setattr(sys, "stdout", Full())
    assert streams.guarded(lambda: streams.out("data")) == 4


@pytest.mark.parametrize(("code", "left"), [(0, 4), (2, 2)])
def test_leaving_keeps_the_exit_code_where_nothing_can_be_written(
    code: int, left: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes: list[int] = []
    monkeypatch.setattr(streams.os, "dup2", lambda *_: None)
    monkeypatch.setattr(streams.os, "_exit", codes.append)
    monkeypatch.setattr(sys, "stdout", Full())
    streams.leave(code)
    assert codes == [left]


def test_json_is_shown_without_what_acts(capsys: pytest.CaptureFixture[str]) -> None:
    for lines in (True, False):
        streams.out_json({"path": "\x9b2J\u202e\U000e0041"}, lines=lines)
        shown = capsys.readouterr().out
        assert "\\u009b2J\\u202e\\udb40\\udc41" in shown
        assert json.loads(shown) == {"path": "\x9b2J\u202e\U000e0041"}


HOSTILE = "a\x1b[31mb\x9b2J\u202ec\u200bd\U000e0041e\x07\x7f\udcfc\u2028f\r\n\tg"
"""Everything that acts: escape sequences, C1, bidi, zero width, tags, bell, DEL, a lone surrogate, line ends."""


def acting(text: str) -> str:
    """What of a text would act on a terminal."""
    return "".join(c for c in text if c != "\n" and not c.isprintable())


@pytest.mark.parametrize("write", [streams.out, streams.say])
def test_a_line_is_one_line_in_which_nothing_acts(
    write: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    write(HOSTILE)
    written = "".join(capsys.readouterr())
    assert acting(written) == ""
    assert written.count("\n") == 1
    assert written.startswith(r"a\x1b[31mb\x9b2J\u202ec\u200bd\U000e0041e\x07\x7f\udcfc\u2028f\r\n\tg")


def test_lines_and_texts_too(capsys: pytest.CaptureFixture[str]) -> None:
    streams.out_lines([HOSTILE, HOSTILE])
    streams.say_lines([HOSTILE])
    streams.out_text("a\x1b\n\tb\r\nc")
    streams.say_in_place(HOSTILE, last=True)
    out, err = capsys.readouterr()
    assert acting(out) == "\t"
    assert out.count("\n") == 5
    assert acting(err) == "\r"  # ours: it goes back to the start of the line


@pytest.mark.parametrize("lines", [False, True])
def test_json_means_the_same_and_nothing_acts(*, lines: bool, capsys: pytest.CaptureFixture[str]) -> None:
    streams.out_json({HOSTILE: [HOSTILE, 1, None]}, lines=lines)
    out = capsys.readouterr().out
    assert acting(out) == ""
    assert json.loads(out) == {HOSTILE: [HOSTILE, 1, None]}


def test_overlong_lines_are_cut_and_json_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    streams.out("a" * 100_000)
    assert len(capsys.readouterr().out) == streams.LONGEST_LINE + 1
    streams.out_json("a" * 100_000)
    assert len(capsys.readouterr().out) == 100_003


def test_only_a_line_of_ours_has_colors(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = Line("PASS \x1b[2J", "32", 5)
    streams.out_lines([line, f"{line}"])
    monkeypatch.setattr(streams, "colours", lambda: True)
    streams.out_lines([line, f"{line}"])
    plain = "PASS \\x1b[2J\n"
    assert capsys.readouterr().out == plain + plain + "\x1b[32mPASS \x1b[0m\\x1b[2J\n" + plain


def test_a_file_for_people_is_as_safe() -> None:
    assert acting(streams.as_file([HOSTILE, "b"]).decode()) == ""


def test_a_question_is_safe_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert streams.ask(HOSTILE)
    assert acting(capsys.readouterr().err) == ""
