"""A new lab: the folder with all that a class needs, made from cards and a roster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from trainer.content.card import Card
from trainer.content.catalogue import find_card
from trainer.content.export import export_pack
from trainer.content.locate import Pack
from trainer.content.material import material
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
from trainer.manifests.answer import GIVEN
from trainer.progress.classroom import create
from trainer.report.rows import safe_cell
from trainer.safe_text import clean
from trainer.session.workspace import SEED


def new_lab(folder: Path, lab: Lab, pack: Pack, *, hints: bool = True) -> None:
    """Make the folder of a lab.

    Raises `UsageError` if the folder has something already, `FileFault` if it can't be written.
    """
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} exists already", remedy="name a new folder")
    if not lab.cards or not lab.learners:
        raise UsageError("a lab needs cards and learners", remedy="name some")
    cards = [find_card(name, pack, lab.seed or 0) for name in lab.cards]
    new_folder(folder, inside=folder.parent)
    export_pack(pack, folder / PACK, lab.cards, solutions=False, hints=hints)
    create(folder / CLASS)
    own = _Cards(lab, pack_of(folder))
    lab = msgspec.structs.replace(lab, learners=tuple(_members(folder, lab, own)))
    _handouts(folder, lab, cards, own)
    _write(folder, ROSTER, _roster(lab))
    _write(folder, README, readme(lab, varies=bool(varying(lab, cards))))
    write_lab(folder, lab)


def _members(folder: Path, lab: Lab, cards: _Cards) -> Iterator[Member]:
    """Write the folder of each learner; the learners with the marks of their starters."""
    for member in lab.learners:
        starters = {}
        for name in lab.cards:
            card, place = cards.of(member.folder, name), folder / ANSWERS / member.folder / name
            new_folder(place, inside=folder)
            files = {**card.start, **{f"{GIVEN}/{path}": text for path, text in material(card).items()}}
            if card.seed:
                files[SEED] = f"{card.seed}\n"
            for path, text in files.items():
                replace_file(place / path, text.encode(), inside=folder, sync=False)
            starters[name] = mark_of(place)
        _write(folder, f"{SETTINGS}/{member.folder}.toml", _settings(member))
        yield msgspec.structs.replace(member, starters=starters)


class _Cards:
    """The cards of a lab in the wording of each learner. Different seeds may pick the same words."""

    def __init__(self, lab: Lab, pack: Pack) -> None:
        self._lab = lab
        self._pack = pack
        self._written = {name: find_card(name, pack) for name in lab.cards}
        self._read: dict[tuple[str, tuple[tuple[str, str], ...]], Card] = {}

    def of(self, learner: str, name: str) -> Card:
        """A card as a learner gets it."""
        written = self._written[name]
        seed = self._lab.seed_for(learner, name) if written.vary else 0
        wording = seeded(seed)(name, written.vary)
        key = (name, tuple(wording.words.items()))
        if key not in self._read:
            self._read[key] = find_card(name, self._pack, seed)
        return msgspec.structs.replace(self._read[key], wording=wording)


def _handouts(folder: Path, lab: Lab, cards: Sequence[Card], own: _Cards) -> None:
    _handout(folder, HANDOUT, lab.title, class_handout(lab, cards))
    if not varying(lab, cards):
        return
    for one in lab.learners:
        theirs = [own.of(one.folder, name) for name in lab.cards]
        name = f"{HANDOUTS}/{one.folder}"
        _handout(folder, name, f"{lab.title}: {one.name}", own_handout(lab, one.folder, one.name, theirs))


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
