"""Certificates and keys as files, for a client that takes nothing else: on no disk wherever that is possible.

On Linux they are files in memory, without a name, which end with the process however it ends. Elsewhere, and
for the moment in which the client's loader has the answer of a credential plugin, they are in a private
folder: in the memory of the session if it has such a place (`XDG_RUNTIME_DIR`). What a killed process left of
such folders is removed by the next one.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from contextlib import suppress
from pathlib import Path

YOUNG = 60.0
"""Seconds in which a folder stays, whoever made it: a container may not see the process."""

PREFIX = "cks-trainer-credentials-"


class Files:
    """The files of one connection; until `close`, each has a path that this process can open."""

    def __init__(self) -> None:
        place = _place()
        _sweep(place)
        self.folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=place))
        """For a loader that writes files itself."""
        self._open: list[int] = []

    def add(self, content: bytes) -> str:
        """A file with this content: its path."""
        if hasattr(os, "memfd_create") and Path("/proc/self/fd").exists():
            descriptor = os.memfd_create("cks-trainer")
            self._open.append(descriptor)
            os.fchmod(descriptor, 0o600)
            with os.fdopen(os.dup(descriptor), "wb") as file:
                file.write(content)
            return f"/proc/self/fd/{descriptor}"
        handle, path = tempfile.mkstemp(dir=self.folder)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        return path

    def taken(self, path: str | None) -> str | None:
        """The same file where it stays until `close`; another path than one in the folder is as it was."""
        if not path or not Path(path).is_relative_to(self.folder):
            return path
        return self.add(Path(path).read_bytes())

    def remove_folder(self) -> None:
        """Remove the folder, if nothing in it is needed until `close`."""
        if self._open or not any(self.folder.iterdir()):
            shutil.rmtree(self.folder, ignore_errors=True)

    def close(self) -> None:
        """Remove everything; calling it twice does no harm."""
        for descriptor in self._open:
            os.close(descriptor)
        self._open.clear()
        shutil.rmtree(self.folder, ignore_errors=True)


def _place() -> Path:
    named = os.environ.get("XDG_RUNTIME_DIR", "")
    if named and os.access(named, os.W_OK | os.X_OK):
        return Path(named)
    return Path(tempfile.gettempdir())


def _sweep(place: Path) -> None:
    """Remove what processes left that were killed; another user's folders, and links, stay."""
    with suppress(OSError):
        for folder in place.glob(f"{PREFIX}*"):
            status = folder.lstat()
            number = folder.name.removeprefix(PREFIX).partition("-")[0]
            mine = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()
            if mine and time.time() - status.st_mtime > YOUNG and not _runs(number):
                shutil.rmtree(folder, ignore_errors=True)


def _runs(number: str) -> bool:
    if not number.isdecimal():
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
