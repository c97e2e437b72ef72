"""The learner's own editor: which one it is, and how running it can end.

Nothing here raises for what an editor does: a missing program, a failing one and a killed one are
outcomes with a message, so that the app always comes back.
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
    """How an editor ended. `message` is for the learner; empty if all is well."""

    how: Literal["ended", "failed", "killed", "not-started", "interrupted"]
    message: str = ""


def editor_command(chosen: str | None, environment: Mapping[str, str]) -> list[str] | None:
    """The editor's command line: the setting, else $VISUAL, else $EDITOR; None if none is set.

    A value that cannot be split into words (an unclosed quote) counts as one word, so that
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
    """Run the editor on these files and wait until it ends; every failure becomes an `Edited`.

    Meanwhile the editor owns the terminal: the app is suspended, the plain loop waits.
    """
    name = command[0]
    try:
        code = subprocess.call([*command, *map(str, files)])  # noqa: S603 the learner's own program
    except FileNotFoundError:
        return Edited("not-started", f"editor {name!r} not found; using the built-in editor")
    except (OSError, ValueError) as error:
        return Edited("not-started", f"cannot start editor {name!r} ({error}); using the built-in editor")
    except KeyboardInterrupt:
        return Edited("interrupted", f"editor {name!r} was interrupted")
    if code < 0:
        return Edited("killed", f"editor {name!r} was ended by {_signal_name(-code)}; what it saved is kept")
    if code:
        return Edited("failed", f"editor {name!r} ended with exit code {code}; what it saved is kept")
    return Edited("ended")


def editor_of(chosen: str | None) -> list[str] | None:
    """The editor's command line for this process's environment."""
    return editor_command(chosen, os.environ)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
