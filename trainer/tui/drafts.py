"""Unsaved text of the built-in editor, kept in a hidden file beside the answer's file.

A terminal that goes away (SIGHUP) ends the app without cleanup, so the draft is written at every
change and restored when the card is opened again.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

import msgspec

from trainer.errors import TrainerError


class Draft(msgspec.Struct, frozen=True):
    """Unsaved text found beside a file. `newer_file`: the file was saved after the draft."""

    text: str
    newer_file: bool


def draft_path(file: Path) -> Path:
    """Where the draft of `file` is stored: `.pod.yaml.draft` beside `pod.yaml`."""
    return file.with_name(f".{file.name}.draft")


def keep_draft(file: Path, text: str) -> None:
    """Write the draft of `file` to a temporary file, then rename it. Raises TrainerError if that fails."""
    target = draft_path(file)
    beside = target.with_name(target.name + ".new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8", newline="")
        beside.replace(target)
    except (OSError, UnicodeEncodeError) as error:
        raise TrainerError(
            f"cannot store the unsaved text in {target}: {error}", remedy="save it with ctrl+s"
        ) from error


def find_draft(file: Path) -> Draft | None:
    """The draft of `file`, or None if it doesn't exist or isn't readable as text."""
    path = draft_path(file)
    try:
        text = path.read_bytes().decode("utf-8")
        written = path.stat().st_mtime_ns
    except (OSError, UnicodeDecodeError):
        return None
    with contextlib.suppress(OSError):
        return Draft(text, file.stat().st_mtime_ns > written)
    return Draft(text, newer_file=False)


def drop_draft(file: Path) -> None:
    """Remove the draft of `file`, if any."""
    with contextlib.suppress(OSError):
        draft_path(file).unlink()
