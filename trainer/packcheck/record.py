"""Which cards had no problems at their last test, so that only changed ones need testing.

The record is a file in the cache folder. It keeps digests of everything that the test of a card reads: the
card's file and material, its solutions, and the code. A record that is missing or damaged only costs time.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

import msgspec

from trainer.config import platform_folder
from trainer.content.card import Card
from trainer.content.digest import add_files, card_digest, code_digest
from trainer.content.locate import Pack
from trainer.content.solutions import solutions_folder
from trainer.files import FileFault, read_file, replace_file

MOST = 2000
"""This many digests are kept; the oldest are dropped first."""


class Record:
    """The digests of cards without problems. Read when it is made, written by `save`."""

    def __init__(self) -> None:
        self.place = platform_folder("cache") / "packcheck.json"
        self._kept = dict.fromkeys(_read(self.place))

    def has(self, digest: str) -> bool:
        """Whether a card with this digest had no problems."""
        return digest in self._kept

    def note(self, digest: str, *, correct: bool) -> None:
        """Remember the result of a test."""
        self._kept.pop(digest, None)
        if correct:
            self._kept[digest] = None

    def save(self) -> None:
        """Write the record to a temporary file and rename it, if possible."""
        with suppress(FileFault):
            replace_file(self.place, msgspec.json.encode(list(self._kept)[-MOST:]), sync=False)


def digest_of(card: Card, pack: Pack) -> str:
    """What changes if the result of the card's test can change, as hexadecimal text."""
    found = hashlib.sha256(f"{code_digest()} {card.domain} {card_digest(card)}".encode())
    folder = solutions_folder(card, pack)
    add_files(found, folder)
    return found.hexdigest()


def _read(place: Path) -> list[str]:
    try:
        return msgspec.json.decode(read_file(place), type=list[str])
    except (FileFault, msgspec.MsgspecError):
        return []
