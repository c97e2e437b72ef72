"""What the user of an image may change: files and directories that are fixed, directories to write to."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from trainer.rules._image.answer import Wrong
from trainer.rules._image.wanted import came_with
from trainer.simulate.images import accounts
from trainer.simulate.images.files import ROOTS
from trainer.simulate.images.stage import Stage
from trainer.simulate.shell.paths import is_within


def fixed(image: Stage, paths: tuple[str, ...]) -> Iterator[Wrong]:
    """What the user of the image must not be able to change: files, and directories with all below them."""
    try:
        who = accounts.identity(image.files, image.config.user)
    except accounts.NoUser:
        return
    for path in paths:
        owners = {one: image.files.owners.get(one, ROOTS) for one in image.files.made}
        owners |= {one: (file.owner, file.group, file.mode) for one, file in image.files.live().items()}
        for one, (owner, group, bits) in sorted(owners.items()):
            shift = 3 if group in who.groups else 0
            if is_within(one, path) and (who.uid in (0, owner) or bits & (2 << shift)):
                yield Wrong(
                    f"User {who.uid} can change {one}: it belongs to user {owner} and has mode {bits:04o}.",
                    came_with(image, one),
                    f"docker run: a process of the application can write to {one}.",
                )
                break
        else:
            yield from _replaceable(image, path, who)


def _replaceable(image: Stage, path: str, who: accounts.Identity) -> Iterator[Wrong]:
    """A directory above a path in which the user can rename an entry, and put another in its place.

    A process that may write to a directory needs no rights on the file (rename(2)). With the sticky bit, it
    must own the directory or the entry; the entries on the way to a fixed path that it owns are found first.
    """
    entry = image.files.real(path)
    while entry != "/":
        folder = posixpath.dirname(entry)
        owner, group, bits = image.files.owners.get(folder, ROOTS)
        shift = 3 if group in who.groups else 0
        both = 3 << shift  # to write and to search
        may_rename = who.uid == owner or (bits & both == both and not bits & 0o1000)
        if may_rename and image.files.searchable(folder, who.uid, who.groups):
            yield Wrong(
                f"User {who.uid} can replace {path}: directory {folder} belongs to user {owner} "
                f"and has mode {bits:04o}.",
                came_with(image, folder),
                f"docker run: a process of the application can rename {entry} and make a new one.",
            )
            return
        entry = folder


def writable(image: Stage, paths: tuple[str, ...]) -> Iterator[Wrong]:
    """Directories in which the user of the image must be able to make files."""
    try:
        who = accounts.identity(image.files, image.config.user)
    except accounts.NoUser as error:
        yield Wrong(f"{error}.", image.line, f"docker run: {error}.")
        return
    for path in paths:
        if not image.files.is_folder(path):
            yield Wrong(
                f"The image has no directory {path}.", image.line, f"touch {path}/x: No such directory"
            )
        elif not image.files.writable(path, who.uid, who.groups):
            owner, group, mode = image.files.owners.get(path, ROOTS)
            outside = f"; the user isn't in group {group}" if mode & 0o20 and group not in who.groups else ""
            yield Wrong(
                f"User {who.uid} can't write to {path}: it belongs to user {owner} "
                f"and has mode {mode:04o}{outside}.",
                came_with(image, path),
                f"touch {path}/x: Permission denied",
            )
