"""Unsaved text of the built-in editor, kept in hidden files beside the answer's files.

A terminal that goes away (SIGHUP) ends the app without cleanup, so a draft is written at every change and
restored when the card is opened again. A draft belongs to the app that writes it: its file is locked as long
as the app runs, so that a second app on the same card has its own and leaves this one alone. The system
unlocks it when the app ends, however it ends.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from trainer.errors import TrainerError
from trainer.files import MIB, FileFault, hold_file, lock, read_file, remove_file, replacing
from trainer.patterns import regex

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 8 * MIB
"""The most bytes of a draft that is taken up."""

_ENDING = regex(r"\.draft(-[0-9a-f]{8})?")


class Draft(msgspec.Struct, frozen=True):
    """Unsaved text found beside a file. `stale`: the file was saved after the draft."""

    text: str
    stale: bool


class Drafts:
    """The drafts of one card's folder that belong to one editor."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.foreign: set[str] = set()
        """Files of which another app has a draft, as far as they were looked for."""
        self._mine: dict[str, tuple[Path, int]] = {}
        """By file: the draft's file, and the descriptor that holds its lock."""

    def find(self, name: str) -> Draft | None:
        """The newest draft of a file that no running app holds; from now on it is this editor's."""
        file = self.folder / name
        for path in self._places(file):
            try:
                held = hold_file(path, inside=self.folder)
                if held is None:
                    self.foreign.add(name)
                    continue
                self._take(name, path, held)
                text = read_file(path, limit=LARGEST, inside=self.folder).decode()
            except (FileFault, UnicodeDecodeError):
                self._let_go(name)
                continue
            return Draft(text, _changed(file) > _changed(path))
        return None

    def keep(self, name: str, text: str) -> None:
        """Write this editor's draft of a file. Raises `TrainerError` if that fails."""
        file = self.folder / name
        mine = self._mine.get(name)
        path = mine[0] if mine else file.with_name(f".{file.name}.draft-{os.urandom(4).hex()}")
        held = -1
        try:
            with replacing(path, inside=self.folder.parent, mode=0o600, sync=False) as stream:
                stream.write(text.encode())
                held = os.dup(stream.fileno())
                lock(held)
        except (FileFault, OSError, UnicodeEncodeError) as error:
            if held >= 0:
                os.close(held)
            words = error.message if isinstance(error, FileFault) else str(error)
            raise TrainerError(
                f"the unsaved text isn't stored: {words}", remedy="save it with ctrl+s"
            ) from error
        self._take(name, path, held)

    def drop(self, name: str) -> None:
        """Remove this editor's draft of a file, if any."""
        mine = self._mine.get(name)
        if mine is not None:
            with suppress(FileFault):
                remove_file(mine[0], inside=self.folder)
            self._let_go(name)

    def close(self) -> None:
        """Leave the drafts to whoever opens the card next."""
        for name in list(self._mine):
            self._let_go(name)

    def _places(self, file: Path) -> list[Path]:
        """Where drafts of a file are, the newest first."""
        prefix = f".{file.name}"
        mine = {path.name for path, _ in self._mine.values()}
        try:
            names = set(os.listdir(file.parent)) - mine  # noqa: PTH208 - names, in whatever encoding
        except OSError:
            return []
        found = [
            file.with_name(name)
            for name in names
            if name.startswith(prefix) and _ENDING.fullmatch(name.removeprefix(prefix))
        ]
        return sorted(found, key=_changed, reverse=True)

    def _take(self, name: str, path: Path, held: int) -> None:
        self._let_go(name)
        self._mine[name] = (path, held)

    def _let_go(self, name: str) -> None:
        mine = self._mine.pop(name, None)
        if mine is not None:
            os.close(mine[1])


def _changed(path: Path) -> int:
    try:
        return path.lstat().st_mtime_ns
    except OSError:
        return 0
