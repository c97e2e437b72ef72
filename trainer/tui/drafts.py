"""Unsaved text of the built-in editor, kept in a hidden file beside the answer's file.

A terminal that goes away (SIGHUP) ends the app without clean-up, so the draft is written at
every change and taken up again when the card is opened the next time.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

import msgspec

from trainer.errors import TrainerError


class Draft(msgspec.Struct, frozen=True):
    """Unsaved text found beside a file. `newer_file`: the file was saved after the draft was."""

    text: str
    newer_file: bool


def draft_path(file: Path) -> Path:
    """Where the draft of `file` lies: `.pod.yaml.draft` beside `pod.yaml`."""
    return file.with_name(f".{file.name}.draft")


def keep_draft(file: Path, text: str) -> None:
    """Write the draft of `file`: beside, then renamed. Raises TrainerError where that fails."""
    target = draft_path(file)
    beside = target.with_name(target.name + ".new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8", newline="")
        beside.replace(target)
    except (OSError, UnicodeEncodeError) as error:
        raise TrainerError(
            f"the unsaved text cannot be kept in {target}: {error}", remedy="save it with ctrl+s"
        ) from error


def find_draft(file: Path) -> Draft | None:
    """The draft of `file`, or None where there is none (or it cannot be read as text)."""
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
    """Remove the draft of `file`, where there is one."""
    with contextlib.suppress(OSError):
        draft_path(file).unlink()
