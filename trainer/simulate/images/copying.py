"""COPY and ADD: which files they put where, with which owners and modes.

Follows https://docs.docker.com/reference/dockerfile/#copy (2026) and `dockerfile2llb/convert_copy.go` of
moby/buildkit at 73ed682 (2026-08): a directory's contents are copied, not itself; new files belong to root
unless `--chown` says otherwise; `--chmod` is for files and directories.
"""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Mapping

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.images import accounts
from trainer.simulate.images.files import ROOTS, ImageFiles, Owner
from trainer.simulate.images.ignored import matches
from trainer.simulate.shell.filesystem import File
from trainer.simulate.shell.tools.modes import changed_mode

_WILD = frozenset("*?[")
_ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2", ".txz")


class Missing(Exception):
    """The build stops at this instruction: why, as BuildKit says."""


class Source(msgspec.Struct, frozen=True):
    """Where files come from: the context, or a stage."""

    files: Mapping[str, File]
    """By absolute path; those of the context are below `/`."""
    folders: Mapping[str, Owner]
    ignored: frozenset[str] = frozenset()
    """Paths of the context that the ignore file leaves out."""
    title: str = "the build context"


class Options(msgspec.Struct, frozen=True):
    """What the flags of COPY say."""

    owner: tuple[int, int] | None = None
    mode: str = ""
    exclude: tuple[str, ...] = ()
    parents: bool = False


def owner_of(files: ImageFiles, text: str) -> tuple[int, int] | None:
    """The IDs that `--chown` means; None without it. Raises `Missing`."""
    if not text:
        return None
    user, mark, _ = text.partition(":")
    if user.isdecimal() and not mark:
        return int(user), int(user)  # the group has the same ID
    try:
        who = accounts.identity(files, text)
    except accounts.NoUser as error:
        raise Missing(f"--chown={text}: {error}") from None
    return who.uid, who.gid


def copy(
    files: ImageFiles, source: Source, paths: list[str], target: str, options: Options, folder: str
) -> None:
    """Copy to a target, which is a path in the stage; `folder` is its current directory. Raises `Missing`."""
    is_folder = target.endswith(("/", "/.")) or target in (".", "")
    place = posixpath.normpath(posixpath.join("/", folder, target))
    found: list[tuple[str, bool]] = []
    for path in paths:
        found += _sources(source, path)
    if len(found) > 1 and not is_folder and not files.is_folder(place):
        raise Missing("with more than one source, the destination must be a directory and end with a /")
    for path, directory in found:
        if directory:
            _tree(files, source, path, place, options)
        else:
            inside = is_folder or files.is_folder(place)
            own = path if options.parents else posixpath.basename(path)
            end = posixpath.join(place, own.lstrip("/")) if inside else place
            if not _is_excluded(path.lstrip("/"), posixpath.basename(path), options.exclude):
                _put(files, end, source.files[path], options)


def _sources(source: Source, path: str) -> list[tuple[str, bool]]:
    """The files and directories that a source means, each with whether it is a directory."""
    if "/./" in path:
        raise NotJudged(f"COPY --parents {path}")
    clean = posixpath.normpath(posixpath.join("/", path))
    if _WILD & set(path):
        names = sorted([*source.files, *(one for one in source.folders if one != "/")])
        hits = [name for name in names if matches(name.lstrip("/"), clean.lstrip("/"))]
        if not hits:
            raise Missing(f"no source files were specified: nothing in {source.title} matches {path}")
        return [(one, one in source.folders) for one in hits]
    if clean in source.files:
        return [(clean, False)]
    if clean == "/" or clean in source.folders:
        return [(clean, True)]
    left_out = ": the ignore file leaves it out" if clean in source.ignored else ""
    raise Missing(f'"{clean}": not found in {source.title}{left_out}')


def _tree(files: ImageFiles, source: Source, path: str, place: str, options: Options) -> None:
    start = path.rstrip("/") + "/"
    root = place if not options.parents else posixpath.join(place, path.lstrip("/"))
    _folder(files, root, source.folders.get(path, ROOTS), options)
    for one, owner in sorted(source.folders.items()):
        if one.startswith(start) and one != "/":
            _folder(files, posixpath.join(root, one[len(start) :]), owner, options)
    for one, file in source.files.items():
        inner = one[len(start) :]
        if one.startswith(start) and not _is_excluded(inner, inner, options.exclude):
            _put(files, posixpath.join(root, inner), file, options)


def _is_excluded(path: str, inner: str, patterns: tuple[str, ...]) -> bool:
    steps = inner.split("/")
    parents = [inner, *("/".join(steps[:size]) for size in range(1, len(steps)))]
    return any(matches(one, pattern.lstrip("/")) for pattern in patterns for one in (*parents, path))


def _folder(files: ImageFiles, path: str, owner: Owner, options: Options) -> None:
    uid, gid = options.owner or (0, 0)
    if files.is_folder(path):
        return
    mode = changed_mode(owner[2], options.mode) if options.mode else owner[2]
    files.make_folders(path, (uid, gid, mode))


def _put(files: ImageFiles, path: str, file: File, options: Options) -> None:
    real = files.final(path)
    if files.is_folder(real):
        raise Missing(f"cannot copy to {path}: it is a directory")
    uid, gid = options.owner or (0, 0)
    mode = changed_mode(file.mode, options.mode) if options.mode and not file.link else file.mode
    folder = posixpath.dirname(real)
    if not files.is_folder(folder):
        files.make_folders(folder, (uid, gid, 0o755))
    files.put(real, msgspec.structs.replace(file, owner=uid, group=gid, mode=mode))


def checked(address: str, text: str, checksum: str) -> None:
    """Compare a download with `--checksum`. Raises `Missing` if it differs."""
    if not checksum:
        return
    name, _, wanted = checksum.partition(":")
    if name != "sha256" or len(wanted) != 64:
        raise Missing(f"invalid checksum {checksum!r}: it is sha256: and 64 hexadecimal digits")
    found = hashlib.sha256(text.encode()).hexdigest()
    if found != wanted:
        raise Missing(f"digest mismatch sha256:{found}: {checksum} was expected for {address}")


def is_archive(path: str) -> bool:
    """Whether ADD would unpack a file of the context."""
    return path.endswith(_ARCHIVES)
