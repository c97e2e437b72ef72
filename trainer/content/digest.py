"""Digests of what a verdict depends on besides the answer: the card, and the code that judges it."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.content.material_files import material_folder
from trainer.files import read_file

if TYPE_CHECKING:
    from trainer.content.card import Card

_ABOVE = ("cli", "tui", "__main__.py")
"""Parts of the program that judge nothing."""


def card_digest(card: Card) -> str:
    """What changes if the card's file, its material or its Kubernetes version does, as hexadecimal text."""
    found = hashlib.sha256(f"{card.kubernetes}\n".encode())
    found.update(read_file(card.source))
    add_files(found, material_folder(card.source))
    return found.hexdigest()


def add_files(digest: hashlib._Hash, folder: Path) -> None:
    """Add the files in a folder to a digest: their names, at any depth, and what is in them."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else ():
        data = read_file(path)
        digest.update(f"\n{path.relative_to(folder).as_posix()} {len(data)}\n".encode())
        digest.update(data)


@cache
def code_digest(package: Path = Path(__file__).parents[1]) -> str:
    """The state of the code and data that judge answers, as hexadecimal text."""
    found = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        inside = path.relative_to(package)
        if path.suffix in (".py", ".gz", ".json") and inside.parts[0] not in _ABOVE:
            found.update(f"{inside.as_posix()}\n".encode())
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()
