"""Files of the kind `/etc/sysctl.d`: which of them count, in which order, and their lines."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from trainer.errors import NotJudged
from trainer.simulate.node.system import Host
from trainer.simulate.shell.paths import normalise


def absolute(host: Host, word: str) -> str:
    """The absolute path that a word means for the command that runs."""
    return normalise(posixpath.join(host.folder, word))


def text_of(host: Host, path: str) -> str:
    """What is in a file; empty if it doesn't exist. Raises `NotJudged` if that isn't known."""
    if host.files.is_folder(path):
        return ""
    file = host.files.at(path)
    if file is None:
        return ""
    if file.content is None:
        raise NotJudged(f"what is in {path}")
    return file.content


def in_order(host: Host, folders: Sequence[str], ending: str = ".conf") -> Iterator[str]:
    """The files of these directories, by name; of two with one name, that of the earlier directory only.

    As in sysctl.d(5), modules-load.d(5) and modprobe.d(5).
    """
    found: dict[str, str] = {}
    for folder in folders:
        for name in host.files.entries(folder) or ():
            path = posixpath.join(folder, name)
            if name.endswith(ending) and not host.files.is_folder(path):
                found.setdefault(name, path)
    yield from (found[name] for name in sorted(found))


def lines_of(host: Host, path: str, comments: str = "#") -> Iterator[str]:
    """The lines of a file without blank ones and comments."""
    for line in text_of(host, path).splitlines():
        stripped = line.strip()
        if stripped and stripped[0] not in comments:
            yield stripped
