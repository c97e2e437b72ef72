"""The submissions of a class: a folder, or an archive that is unpacked into a private folder first.

The private folder is removed when the block ends, however it ends; learners' own archives are unpacked
below it, too. An archive of the class is unpacked in a worker process with limits, as everything that
others wrote.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec

from trainer.batch.archives import is_archive, unpack, without_ending
from trainer.batch.archives.member import CLASS
from trainer.batch.archives.names import is_of_a_system
from trainer.batch.find import Wanted
from trainer.batch.layouts import label_of
from trainer.batch.learners import composed
from trainer.batch.near import SUFFIXES, alike, plain
from trainer.errors import AnswerUnreadable, UsageError
from trainer.isolate import Failed, Limits, Pool
from trainer.manifests.answer import holds_manifests

_PATIENCE = Limits(seconds=900.0, megabytes=2048, patience=120.0)


class Opened(msgspec.Struct, frozen=True):
    """Submissions that can be read."""

    folder: Path
    """Where the learners are."""
    scratch: Path
    """Where learners' archives may be unpacked."""
    refused: tuple[tuple[str, str], ...] = ()
    """What an archive has and couldn't be unpacked: the path in `folder`, and why."""
    is_archive: bool = False


@contextmanager
def opened(
    source: Path, cards: Sequence[Wanted], names: Collection[str] = (), zone: int | None = None
) -> Iterator[Opened]:
    """The submissions in a folder or an archive. `names` are those of the roster.

    Times in archives without a zone are `zone` seconds east of UTC, by default in the zone of this machine.
    Raises `AnswerUnreadable` if an archive can't be read.
    """
    if source.is_file() and not is_archive(source.name):
        raise AnswerUnreadable(
            f"{source} is neither a folder nor an archive",
            file=str(source),
            remedy="name the folder of the submissions, or a .zip or .tar archive of it",
        )
    private = _private_folder()
    try:
        scratch = private / "learners"
        scratch.mkdir(mode=0o700)
        if not source.is_file():
            yield Opened(source, scratch)
            return
        inside = private / "submissions"
        inside.mkdir(mode=0o700)
        refused = _unpacked(source, inside, cards, zone)
        folder = class_folder(inside, cards, names, without_ending(source.name))
        wrapper = folder.relative_to(inside).as_posix() + "/"
        inner = [(name.removeprefix(wrapper), why) for name, why in refused]
        yield Opened(folder, scratch, tuple(inner), is_archive=True)
    finally:
        shutil.rmtree(private, ignore_errors=True)


def _private_folder() -> Path:
    try:
        return Path(tempfile.mkdtemp(prefix="cks-trainer-")).resolve()
    except OSError as error:
        remedy = "set TMPDIR to a folder that can be written"
        why = error.strerror or "there is no temporary folder"
        raise UsageError(f"no private folder can be made: {why}", remedy=remedy) from None


def _unpacked(source: Path, into: Path, cards: Sequence[Wanted], zone: int | None) -> list[tuple[str, str]]:
    demanded = sorted({name.rpartition("/")[2] for card in cards for name in card.demanded})
    with Pool(1, _PATIENCE) as pool:
        found = pool.call(f"{__name__}:unpack_class", os.fsencode(source), os.fsencode(into), demanded, zone)
    remedy = "unpack it yourself, and name the folder"
    if isinstance(found, Failed):
        raise AnswerUnreadable(
            f"{source} can't be unpacked: {found.message}", file=str(source), remedy=remedy
        )
    refused, fault = found
    if fault is not None:
        raise AnswerUnreadable(fault, file=str(source), remedy="download it again, or unpack it yourself")
    return [(name, why) for name, why in refused]


def unpack_class(source: bytes, into: bytes, demanded: list[str], zone: int | None) -> tuple[Any, Any]:
    """Unpack the archive of a class; runs in a worker. Returns what isn't unpacked, or why nothing is."""
    wanted_names = frozenset(demanded)

    def wants(name: str) -> bool:
        return holds_manifests(name) or name in wanted_names or plain(name).endswith(SUFFIXES)

    archive = Path(os.fsdecode(source))
    try:
        found = unpack(
            archive,
            Path(os.fsdecode(into)),
            shown=archive.name,
            wants=wants,
            bounds=CLASS,
            zone=None if zone is None else timezone(timedelta(seconds=zone)),
        )
    except AnswerUnreadable as error:
        return [], error.message
    return [(one.name, one.why) for one in found.left], None


def class_folder(folder: Path, cards: Sequence[Wanted], names: Collection[str], stem: str) -> Path:
    """The folder of the class in what was unpacked: folders around it that hold nothing else don't count.

    A folder that could be a learner's (what is in it has the name of a card, or of a file that a card
    requires) is one, unless it has the archive's own name, `stem`.
    """
    of_cards = {card.id for card in cards}
    known = {composed(name) for name in names}
    for _ in range(3):
        inner = [path for path in sorted(folder.iterdir()) if not is_of_a_system(path.name)]
        if len(inner) != 1 or not inner[0].is_dir():
            break
        name = inner[0].name
        if name in of_cards or composed(name) in known or label_of(name, is_folder=True, cards=cards):
            break
        below = [path for path in inner[0].iterdir() if not is_of_a_system(path.name)]
        if alike(name) != alike(stem) and any(_is_answer(path, cards) for path in below):
            break
        folder = inner[0]
    return folder


def _is_answer(path: Path, cards: Sequence[Wanted]) -> bool:
    if any(plain(path.name) in card.known for card in cards):
        return True
    if label_of(path.name, is_folder=path.is_dir(), cards=cards) or path.is_dir() or is_archive(path.name):
        return False
    return not any(card.whole for card in cards)
