"""Where a worker unpacks the archives of one learner after the other.

The folder is the worker's own, below the private folder of the batch, which removes it. What a path in it
shows is where the archive is in the submissions: `ana/homework.zip/pod.yaml`.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from trainer.batch.archives import Left, unpack
from trainer.batch.archives.member import Bounds
from trainer.errors import AnswerUnreadable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

MOST_DEEP = 3
"""How deep archives may be in archives."""
MOST_ARCHIVES = 10
"""How many archives of a learner are unpacked."""


class Unpacked(msgspec.Struct, frozen=True):
    """An archive's folder and what isn't in it; or why it can't be read."""

    folder: Path
    left: tuple[Left, ...] = ()
    fault: AnswerUnreadable | None = None


class Scratch:
    """What is unpacked of one learner. Another learner's archives replace it."""

    def __init__(self, base: Path, submissions: Path, zone: tzinfo | None = None) -> None:
        self.folder = base / str(os.getpid())
        self.submissions, self.zone = submissions, zone
        self._roots = [*(self.folder / str(depth) for depth in range(1, MOST_DEEP + 1)), submissions]
        self._learner = ""
        _remove_left_over(base)
        self._done: dict[Path, Unpacked] = {}
        self._room = Bounds().total

    def roots(self) -> list[Path]:
        """The folders in which paths of learners begin; the current folder may be around the private one."""
        return self._roots

    def shown(self, path: Path) -> str:
        """A path as it is told: from the submissions on."""
        for root in self.roots():
            if path.is_relative_to(root):
                return path.relative_to(root).as_posix()
        return path.name

    def begin(self, learner: str) -> None:
        """What was unpacked of another learner goes."""
        if learner != self._learner:
            self._done.clear()
            self._room = Bounds().total
            with suppress(FileNotFoundError):
                shutil.rmtree(self.folder)
        self._learner = learner

    def opened(self, archive: Path, wants: Callable[[str], bool], depth: int) -> Unpacked:
        """The archive's content, unpacked once. A fault is a value: another archive may have the answer."""
        if archive not in self._done:
            self._done[archive] = self._unpack(archive, wants, depth)
        return self._done[archive]

    def _unpack(self, archive: Path, wants: Callable[[str], bool], depth: int) -> Unpacked:
        shown = self.shown(archive)
        folder = self.folder / str(depth) / shown
        try:
            if depth > MOST_DEEP:
                raise _too_many(shown, f"is inside of {MOST_DEEP} archives in archives")
            if len(self._done) >= MOST_ARCHIVES:
                raise _too_many(shown, f"is one of more than {MOST_ARCHIVES} archives in archives")
            if self._room <= 0:
                most = f"{Bounds().total >> 20} MiB"
                raise _too_many(shown, f"isn't unpacked: the archives of this learner hold more than {most}")
            bounds, self._room = Bounds(total=self._room), 0  # one that fails has used all
            folder.mkdir(parents=True, mode=0o700, exist_ok=True)
            found = unpack(
                archive,
                folder,
                shown=shown,
                wants=wants,
                bounds=bounds,
                inside=archive.parent,
                zone=self.zone,
            )
        except AnswerUnreadable as error:
            return Unpacked(folder, fault=error)
        self._room = bounds.total - found.total
        return Unpacked(folder, found.left)


def _remove_left_over(base: Path) -> None:
    """The folders of workers that were killed go: another archive needs the room."""
    if not base.is_dir():
        return
    for folder in base.iterdir():
        try:
            os.kill(int(folder.name), 0)
        except (ProcessLookupError, ValueError):
            shutil.rmtree(folder, ignore_errors=True)
        except PermissionError:
            continue


def _too_many(shown: str, why: str) -> AnswerUnreadable:
    return AnswerUnreadable(
        f"{shown} {why}", file=shown, remedy="submit the manifests, or one archive of them"
    )
