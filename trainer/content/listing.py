"""All cards of a pack as listed: from the pack's index, and from the files that it doesn't know."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from trainer.content.catalogue import Catalogue, catalogue_of, problems_of
from trainer.content.files import card_files, mark_of
from trainer.content.index import Entry, Index, shipped_index
from trainer.content.listed import Listed, as_listed
from trainer.errors import CardError

if TYPE_CHECKING:
    from trainer.content.locate import Pack
    from trainer.verdict import Problem


def list_cards(pack: Pack) -> Catalogue[Listed]:
    """The pack's cards as they are now, and what is wrong with the broken ones.

    A file that changed since it was indexed is read again, a broken one every time. The index is
    updated if possible.
    """
    begun = time.time_ns()
    index = Index(pack.tasks, pack.index)
    entries: dict[str, Entry] = {}
    problems: list[Problem] = []
    for name, file in card_files(pack.tasks).items():
        mark = mark_of(file)
        entry = index.entry(name, mark)
        if entry is None:
            try:
                entry = Entry(mark or (0, begun, begun), _read(pack, name))
            except CardError as error:
                problems += problems_of(error, name)
                continue
        entries[name] = entry
    index.keep(entries, begun)
    return catalogue_of({name: entry.card for name, entry in entries.items()}, problems)


def index_to_ship(pack: Pack) -> bytes:
    """The index of a pack that ships inside a package. Raises `CardError` for the first broken card."""
    files = card_files(pack.tasks)
    return shipped_index({name: (file.stat().st_size, _read(pack, name)) for name, file in files.items()})


def _read(pack: Pack, name: str) -> Listed:
    from trainer.content.load import load_card
    from trainer.content.solutions import solution_kinds

    card = load_card(pack.tasks / name, pack, rules=False)
    return as_listed(card, solution_kinds(card, pack))
