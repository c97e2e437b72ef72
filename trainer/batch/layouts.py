r"""What the name of a file or folder in the submissions says: whose it is, and of what.

- Moodle, with folders: `Name Surname_12345_assignsubmission_file/` (older versions end it with `_`) has the
  learner's files; without folders: `Name Surname_12345_assignsubmission_file_pod.yaml`. The number is the
  participant's, which blind marking shows, too. Online text is `onlinetext.html` in a folder of its own, or
  `..._assignsubmission_onlinetext_onlinetext.html`. (moodle/moodle, `mod/assign/classes/downloader.php`, 5.0)
- Canvas: `surnamename_LATE_123_456_pod-1.yaml`: the name without what isn't a letter, `LATE` only if it is,
  the numbers of the learner and of the upload, and the name of the file, to which Canvas adds a number if the
  learner uploads the name again. Anonymous: `anon_aB3xY_456_pod.yaml`. Online text is
  `surnamename_123_text.html`. (instructure/canvas-lms, `lib/content_zipper.rb`, 2025)
- `<learner>_<card>.yaml`, `<learner>_<card>.zip`, `<learner>_<card>/`, or the card first, and
  `<learner>_policy.yaml` if only one card of the batch requires a file of this name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from trainer.batch.archives import is_archive, without_ending
from trainer.batch.near import SUFFIXES
from trainer.patterns import regex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainer.batch.find import Wanted

Kind = Literal["moodle", "canvas", "learner_card"]

WORDS = {
    "folder": "<learner>/",
    "card": "<card>/<learner>",
    "file": "<learner>.yaml",
    "archive": "<learner>.zip",
    "learner_card": "<learner>_<card>",
    "moodle": "Moodle",
    "canvas": "Canvas",
    "list": "list",
}
"""The layouts, as they are told."""

_MOODLE = regex(r"(?s)(.+?)(?:_(\d+))?_assignsubmission_(file|onlinetext|comments)(?:_(.*))?")
_CANVAS = regex(r"(\w+?)_(LATE_)?(\d+)_(\d+)_(.+)")
_CANVAS_ANONYMOUS = regex(r"(LATE_)?(anon_\w+)_(\d+)_(.+)")
_CANVAS_TEXT = regex(r"(\w+?)_(LATE_)?(\d+|anon_\w+)_(?:text|link)\.html")
_ATTEMPT = regex(r"(.+)-(\d{1,3})(\.[a-z.]+)")


class Label(msgspec.Struct, frozen=True):
    """What a name says."""

    kind: Kind
    learner: str
    id: str = ""
    """The platform's number of the learner; empty without one."""
    file: str = ""
    """The name that the file had when it was uploaded; empty for a folder."""
    card: str = ""
    """The card, if the name says it."""
    late: bool = False
    """Whether the platform has marked it as late."""
    order: int = 0
    """Of two uploads of one name, the higher one is the later."""
    is_text: bool = False
    """Whether it is what the learner typed into a text box of the platform."""


def label_of(name: str, *, is_folder: bool, cards: Sequence[Wanted]) -> Label | None:
    """What the name of a file or folder says; None if it is in none of these forms."""
    found = _MOODLE.fullmatch(name)
    if found:
        person, number, kind, file = found.groups()
        file = "" if is_folder else file or ""
        return Label("moodle", person, number or "", file, is_text=kind != "file")
    return (None if is_folder else _canvas(name, cards)) or _learner_card(name, is_folder, cards)


def _canvas(name: str, cards: Sequence[Wanted]) -> Label | None:
    if found := _CANVAS.fullmatch(name):
        person, late, number, upload, file = found.groups()
    elif found := _CANVAS_ANONYMOUS.fullmatch(name):
        late, person, upload, file = found.groups()
        number = ""
    elif found := _CANVAS_TEXT.fullmatch(name):
        return Label("canvas", found[1], found[3], name, late=bool(found[2]), is_text=True)
    else:
        return None
    return Label("canvas", person, number, _first_name(file, cards), late=bool(late), order=int(upload[:18]))


def _first_name(file: str, cards: Sequence[Wanted]) -> str:
    """The name without the number of the attempt, if a card knows it then."""
    before = file
    while not _is_known(before, cards) and (found := _ATTEMPT.fullmatch(before)):
        before = f"{found[1]}{found[3]}"
    return before if _is_known(before, cards) else file


def _is_known(file: str, cards: Sequence[Wanted]) -> bool:
    stems = (without_ending(file), *(file.removesuffix(end) for end in SUFFIXES if file.endswith(end)))
    return any(file in card.files or card.id in stems for card in cards)


def _learner_card(name: str, is_folder: bool, cards: Sequence[Wanted]) -> Label | None:
    if "_" not in name:
        return None
    stem, ending = _split(name, is_folder)
    for card in sorted(cards, key=lambda one: -len(one.id)):
        person = stem.removesuffix(f"_{card.id}")
        if person == stem:
            person = stem.removeprefix(f"{card.id}_")
        if ending is not None and person not in ("", stem, *card.cards):
            return Label("learner_card", person, "", f"{card.id}{ending}", card.id)
    for card in cards if not is_folder else ():
        for file in card.files:
            if name.endswith(f"_{file}") and file not in card.rivals and len(name) > len(file) + 1:
                return Label("learner_card", name[: -len(file) - 1], "", file, card.id)
    return None


def _split(name: str, is_folder: bool) -> tuple[str, str | None]:
    """A name and its ending, if that is one of an answer."""
    if is_folder:
        return name, ""
    if is_archive(name):
        stem = without_ending(name)
        return stem, name[len(stem) :]
    for ending in SUFFIXES:
        if name.lower().endswith(ending):
            return name[: -len(ending)], ending
    return name, None
