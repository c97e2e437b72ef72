"""The file system of a stage while it is built, and the layers that came to be.

What isn't declared doesn't exist. A file that a later layer removes is still in the layer that brought it
(OCI image specification v1.1, image layer filesystem changeset).
"""

from __future__ import annotations

import posixpath

import msgspec

from trainer.simulate.images.given import FileGiven
from trainer.simulate.shell import filesystem
from trainer.simulate.shell.filesystem import File, Files

_ELF = "\x7fELF"
Owner = tuple[int, int, int]
"""The user ID, the group ID and the mode of a directory."""
ROOTS: Owner = (0, 0, 0o755)
_SHARED: Owner = (0, 0, 0o1777)


class Layer(msgspec.Struct, frozen=True):
    """What an instruction changed: files by path, None for those that it removed."""

    line: int
    """The line of the instruction; 0: of the base image."""
    created_by: str
    """What `docker history` shows."""
    files: dict[str, File | None] = {}
    folders: frozenset[str] = frozenset()
    """The directories that it made, or whose owner or mode it changed."""
    empty: bool = False
    """Whether the instruction changes only the configuration."""
    saw: frozenset[str] = frozenset()
    """The secrets that its commands could read in mounts or in variables from mounts, by name."""


class ImageFiles(Files):
    """The files of a stage; `owners` are those of its directories that aren't root's."""

    def __init__(self) -> None:
        super().__init__((), lambda _path: "", {}, {}, empty=["/"])
        self.owners: dict[str, Owner] = {"/tmp": _SHARED, "/var/tmp": _SHARED}  # noqa: S108 - of the image
        self.maker: Owner = ROOTS
        """Who makes directories now."""

    def copy(self) -> ImageFiles:
        """A copy, for separate changes."""
        twin = ImageFiles()
        twin.aliases = dict(self.aliases)
        twin.known, twin.made, twin.owners = dict(self.known), set(self.made), dict(self.owners)
        return twin

    def is_folder(self, path: str) -> bool:
        """Whether a path is a directory: the root, or one that was made."""
        real = self.real(path)
        real = self.aliases.get(real, real)
        return real == "/" or real in self.made

    def at(self, path: str, *, follow: bool = True) -> File | None:
        """The file at a path, if any. Devices exist while commands run."""
        real = self.final(path) if follow else self.real(path)
        if real in filesystem.DEVICES:
            return File(real, 0o666, content="" if real == "/dev/null" else None)
        return self.known.get(real)

    def is_known(self, path: str) -> bool:
        """Everything is known, except what the kernel makes."""
        return not self.real(path).startswith(("/proc/", "/sys/"))

    def make_folder(self, path: str) -> None:
        """Add a directory, which belongs to who makes it."""
        super().make_folder(path)
        if self.maker != ROOTS:
            self.owners[self.real(path)] = self.maker

    def make_folders(self, path: str, owner: Owner | None = None) -> None:
        """Make a directory and those above it that are missing."""
        real = self.real(path)
        missing = []
        while real != "/" and not self.is_folder(real):
            missing.append(real)
            real = posixpath.dirname(real)
        for one in reversed(missing):
            self.make_folder(one)
            if owner is not None:
                self.owners[self.real(one)] = owner

    def drop_folder(self, path: str) -> None:
        """Remove a directory."""
        super().drop_folder(path)
        self.owners.pop(self.real(path), None)

    def place(self, path: str, file: File) -> None:
        """Put a file, with the directories above it."""
        self.make_folders(posixpath.dirname(self.real(path)))
        self.put(path, file)

    def live(self) -> dict[str, File]:
        """The files that exist, by path."""
        return {path: file for path, file in self.known.items() if file is not None}

    def searchable(self, path: str, user: int, groups: frozenset[int]) -> bool:
        """Whether a user may pass through all directories above a path."""
        folder = posixpath.dirname(self.real(path))
        while folder != "/":
            owner, group, mode = self.owners.get(folder, ROOTS)
            if not _allows(owner, group, mode, user, groups, 1):
                return False
            folder = posixpath.dirname(folder)
        return True

    def writable(self, path: str, user: int, groups: frozenset[int]) -> bool:
        """Whether a user may make files in a directory."""
        owner, group, mode = self.owners.get(self.real(path), ROOTS)
        return self.searchable(f"{path}/x", user, groups) and _allows(owner, group, mode, user, groups, 2)


def _allows(owner: int, group: int, mode: int, user: int, groups: frozenset[int], bit: int) -> bool:
    if user == 0:
        return True
    shift = 6 if user == owner else 3 if group in groups else 0
    return bool(mode & (bit << shift))


def may(file: File, user: int, groups: frozenset[int], bit: int) -> bool:
    """Whether a user may read (4) or execute (1) a file."""
    if user == 0:
        return bit != 1 or file.executable
    return _allows(file.owner, file.group, file.mode, user, groups, bit)


def changes(before: ImageFiles, after: ImageFiles) -> dict[str, File | None]:
    """What differs between two states: files by path, None for removed ones. Links of a base count once."""
    return {
        path: file
        for path, file in after.known.items()
        if before.known.get(path) != file and not (file is None and before.known.get(path) is None)
    }


def changed_folders(before: ImageFiles, after: ImageFiles) -> frozenset[str]:
    """The directories that are new, or have another owner or mode."""
    new = after.made - before.made
    return frozenset(new) | {
        path for path, owner in after.owners.items() if before.owners.get(path, ROOTS) != owner
    }


def program(name: str, interpreter: str = "", platform: str = "") -> str:
    """The content of a binary. Two programs with the same name for the same platform are the same."""
    return f"{_ELF} {name}\nloader {interpreter}\n{platform}"


def program_name(content: str | None) -> str:
    """The name of the program that a file is; empty for anything else."""
    if content is None or not content.startswith(_ELF):
        return ""
    return content[len(_ELF) + 1 :].partition("\n")[0]


def loader_of(content: str) -> str:
    """The loader that a binary needs; empty for a static one."""
    return content.partition("\nloader ")[2].partition("\n")[0] if content.startswith(_ELF) else ""


def platform_of(content: str) -> str:
    """What says that a binary is for another platform; empty for one that runs here."""
    return content.partition("\nloader ")[2].partition("\n")[2] if content.startswith(_ELF) else ""


def file_of(path: str, given: str | FileGiven) -> File:
    """A declared file."""
    if isinstance(given, str):
        return File(path, 0o644, content=given)
    content = given.content
    if given.program:
        content = program(given.program, given.interpreter, given.platform)
    mode = 0o755 if given.program and given.mode == "0644" else int(given.mode, 8)
    return File(path, mode, content=content, owner=given.owner, group=given.owner)
