"""The files of a container whose state is known, while commands change them.

Of an image, some programs are known, and that a path like `/etc/passwd` exists; of a few directories
(`/tmp`, an `emptyDir` volume) everything is known, because they start empty. Any other question raises
`NotJudged`.
"""

from __future__ import annotations

import copy
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.shell.paths import is_within, normalise
from trainer.verdict import Location

BIN_FOLDERS = ("/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin")
SHELLS = frozenset({"sh", "bash", "dash", "ash"})
SEARCHED = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
"""The directories of PATH, in the order in which images usually have them."""
FOLDERS = frozenset(
    {*BIN_FOLDERS, "/", "/dev", "/etc", "/home", "/lib", "/mnt", "/opt", "/proc", "/root", "/run", "/srv"}
    | {"/sys", "/tmp", "/usr", "/usr/lib", "/usr/local", "/usr/share", "/var", "/var/lib"}  # noqa: S108
    | {"/var/log", "/var/tmp"}  # noqa: S108
)
"""Directories that every image of a usual distribution has."""
EMPTY = ("/tmp", "/var/tmp")  # noqa: S108
"""Directories that are empty in an image, and in which anyone can write."""
PLAIN = ("/etc/group", "/etc/hostname", "/etc/hosts", "/etc/os-release", "/etc/passwd", "/etc/resolv.conf")
"""Files that every container has; what is in them isn't known."""
_IN_NO_NAME = frozenset(" \t\n;\"'<>&|$()`*")
"""Characters that no file of an image has in its name."""
DEVICES = ("/dev/null", "/dev/zero", "/dev/stdout", "/dev/stderr")


class File(msgspec.Struct, frozen=True):
    """A file: the path of the file of the image that it is, its mode, and its target if it is a link."""

    origin: str
    mode: int = 0o755
    link: str = ""
    content: str | None = None
    """None if it isn't known."""
    owner: int = 0
    group: int = 0

    @property
    def executable(self) -> bool:
        """Whether root may execute it: any of the three bits is enough."""
        return bool(self.mode & 0o111)

    def allows(self, user: int, bit: int) -> bool:
        """Whether the mode lets a user read (4), write (2) or execute (1) it. Groups aren't looked at."""
        if user == 0:
            return bit != 1 or self.executable
        return bool(self.mode & (bit << 6 if user == self.owner else bit))


class UnknownProgram(NotJudged):
    """A command's end depends on whether the image has the file at `path`, which nobody said.

    Only for commands that end in one of two ways: as if the image had such a file, or as if nothing were
    there. Whoever can try both may judge what both have in common.
    """

    def __init__(self, path: str, location: Location | None = None) -> None:
        super().__init__(f"whether the image has {path}", location)
        self.path = path


class Files:
    """The files whose state is known.

    `aliases` are directories that are links (`/bin` -> `/usr/bin`), `links` are files that are
    (`/bin/sh` -> `/bin/dash`). `refusal(path)` says why a file in that place can't be added,
    removed or changed, empty if it can; it may raise `NotJudged`. `empty` are directories that start
    empty, `lacks` paths that don't exist, `listing` directories with the names of everything in them
    (those of directories end in a slash).
    """

    def __init__(
        self,
        paths: Iterable[str],
        refusal: Callable[[str], str],
        aliases: Mapping[str, str],
        links: Mapping[str, str],
        *,
        empty: Iterable[str] = EMPTY,
        lacks: Iterable[str] = (),
        listing: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        self.aliases = {normalise(link): normalise(target) for link, target in aliases.items()}
        self.refusal = refusal
        self.empty = tuple(normalise(path) for path in empty)
        self.listing = {normalise(path): frozenset(names) for path, names in (listing or {}).items()}
        self.known: dict[str, File | None] = {}
        self.made: set[str] = set()
        """Directories that commands made."""
        self.lacking = frozenset(self.real(path) for path in lacks)
        self.known |= dict.fromkeys(self.lacking)
        self.known |= {self.real(path): File(self.real(path)) for path in paths}
        for link, target in links.items():
            self.known[self.real(link)] = File(self.real(link), link=self.real(target))

    def copy(self) -> Files:
        """A copy of the files, for separate changes."""
        twin = copy.copy(self)
        twin.known = dict(self.known)
        twin.made = set(self.made)
        return twin

    def __eq__(self, other: object) -> bool:
        """Whether commands have left the same files and directories in both."""
        return isinstance(other, Files) and self.known == other.known and self.made == other.made

    __hash__ = None  # type: ignore[assignment]

    def real(self, path: str) -> str:
        """The path with links of directories followed."""
        if not self.aliases and (path in self.known or path in self.made):
            return path
        if not path.startswith("/"):
            raise NotJudged(f"the relative path {path}")
        clean = normalise(path)
        for link, target in self.aliases.items():
            if clean != link and is_within(clean, link):
                return target + clean[len(link) :]
        return clean

    def at(self, path: str, *, follow: bool = True) -> File | None:
        """The file at `path`, or None if it doesn't exist. Raises `NotJudged` if that isn't known.

        With `follow` a link counts as its target: None if that is gone.
        """
        real = self.final(path) if follow else self.real(path)
        if path.endswith("/"):
            raise NotJudged(f"the file {path} as a directory")
        if real in self.known:
            return self.known[real]
        if real in PLAIN or real in DEVICES:
            return File(
                real, 0o666 if real in DEVICES else 0o644, content="" if real == "/dev/null" else None
            )
        if self.is_folder(real) or self.is_known(path):
            return None
        if posixpath.dirname(real) in {self.aliases.get(folder, folder) for folder in BIN_FOLDERS}:
            raise UnknownProgram(path)
        raise NotJudged(f"whether the image has {path}")

    def final(self, path: str) -> str:
        """The path that a link at `path` leads to, or the path itself."""
        real = self.real(path)
        for _ in range(8):
            file = self.known.get(real)
            if file is None or not file.link:
                return real
            real = self.real(file.link)
        raise NotJudged(f"the links of {path}")

    def of_kernel(self, _path: str) -> File | None:
        """The file below /proc or /sys at a path, if what is in it is simulated."""
        return None

    def is_known(self, path: str) -> bool:
        """Whether it is known that there is a file, or that there isn't."""
        real = self.real(path)
        if real in self.known or real in PLAIN or real in DEVICES or self.starts_empty(real):
            return True
        folder, name = posixpath.split(real)
        while folder not in self.listing and folder != "/":
            if any(char in _IN_NO_NAME for char in name):
                return True
            folder, name = posixpath.split(folder)
        listed = self.listing.get(folder)
        return any(char in _IN_NO_NAME for char in name) or (
            listed is not None and name not in listed and f"{name}/" not in listed
        )

    def starts_empty(self, path: str) -> bool:
        """Whether everything in the directory of `path` is known: it starts empty, or a command made it."""
        real = self.real(path)
        if any(real != folder and is_within(real, folder) for folder in self.empty):
            return True
        above = real
        while above != "/":
            above = posixpath.dirname(above)
            if above in self.made:
                return True
        return False

    def is_folder(self, path: str) -> bool:
        """Whether `path` is a directory that every image has, above a known file, or made by a command."""
        clean, real = normalise(path), self.real(path)
        if real in self.made or clean in self.empty or clean in FOLDERS or real in FOLDERS:
            return real not in self.known
        if self.starts_empty(real):
            return False
        folder, name = posixpath.split(real)
        if f"{name}/" in self.listing.get(folder, ()):
            return True
        return any(known != real and is_within(known, real) for known in (*self.known, *self.empty))

    def parent_exists(self, path: str) -> bool:
        """Whether there is a directory to make `path` in. Raises `NotJudged` if that isn't known."""
        folder = posixpath.dirname(normalise(path))
        if self.is_folder(folder):
            return True
        if self.is_known(folder):
            return False
        raise NotJudged(f"whether the image has a directory for {path}")

    def entries(self, folder: str) -> list[str] | None:
        """The names in a directory of which everything is known, sorted; None for any other directory."""
        real = self.real(folder)
        if real not in self.empty and real not in self.made:
            return None
        start = f"{real.rstrip('/')}/"
        size = len(start)
        names = {path[size:] for path in self.made if path.startswith(start)}
        names |= {
            path[size:] for path, file in self.known.items() if file is not None and path.startswith(start)
        }
        return sorted(name for name in names if name and "/" not in name)

    def tree(self, folder: str) -> Iterator[str]:
        """All files and directories below a directory of which everything is known, the deepest first."""
        real = self.real(folder)
        inside = [path for path, file in self.known.items() if file is not None] + list(self.made)
        below = [path for path in inside if path != real and is_within(path, real)]
        yield from sorted(below, key=lambda path: (-path.count("/"), path))

    def put(self, path: str, file: File | None) -> None:
        """Set the file at `path`, or its absence."""
        self.known[self.real(path)] = file

    def make_folder(self, path: str) -> None:
        """Add a directory."""
        self.made.add(self.real(path))
        self.known.pop(self.real(path), None)

    def drop_folder(self, path: str) -> None:
        """Remove a directory that a command made."""
        self.made.discard(self.real(path))
        self.known[self.real(path)] = None
