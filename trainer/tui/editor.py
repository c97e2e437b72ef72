"""The learner's own editor: which one it is, and what can become of running it.

Nothing here raises for what an editor does: a missing program, a failing one and one that is
killed are outcomes with words, so that the app is always there again afterwards.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class Edited(msgspec.Struct, frozen=True):
    """How an editor ended. `message` is for the learner; empty where all is well."""

    how: Literal["ended", "failed", "killed", "not-started", "interrupted"]
    message: str = ""


def editor_command(chosen: str | None, environment: Mapping[str, str]) -> list[str] | None:
    """The editor's command line: the setting, else $VISUAL, else $EDITOR; None where none is set.

    A value that cannot be split into words (an unclosed quote) is taken as one word, so that
    starting it fails with its name.
    """
    for value in (chosen, environment.get("VISUAL"), environment.get("EDITOR")):
        if value and value.strip():
            try:
                return shlex.split(value)
            except ValueError:
                return [value]
    return None


def run_editor(command: Sequence[str], files: Sequence[Path]) -> Edited:
    """Run the editor on these files and wait for its end; every failure becomes an `Edited`.

    The terminal is the editor's meanwhile (the caller has suspended the app).
    """
    name = command[0]
    try:
        code = subprocess.call([*command, *map(str, files)])  # noqa: S603 the learner's own program
    except FileNotFoundError:
        return Edited(
            "not-started", f"the editor {name!r} was not found: set $EDITOR; here is the built-in one"
        )
    except (OSError, ValueError) as error:
        return Edited(
            "not-started", f"the editor {name!r} could not be started ({error}): here is the built-in one"
        )
    except KeyboardInterrupt:
        return Edited("interrupted", f"the editor {name!r} was interrupted")
    if code < 0:
        return Edited(
            "killed", f"the editor {name!r} was ended by {_signal_name(-code)}; what it saved is kept"
        )
    if code:
        return Edited("failed", f"the editor {name!r} ended with exit code {code}; what it saved is kept")
    return Edited("ended")


def editor_of(chosen: str | None) -> list[str] | None:
    """The editor's command line for this process's environment."""
    return editor_command(chosen, os.environ)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
