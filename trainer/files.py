"""The two doors to files: one reads a file whole, one replaces it whole.

Files of other people are traps: a FIFO blocks, a device never ends, a link leads elsewhere, and what is there
may change between two looks. So a file is opened without following and without waiting, and only then looked
at. `inside` names a folder that the file must not leave: the way from it to the file is walked folder by
folder, each opened below the one before, so that no link that is put there meanwhile leads out.

No other module opens or writes files, except those that `tests/test_file_doors.py` names with a reason.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Literal

from trainer.errors import TrainerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MIB = 1024 * 1024

Why = Literal["missing", "irregular", "link", "outside", "large", "denied", "other"]

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
    stat.S_IFLNK: "a link",
}
_READ = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_ADD = os.O_RDWR | os.O_CREAT | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_NOCTTY | os.O_CLOEXEC

_DENIED = {
    "read": "allow it: chmod u+r on the file, u+x on its folder",
    "written": "allow it: chmod u+w on its folder",
}


class FileFault(TrainerError):
    """A file that can't be read or replaced. `what` is the sentence without its subject: `is a pipe, ...`."""

    def __init__(self, path: Path, what: str, why: Why, *, remedy: str) -> None:
        from trainer.safe_text import one_line

        super().__init__(f"{one_line(str(path))} {what}", remedy=remedy)
        self.what = what
        self.why: Why = why


def read_file(path: Path, *, limit: int = MIB, inside: Path | None = None) -> bytes:
    """The bytes of a regular file of at most `limit` bytes.

    Without `inside`, links are followed: the file is one that the person at the terminal named. With it, a
    link must lead to a file inside that folder. Raises `FileFault`.
    """
    with _words(path, "read"):
        descriptor = _opened(path, inside)
        try:
            return _bounded(path, descriptor, limit)
        finally:
            os.close(descriptor)


@contextmanager
def open_file(path: Path, *, inside: Path | None = None) -> Iterator[IO[bytes]]:
    """A regular file of any size to read in parts, opened as by `read_file`.

    Raises `FileFault` when the block begins.
    """
    with _words(path, "read"):
        stream = os.fdopen(_opened(path, inside), "rb")
    with stream:
        _regular(path, os.fstat(stream.fileno()).st_mode)
        yield stream


@contextmanager
def adding(path: Path) -> Iterator[IO[bytes] | None]:
    """An unbuffered stream to read a file and to add to it, which this program holds; made if it is missing.

    None if another program holds it. No link is followed. Raises `FileFault`.
    """
    with _words(path, "written"):
        folder = _folder(path, None, make=True)
        try:
            _mode(path, folder)
            descriptor = os.open(path.name, _ADD, 0o666, dir_fd=folder)
        finally:
            os.close(folder)
    with os.fdopen(descriptor, "r+b", buffering=0) as stream:
        with _words(path, "written"):
            _regular(path, os.fstat(descriptor).st_mode)
            held = lock(descriptor) and os.path.samestat(os.fstat(descriptor), os.lstat(path))
        yield stream if held else None


def remove_remains(path: Path) -> None:
    """Remove what programs that were killed have left of replacing this file; nobody else may write it now.

    Raises `FileFault`.
    """
    begin = f".{path.name[:50]}."
    with _words(path, "removed"):
        for one in path.parent.iterdir() if path.parent.is_dir() else ():
            if one.name.startswith(begin) and one.name.endswith(".new") and len(one.name) == len(begin) + 16:
                remove_file(one, inside=path.parent)


def replace_file(
    path: Path, data: bytes, *, inside: Path | None = None, mode: int = 0o666, sync: bool = True
) -> None:
    """Put a file in place whole, with the folders on the way to it: no half file is ever seen.

    Its mode is that of the file that is replaced, for a new one `mode` without what the umask takes away.
    What isn't a regular file is not replaced, a link neither. With `sync`, the data is on the disk before the
    name is. Raises `FileFault`.
    """
    with replacing(path, inside=inside, mode=mode, sync=sync) as stream, _words(path, "written"):
        stream.write(data)
        stream.flush()


@contextmanager
def replacing(
    path: Path, *, inside: Path | None = None, mode: int = 0o666, sync: bool = True
) -> Iterator[IO[bytes]]:
    """A stream whose content replaces the file when the block ends well; after an exception nothing remains.

    As `replace_file`. Raises `FileFault` when the block begins and when it ends.
    """
    with _words(path, "written"):
        folder = _folder(path, inside, make=True)
    beside = f".{path.name[:50]}.{os.urandom(6).hex()}.new"
    try:
        with _words(path, "written"):
            before = _mode(path, folder)
            stream = os.fdopen(os.open(beside, _NEW, mode, dir_fd=folder), "wb")
        try:
            yield stream
            with _words(path, "written"):
                if before is not None:
                    os.fchmod(stream.fileno(), before)
                stream.flush()
                if sync:
                    os.fsync(stream.fileno())
                stream.close()
                _mode(path, folder)  # it may have become a link meanwhile
                os.replace(beside, path.name, src_dir_fd=folder, dst_dir_fd=folder)
        except BaseException:
            with suppress(OSError):
                stream.close()
            with suppress(OSError):
                os.unlink(beside, dir_fd=folder)
            raise
    finally:
        os.close(folder)


def keep_copy(path: Path, copy: Path, *, inside: Path) -> None:
    """Keep what a file has now under another name, too, until it is replaced. Raises `FileFault`."""
    with _words(copy, "written"):
        source = _folder(path, inside, make=False)
        try:
            target = _folder(copy, inside, make=True)
            try:
                _link(path.name, source, copy.name, target)
            finally:
                os.close(target)
        finally:
            os.close(source)


def move(path: Path, to: Path, *, inside: Path) -> None:
    """Rename a file or a folder; a link is renamed itself. Replaces a file at `to`. Raises `FileFault`."""
    with _words(path, "moved"):
        source = _folder(path, inside, make=False)
        try:
            target = _folder(to, inside, make=True)
            try:
                os.rename(path.name, to.name, src_dir_fd=source, dst_dir_fd=target)
            finally:
                os.close(target)
        finally:
            os.close(source)


def new_folder(path: Path, *, inside: Path) -> bool:
    """Make a folder, and those on the way; False if something of its name is there. Raises `FileFault`."""
    with _words(path, "made"):
        above = _folder(path, inside, make=True)
        try:
            os.mkdir(path.name, dir_fd=above)
        except FileExistsError:
            return False
        finally:
            os.close(above)
    return True


def hold_file(path: Path, *, inside: Path) -> int | None:
    """A locked descriptor of a file; None if another program holds it. Close it to let go.

    Raises `FileFault` for what isn't a regular file, a link included.
    """
    with _words(path, "read"):
        descriptor = _opened_inside(path, inside)
        if lock(descriptor) and os.path.samestat(os.fstat(descriptor), os.lstat(path)):
            return descriptor
        os.close(descriptor)
    return None


def lock(descriptor: int) -> bool:
    """Lock an open file for this program, until it is closed; False if another program has locked it."""
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks: nobody else can hold it either
        return True
    return True


def remove_file(path: Path, *, inside: Path) -> None:
    """Remove a file, or the link of that name, if it is there. Raises `FileFault`."""
    try:
        with _words(path, "removed"):
            folder = _folder(path, inside, make=False)
            try:
                os.unlink(path.name, dir_fd=folder)
            finally:
                os.close(folder)
    except FileFault as fault:
        if fault.why != "missing":
            raise


def _link(name: str, source: int, copy: str, target: int) -> None:
    try:
        os.link(name, copy, src_dir_fd=source, dst_dir_fd=target, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError:  # a file system without a second name for a file
        os.rename(name, copy, src_dir_fd=source, dst_dir_fd=target)


def _opened(path: Path, inside: Path | None) -> int:
    """A descriptor of the file, which may have become something else than a file."""
    if inside is None:
        _regular(path, os.stat(path).st_mode)  # noqa: PTH116 - opening a device may already act on it
        return os.open(path, _READ)
    try:
        return _opened_inside(path, inside)
    except (OSError, FileFault):
        if not _has_link(path, inside):
            raise
    root = inside.resolve(strict=True)
    target = path.resolve(strict=True)
    if not target.is_relative_to(root):
        raise FileFault(
            path, "is a link that leads out of its folder", "outside", remedy="put the file itself there"
        )
    return _opened_inside(target, root)


def _opened_inside(path: Path, inside: Path) -> int:
    folder = _folder(path, inside, make=False)
    try:
        status = os.stat(path.name, dir_fd=folder, follow_symlinks=False)
        if stat.S_ISLNK(status.st_mode):
            raise OSError(f"{path} is a link")
        _regular(path, status.st_mode)
        return os.open(path.name, _READ | os.O_NOFOLLOW, dir_fd=folder)
    finally:
        os.close(folder)


def _is_link(name: str, folder: int) -> bool:
    return stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)


def _has_link(path: Path, inside: Path) -> bool:
    steps = path.relative_to(inside).parts
    return any(inside.joinpath(*steps[:count]).is_symlink() for count in range(1, len(steps) + 1))


def _folder(path: Path, inside: Path | None, *, make: bool) -> int:
    """A descriptor of the folder that the file is in. From `inside` on no link is followed."""
    top = path.parent if inside is None else inside
    if make:
        try:
            top.mkdir(parents=True, exist_ok=True)
        except FileExistsError:
            raise FileFault(top, "is a file, not a folder", "irregular", remedy="name a folder") from None
    folder = os.open(top, _FOLDER)
    for step in path.relative_to(inside).parts[:-1] if inside is not None else ():
        try:
            if step == "..":
                raise FileFault(path, "is outside of its folder", "outside", remedy="name a file inside")
            if make:
                with suppress(FileExistsError):
                    os.mkdir(step, dir_fd=folder)
            below = os.open(step, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)
        except OSError as error:
            if error.errno not in (errno.ELOOP, errno.ENOTDIR):
                raise
            what = f"is below {step}, which isn't a folder" + (
                " but a link" if _is_link(step, folder) else ""
            )
            raise FileFault(path, what, "link", remedy="put a folder there") from None
        finally:
            os.close(folder)
        folder = below
    return folder


def _mode(path: Path, folder: int) -> int | None:
    """The mode of the file that is about to be replaced; None without one. Refuses what isn't a file."""
    try:
        mode = os.stat(path.name, dir_fd=folder, follow_symlinks=False).st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISLNK(mode):
        remedy = "remove the link, and put the file itself there"
        raise FileFault(path, "is a link, which isn't written through", "link", remedy=remedy)
    _regular(path, mode)
    return stat.S_IMODE(mode) & 0o777


def _regular(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        kind = _KINDS.get(stat.S_IFMT(mode), "no regular file")
        raise FileFault(path, f"is {kind}, not a file", "irregular", remedy="name a regular file")


def _bounded(path: Path, descriptor: int, limit: int) -> bytes:
    """Everything that a file yields, up to the limit: it may grow, and some say no size."""
    status = os.fstat(descriptor)
    _regular(path, status.st_mode)
    if status.st_size > limit:
        raise _too_large(path, status.st_size, limit)
    data = bytearray()
    while chunk := os.read(descriptor, limit + 1 - len(data)):
        data += chunk
        if len(data) > limit:
            raise _too_large(path, len(data), limit)
    return bytes(data)


def _too_large(path: Path, size: int, limit: int) -> FileFault:
    what = f"is too large: {size / MIB:.1f} MiB, the limit is {limit / MIB:g} MiB"
    return FileFault(path, what, "large", remedy="name a smaller file")


@contextmanager
def _words(path: Path, done: str) -> Iterator[None]:
    """Turn what the system says of a file into a `FileFault`; `done` is what was to be done with it."""
    try:
        yield
    except FileNotFoundError:
        if path.is_symlink():
            remedy = "put the file itself there"
            raise FileFault(path, "is a link to a missing file", "link", remedy=remedy) from None
        raise FileFault(path, "does not exist", "missing", remedy="check the path") from None
    except PermissionError:
        remedy = _DENIED.get(done, "check the permissions")
        raise FileFault(path, f"cannot be {done}: permission denied", "denied", remedy=remedy) from None
    except (OSError, ValueError, RuntimeError) as error:
        # Up to Python 3.12, a loop of links is a RuntimeError; a name with NUL is a ValueError.
        words = getattr(error, "strerror", None) or str(error)
        remedy = "check the path" if done == "read" else "check permissions and free space"
        with suppress(OSError, ValueError):
            if path.is_symlink():
                raise FileFault(path, "is a link, not a file", "link", remedy="name a regular file") from None
        raise FileFault(path, f"cannot be {done}: {words}", "other", remedy=remedy) from error
