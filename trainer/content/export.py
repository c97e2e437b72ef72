"""A copy of a pack for those who learn with it: cards and material, with their solutions or without them.

Checks need no solutions, so both copies give the same verdicts. A card also says in its own file how it's
solved: the quicker way with kubectl, the mutants that rightly pass, comments of its author. Without solutions
these are left out; everything else stays as written, byte by byte, because a seed replaces words in bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from trainer.content.catalogue import require_card
from trainer.content.files import card_files, card_id_of
from trainer.content.load import load_card
from trainer.content.locate import Pack
from trainer.content.material_files import material_folder
from trainer.content.solutions import solutions_folder
from trainer.errors import CardError, TrainerError, UsageError
from trainer.files import read_file, replace_file
from trainer.manifests.reading.parse import parse

_SOLVES = ("imperative", "harmless", "start_faults")
"""The fields of a card's file that tell how it's solved; only `pack check` and solutions use them."""


def export_pack(
    pack: Pack, folder: Path, cards: Sequence[str] = (), *, solutions: bool = True, hints: bool = True
) -> list[Path]:
    """Copy the cards with these IDs, by default all, into a new folder, which is then a pack.

    Returns the files written. Raises `UsageError` if the folder has something already, `CardError` for the
    first card that can't be used.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} exists already", remedy="name a new folder")
    names = cards or [card_id_of(name) for name in card_files(pack.tasks)]
    if not names:
        raise UsageError(f"{pack.tasks} has no cards", remedy="name another pack")
    paths = [require_card(name, pack) for name in dict.fromkeys(names)]
    copies = {place: data for path in paths for place, data in _copies(path, pack, solutions, hints)}
    for place, data in copies.items():
        replace_file(folder / place, data, inside=folder)
    return [folder / place for place in copies]


def _copies(path: Path, pack: Pack, solutions: bool, hints: bool) -> Iterator[tuple[Path, bytes]]:
    """The files of one card: their places in the copy, and what they contain."""
    card = load_card(path, pack, rules=False)
    home = Path("tasks", card.domain)
    out = (() if solutions else _SOLVES) + (() if hints else ("hints",))
    data = read_file(path)
    yield home / path.name, without_fields(data, path.name, out) if out else data
    for name in card.material:
        folder = material_folder(path)
        yield home / card.id / name, read_file(folder / name, inside=folder)
    if not solutions:
        return
    folder = solutions_folder(card, pack)
    for file in sorted(file for file in folder.rglob("*") if file.is_file()):
        place = Path("solutions", card.domain, card.id) / file.relative_to(folder)
        yield place, read_file(file, inside=folder)


def without_fields(data: bytes, name: str, fields: Sequence[str]) -> bytes:
    """A card's file without some of its fields, and without comments; nothing else changes.

    Raises `CardError` if the file is written in such a way that they can't be taken out.
    """
    document = parse(data, name).documents[0]
    lines = data.decode("utf-8-sig").splitlines(keepends=True)
    begins = {key: document.where((key,)).line for key in document.value}
    ends = [*sorted(begins.values())[1:], len(lines) + 1]
    until = dict(zip(sorted(begins.values()), ends, strict=True))
    gone = {number for key in fields if key in begins for number in range(begins[key], until[begins[key]])}
    kept = [line for number, line in enumerate(lines, 1) if number not in gone]
    rest = {key: value for key, value in document.value.items() if key not in fields}
    if len(until) != len(begins) or _read(kept, name) != rest:
        raise CardError(
            f"{name}: {', '.join(key for key in fields if key in begins)} can't be taken out",
            remedy="begin each field of the card on a line of its own",
        )
    return "".join(_without_comments(kept, name, rest)).encode()


def _without_comments(lines: list[str], name: str, value: Any) -> list[str]:
    """The lines without comments. What looks like one is one if the card stays the same without it."""
    for index, line in enumerate(lines):
        at = line.find("#")
        while at >= 0:
            shorter = f"{line[:at].rstrip()}\n" if line[:at].strip() else ""
            if _read([*lines[:index], shorter, *lines[index + 1 :]], name) == value:
                lines[index] = shorter
                break
            at = line.find("#", at + 1)
    return lines


def _read(lines: Sequence[str], name: str) -> Any:
    try:
        parsed = parse("".join(lines).encode(), name)
    except TrainerError:
        return None
    return parsed.documents[0].value if len(parsed.documents) == 1 and not parsed.problems else None
