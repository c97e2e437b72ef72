"""Long material of a card: logs and reports as files in the folder with the card's name, beside the card."""

from __future__ import annotations

from pathlib import Path

from trainer.content.card import CardFile
from trainer.content.convert import Fault
from trainer.content.material import reserved
from trainer.content.names import folders_among, path_fault
from trainer.content.wording import AS_WRITTEN, Wording
from trainer.errors import AnswerUnreadable
from trainer.files import FileFault, read_file
from trainer.manifests.limits import decode


def material_folder(card: Path) -> Path:
    """The folder with the material of the card in this file: `tasks/<domain>/<card>/`."""
    return card.with_suffix("")


def read_material(
    card: CardFile, path: Path, wording: Wording = AS_WRITTEN
) -> tuple[dict[str, str], list[Fault]]:
    """The texts of a card's material by name, both in a wording, and what is wrong with it.

    `card` is as written: it names the files as they are stored.
    """
    texts: dict[str, str] = {}
    faults: list[Fault] = []
    folder = material_folder(path)
    clashing = folders_among([*card.given_files, *card.material])
    for index, name in enumerate(card.material):
        what, remedy = path_fault(name)
        if not what and (reserved(name) or name in card.given_files or name in clashing):
            what, remedy = "is the name of other material", "rename it"
        if what:
            faults.append(Fault(("material", index), f"{name!r} {what}", remedy))
            continue
        try:
            data = read_file(folder / name, inside=folder)
            texts[wording.text(name)] = decode(wording.data(data), name)
        except FileFault as fault:
            message = f"{folder.name}/{name} {fault.what}"
            faults.append(Fault(("material", index), message, fault.remedy))
        except AnswerUnreadable as error:
            faults.append(Fault(("material", index), error.message, error.remedy))
    return texts, faults
