"""A new lab: the folder with all that a class needs, made from cards and a roster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from trainer.content.card import Card
from trainer.content.catalogue import find_card
from trainer.content.export import export_pack
from trainer.content.locate import Pack
from trainer.content.vary import seeded
from trainer.errors import UsageError
from trainer.files import new_folder, replace_file
from trainer.lab.answers import mark_of
from trainer.lab.folder import (
    ANSWERS,
    CLASS,
    HANDOUT,
    HANDOUTS,
    PACK,
    README,
    ROSTER,
    SETTINGS,
    Lab,
    Member,
    pack_of,
    write_lab,
)
from trainer.lab.handout import class_handout, own_handout, varying
from trainer.lab.pages import handout_page
from trainer.lab.readme import readme
from trainer.progress.classroom import create
from trainer.report.rows import safe_cell
from trainer.safe_text import clean
from trainer.session import workspace


def new_lab(folder: Path, lab: Lab, pack: Pack, *, hints: bool = True) -> None:
    """Make the folder of a lab.

    Raises `UsageError` if the folder has something already, `FileFault` if it can't be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} exists already", remedy="name a new folder")
    if not lab.cards or not lab.learners:
        raise UsageError("a lab needs cards and learners", remedy="name some")
    cards = [find_card(name, pack, lab.seed or 0) for name in lab.cards]
    new_folder(folder, inside=folder.parent)
    export_pack(pack, folder / PACK, lab.cards, solutions=False, hints=hints)
    create(folder / CLASS)
    lab = msgspec.structs.replace(lab, learners=tuple(_members(folder, lab)))
    _handouts(folder, lab, cards)
    _write(folder, ROSTER, _roster(lab))
    _write(folder, README, readme(lab, varies=bool(varying(lab, cards))))
    write_lab(folder, lab)


def _members(folder: Path, lab: Lab) -> Iterator[Member]:
    """Write the folder of each learner; the learners with the marks of their starters."""
    pack = pack_of(folder)
    read: dict[tuple[str, tuple[tuple[str, str], ...]], Card] = {}

    def card_of(name: str, seed: int) -> Card:
        """The card in the wording of a seed. Different seeds may pick the same words."""
        written = read.setdefault((name, ()), find_card(name, pack))
        words = tuple(seeded(seed)(name, written.vary).words.items()) if written.vary else ()
        if (name, words) not in read:
            read[name, words] = find_card(name, pack, seed)
        return read[name, words]

    for member in lab.learners:
        starters = {}
        for name in lab.cards:
            seed = lab.seed_for(member.folder, name)
            card, place = card_of(name, seed), folder / ANSWERS / member.folder / name
            new_folder(place, inside=folder)
            workspace.keep_seed(place, seed if card.vary else 0)
            workspace.start(card, place)
            workspace.deliver(card, place)
            starters[name] = mark_of(place)
        _write(folder, f"{SETTINGS}/{member.folder}.toml", _settings(member))
        yield msgspec.structs.replace(member, starters=starters)


def _handouts(folder: Path, lab: Lab, cards: Sequence[Card]) -> None:
    _handout(folder, HANDOUT, lab.title, class_handout(lab, cards))
    if not varying(lab, cards):
        return
    pack = pack_of(folder)
    for one in lab.learners:
        own = [find_card(card.id, pack, lab.seed_for(one.folder, card.id)) for card in cards]
        name = f"{HANDOUTS}/{one.folder}"
        _handout(folder, name, f"{lab.title}: {one.name}", own_handout(lab, one.folder, one.name, own))


def _handout(folder: Path, name: str, title: str, markdown: str) -> None:
    _write(folder, f"{name}.md", clean(markdown))
    _write(folder, f"{name}.html", handout_page(title, markdown))


def _write(folder: Path, name: str, text: str) -> None:
    replace_file(folder / name, text.encode("utf-8", "replace"), inside=folder, sync=False)


def _settings(member: Member) -> str:
    """The settings file of a learner. Names of folders have no character that TOML reads differently."""
    values = {
        "workspace": f"../{ANSWERS}/{member.folder}",
        "database": f"../{ANSWERS}/{member.folder}.db",
        "pack": f"../{PACK}",
        "class_store": f"../{CLASS}",
        "learner": member.folder,
    }
    return "".join(f'{name} = "{value}"\n' for name, value in values.items())


def _roster(lab: Lab) -> str:
    quoted = (f'{one.folder},"{safe_cell(one.name).replace(chr(34), chr(34) * 2)}"' for one in lab.learners)
    return "".join(f"{line}\n" for line in ("learner,name", *quoted))
