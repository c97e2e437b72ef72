"""The one module that writes to stdout and stderr, and asks at the terminal.

Data goes to stdout, messages to stderr. Whatever is written is made safe here: callers pass what they have,
with names and values of others in it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from typing import Any, NoReturn, TextIO

from trainer.cli.ending import Ended, end_by
from trainer.cli.exit_codes import ExitCode
from trainer.errors import TrainerError

ERROR_SCHEMA = "cks-trainer.error/1"


_reader_gone = False


LONGEST_LINE = 4_000
"""Characters of a line: what is longer is cut. JSON and texts of several lines stay whole."""


def out(text: str = "") -> None:
    """Write a line of data to stdout. A reader that goes away (`| head`) isn't an error."""
    _write(sys.stdout, _line(text, colours()) + "\n")


def out_lines(lines: Iterable[str]) -> None:
    """Write lines of data to stdout, at once."""
    coloured = colours()
    text = "\n".join(_line(line, coloured) for line in lines)
    if text:
        _write(sys.stdout, text + "\n")


def out_text(text: str) -> None:
    """Write a text of several lines to stdout: a task, a file, a page of help."""
    if not _is_plain(text.replace("\n", "")):
        from trainer.safe_text import clean

        text = clean(text)
    _write(sys.stdout, text + "\n")


def out_json(value: Any, *, lines: bool = False) -> None:
    """Write a value as JSON to stdout: indented, or as one line. Characters that act are escaped."""
    from trainer.safe_text import json_text

    _write(sys.stdout, json_text(value, indent=0 if lines else 2) + "\n")


def as_file(lines: Iterable[str]) -> bytes:
    """The lines as they are written to a file for people: as safe as on a terminal, without colors."""
    return "".join(f"{_line(line, coloured=False)}\n" for line in lines).encode()


def say(text: str = "") -> None:
    """Write a line of a message (progress, question, error) to stderr."""
    _write(sys.stderr, _line(text, coloured=False) + "\n")


def say_lines(lines: Iterable[str]) -> None:
    """Write a message of several lines to stderr."""
    for line in lines:
        say(line)


def say_in_place(text: str, *, last: bool) -> None:
    """Write a message over the one before, at a terminal; the `last` one stays."""
    _write(sys.stderr, "\r" + _line(text, coloured=False) + ("\n" if last else ""))


def _is_plain(text: str) -> bool:
    """Whether nothing in a text can act, so that a quick command needs no patterns."""
    return text.isascii() and text.isprintable()


def _line(text: str, coloured: bool) -> str:
    """A text as one line of the terminal: nothing in it acts, and only a `Line` has colors."""
    if type(text) is str and len(text) <= LONGEST_LINE and _is_plain(text):
        return text
    from trainer.safe_text import Line, one_line

    if isinstance(text, Line) and coloured and text.painted:
        head, rest = str(text)[: text.painted], str(text)[text.painted :]
        return f"\x1b[{text.style}m{one_line(head, LONGEST_LINE)}\x1b[0m{one_line(rest, LONGEST_LINE)}"
    return one_line(text, LONGEST_LINE)


def reader_gone() -> bool:
    """Whether the reader of stdout went away: then a command that writes without end stops."""
    return _reader_gone


def _write(stream: TextIO | None, text: str) -> None:
    global _reader_gone  # noqa: PLW0603 - the process has one stdout
    if stream is None:  # closed by whoever started the program
        return
    try:
        try:
            stream.write(text)
        except UnicodeEncodeError:
            encoding = stream.encoding or "ascii"
            stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except BrokenPipeError:
        _to_nowhere(stream)
        _reader_gone = _reader_gone or stream is sys.stdout
    except OSError as error:
        _to_nowhere(stream)
        if stream is sys.stderr:  # nobody is left to tell
            return
        raise TrainerError(f"cannot write the output: {error.strerror}", remedy="free some space") from None


def _to_nowhere(stream: TextIO) -> None:
    """Discard later writes and the interpreter's own flush at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def colours() -> bool:
    """Whether stdout shows colors: a terminal, `NO_COLOR` unset or empty, `TERM` not `dumb`."""
    return _is_terminal(sys.stdout) and not os.environ.get("NO_COLOR") and not is_dumb()


def is_dumb() -> bool:
    """Whether the terminal can't move its cursor, so that it shows only lines of text."""
    return os.environ.get("TERM", "dumb") == "dumb" and not in_browser()


def interactive() -> bool:
    """Whether the program can prompt: stdin and stderr are terminals."""
    return _is_terminal(sys.stdin) and _is_terminal(sys.stderr)


def at_terminal() -> bool:
    """Whether the app can open: stdin and stdout are terminals, or those of a browser."""
    return in_browser() or (_is_terminal(sys.stdin) and _is_terminal(sys.stdout))


def in_browser() -> bool:
    """Whether textual-serve has started this program: then stdout belongs to the app's driver."""
    return os.environ.get("TEXTUAL_DRIVER", "").endswith(":WebDriver")


def columns() -> int | None:
    """Columns that a line on stdout has: those of the terminal, or those that `COLUMNS` says.

    None where neither says it: the reader is a file or a program, for which nothing needs to fit.
    """
    if not _is_terminal(sys.stdout) and not os.environ.get("COLUMNS"):
        return None
    import shutil

    return shutil.get_terminal_size().columns


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


def ask(question: str) -> bool:
    """Ask a yes-or-no question at the terminal; anything but yes is no."""
    _write(sys.stderr, _line(f"{question} [y/N] ", coloured=False))
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def read_line(prompt: str) -> str | None:
    """Read a line from stdin, without its end; None at the end of the input.

    Raises `KeyboardInterrupt` for Ctrl-C and `UnicodeDecodeError` for bytes that aren't text.
    """
    _write(sys.stdout, _line(prompt, coloured=False))
    line = sys.stdin.readline() if sys.stdin is not None else ""
    return line.removesuffix("\n") if line else None


def guarded(command: Callable[[], int | None], *, json: bool = False) -> int:
    """Run a command and return its exit code; every exception becomes words and a code.

    With `json` the error is also written to stdout as an object of schema `cks-trainer.error/1`:
    `kind`, `message`, `remedy`, `file` (or null), `problems`, `exit`.
    """
    try:
        return int(command() or 0)
    except KeyboardInterrupt:
        say("interrupted")
        return int(ExitCode.INTERRUPTED)
    except Ended as ended:
        end_by(ended.number)
    except Exception as error:
        return report(error, json=json)


def report(error: Exception, *, json: bool = False, lines: bool = False) -> int:
    """Report what went wrong, as text and with `json` also as an object; returns the exit code.

    With `lines` the object is one line.
    """
    from trainer.cli.failures import failure_of

    failure = failure_of(error)
    if json:
        out_json({"schema": ERROR_SCHEMA, **failure.fields()}, lines=lines)
    say_lines(failure.lines())
    return failure.exit


def leave(code: int) -> NoReturn:
    """End the process now, without tearing down the interpreter: everything is written and closed."""
    try:
        _write(sys.stdout, "")
    except TrainerError as error:
        code = code or report(error)
    _write(sys.stderr, "")
    os._exit(code)
