"""Where a learner's answer to a card is, in the layouts that people have; else what is there instead.

The layouts: `<learner>/<card>/`, `<learner>/<card>.yaml`, `<card>/<learner>/`, `<card>/<learner>.yaml`, and
files of the card's own names in the learner's folder, if no other card of the batch has such a file. If one
card is graded, its folder may also be the whole: `<learner>/` or `<learner>.yaml`. Files that were uploaded
without a folder count as if they were in the learner's folder. Names that changed on their way are
understood (`batch.near`) and told; else nothing is guessed: two places are an error, and what isn't read is
named.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import msgspec

from trainer.batch.archives import is_archive
from trainer.batch.archives.names import is_of_a_system
from trainer.batch.near import SUFFIXES, plain
from trainer.batch.reasons import left_over, why_missing
from trainer.errors import AnswerUnreadable
from trainer.manifests.answer import ARCHIVES, GIVEN, MAX_FOLDERS, holds_manifests, is_left_over

_DEPTH = 3
"""How far below a learner's folder a misplaced answer is looked for."""


class Wanted(msgspec.Struct, frozen=True):
    """A card of a batch, as far as finding its answers needs it."""

    id: str
    files: tuple[str, ...]
    """The file names that the card requires."""
    rivals: Mapping[str, tuple[str, ...]] = {}
    """Of these names, those that other cards of the batch require, too: file -> IDs of the cards."""
    cards: frozenset[str] = frozenset()
    """The IDs of all cards of the batch."""
    whole: bool = False
    """Whether the submissions are the folder of this one card."""
    demanded: frozenset[str] = frozenset()
    """The file names that the cards of the batch require."""
    known: frozenset[str] = frozenset()
    """What belongs to a card of the batch: names of folders and files, as `near.plain` has them."""


class Found(msgspec.Struct, frozen=True):
    """An answer's files or its folder; without any, `note` says why.

    `place` is what a row names: the folder or the file. With an answer, `note` says where it was found, if
    that isn't the usual place.
    """

    paths: tuple[Path, ...] = ()
    place: Path | None = None
    note: str = ""
    names: tuple[str, ...] = ()
    """What the files of `paths` are called in the answer; empty: as they are."""
    renamed: Mapping[str, str] = {}
    """Files in the folder of an answer that get another name in it: `pod.yaml.txt` -> `pod.yaml`."""
    not_read: tuple[str, ...] = ()
    """What else is in the learner's folder and belongs to no card of the batch."""
    not_counted: tuple[str, ...] = ()
    """Places of older answers."""


class _Home(msgspec.Struct, frozen=True):
    """What a learner has submitted, by name: in a folder, or one by one."""

    folder: Path | None
    there: Mapping[str, Path]
    links: frozenset[str] = frozenset()

    def place(self, name: str) -> Path | None:
        """The path of a name, which may lead into folders; None if nothing is there."""
        if name in self.there:
            return self.there[name]
        if self.folder is not None and "/" in name and os.path.lexists(self.folder / name):
            return self.folder / name
        return None


def wanted(cards: Mapping[str, Sequence[str]], *, whole: bool = False) -> list[Wanted]:
    """The cards of a batch, by ID, with the file names that each requires."""
    demanded = frozenset(name for files in cards.values() for name in files)
    known = {plain(name) for card in cards for name in (card, *(f"{card}{end}" for end in SUFFIXES))}
    known |= {plain(name) for one in demanded for name in (one, one.partition("/")[0])}
    return [
        Wanted(
            card,
            tuple(files),
            {
                name: others
                for name in files
                if (others := tuple(sorted(one for one, its in cards.items() if one != card and name in its)))
            },
            frozenset(cards),
            whole,
            demanded,
            frozenset(known),
        )
        for card, files in cards.items()
    ]


def find_answer(
    folder: Path | None,
    card: Wanted,
    submissions: Path,
    inside_card: Sequence[Path] = (),
    files: Mapping[str, Path] | None = None,
    *,
    packed: bool = True,
) -> Found:
    """The answer of the learner with this folder, if they have one.

    `inside_card` is what the card's folder in the submissions has for this learner: a folder, files.
    `files` are uploads without a folder, by the names that they had. Without `packed`, archives are left to
    others. Raises `AnswerUnreadable` for two answers and for a link that leads to what isn't the learner's.
    """
    if folder is not None:
        _refuse_link(folder, submissions)
    home = _home(folder, files or {}, packed=packed)
    candidates = [path for path in inside_card if _is_answer(path)] + _own(home, card.id)
    if card.whole and not candidates:
        if folder is not None and _has_files(folder, packed=packed):
            candidates = [folder]
        elif files:
            return _all_files(files, card)
    _refuse_two(candidates, submissions)
    rest = () if card.whole else _rest(home, card)
    for path in candidates:
        _refuse_way_out(path, home)
        renamed = _renamed_in(path, card)
        notes = [f"read {name} as {right}" for name, right in renamed.items()]
        return Found((path,), path, "; ".join(notes), renamed=renamed, not_read=rest)
    if folder is None and not files:
        return Found(note=left_over(inside_card, card) or "the learner's folder is missing")
    found = _flat(home, card, submissions) or Found(note=_why_missing(home, card, inside_card))
    return msgspec.structs.replace(found, not_read=rest)


def _home(folder: Path | None, files: Mapping[str, Path], *, packed: bool = True) -> _Home:
    if folder is None:
        return _Home(None, files, frozenset(files))
    with os.scandir(folder) as entries:
        links = {entry.name: entry.is_symlink() for entry in entries if packed or not is_archive(entry.name)}
    return _Home(
        folder,
        {name: folder / name for name in links} | dict(files),
        frozenset([*(name for name, link in links.items() if link), *files]),
    )


def _own(home: _Home, card_id: str) -> list[Path]:
    """The places in a learner's folder that have the card's name."""
    there = home.there
    found = [there[card_id]] if card_id in there and _has_files(there[card_id]) else []
    return found + [there[name] for suffix in SUFFIXES if (name := f"{card_id}{suffix}") in there]


def _refuse_two(candidates: Sequence[Path], submissions: Path) -> None:
    if len(candidates) > 1:
        names = " and ".join(_below(path, submissions) for path in candidates)
        raise AnswerUnreadable(
            f"found two answers: {names}", file=str(candidates[0]), remedy="keep one of them"
        )


def _below(path: Path, submissions: Path) -> str:
    return path.relative_to(submissions).as_posix() if path.is_relative_to(submissions) else path.name


def _refuse_way_out(path: Path, home: _Home) -> None:
    """No answer is a link to what isn't the learner's."""
    name = path.name if home.folder is None or path.parent == home.folder else ""
    if (not name or name in home.links or name not in home.there) and _leads_out(path, path.parent):
        raise AnswerUnreadable(
            "a link leads out of the submissions", file=str(path), remedy="submit the file itself"
        )


def _all_files(files: Mapping[str, Path], card: Wanted) -> Found:
    """Uploads that are together the answer to the one card."""
    right = _right_names(files, card)
    names = {name: right.get(name, name) for name in sorted(files)}
    read = {name: own for name, own in names.items() if own in card.files or holds_manifests(own)}
    left = tuple(name for name in names if name not in read and not is_of_a_system(name))
    if not read:
        return Found(note=f"no answer; not read: {', '.join(left)}" if left else "no answer", not_read=left)
    paths = tuple(files[name] for name in read)
    note = "; ".join(f"read {name} as {own}" for name, own in read.items() if name != own)
    return Found(paths, paths[0], note, tuple(read.values()), not_read=left)


def _renamed_in(path: Path, card: Wanted) -> Mapping[str, str]:
    """The files in the folder of an answer whose names mean those of files that the card requires."""
    if not path.is_dir():
        return {}
    with os.scandir(path) as entries:
        return _right_names({entry.name: path for entry in entries}, card)


def _right_names(names: Collection[str], card: Wanted) -> dict[str, str]:
    """The right names of those that mean a file that the card requires, if no other one does."""
    found: dict[str, list[str]] = {}
    wanted_names = {plain(name): name for name in card.files if name not in names}
    for name in sorted(names) if wanted_names else ():
        if (right := wanted_names.get(plain(name))) and name not in card.files:
            found.setdefault(right, []).append(name)
    return {those[0]: right for right, those in found.items() if len(those) == 1}


def _rest(home: _Home, card: Wanted) -> tuple[str, ...]:
    """What belongs to no card of the batch, by name. Archives aren't in it: they are told of apart."""
    return tuple(
        name
        for name in sorted(home.there)
        if plain(name) not in card.known
        and not is_of_a_system(name)
        and not is_left_over(name)
        and not name.lower().endswith(ARCHIVES)
    )


def _is_answer(path: Path) -> bool:
    return _has_files(path) if path.is_dir() else path.name.endswith(SUFFIXES)


def _has_files(folder: Path, *, packed: bool = True) -> bool:
    """Whether a folder has a visible file at any depth; something else of its name counts, too.

    Without `packed`, archives don't count.
    """
    if not folder.is_dir():
        return os.path.lexists(folder)  # a plain file or a dead link of that name: reading says what is wrong
    level = [str(folder)]
    for _ in range(MAX_FOLDERS + 1):  # what is deeper counts as well: reading refuses it
        below: list[str] = []
        for place in level:
            with os.scandir(place) as entries:
                for entry in entries:
                    if is_of_a_system(entry.name) or entry.name == GIVEN:
                        continue
                    if not packed and is_archive(entry.name):
                        continue
                    if not entry.is_dir(follow_symlinks=False):
                        return True
                    below.append(entry.path)
        level = below
    return bool(level)


def _leads_out(path: Path, home: Path) -> bool:
    """Whether a path is a link to what isn't in this folder; one to itself leads nowhere else."""
    return path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(home))


def _refuse_link(folder: Path, submissions: Path) -> None:
    if os.path.islink(folder):  # noqa: PTH114 - for every learner and card
        outside = not Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(submissions))
        where = "out of the submissions" if outside else "elsewhere"
        raise AnswerUnreadable(
            f"the learner's folder is a link that leads {where}",
            file=str(folder),
            remedy="submit the files themselves",
        )


def _flat(home: _Home, card: Wanted, submissions: Path) -> Found | None:
    """The card's own files among those in the learner's folder; None without any."""
    alone = _renamed(home, card, [f"{card.id}{suffix}" for suffix in SUFFIXES[::2]], submissions)
    if alone:
        ((right, path),) = alone.items()
        _refuse_way_out(path, home)
        return Found((path,), path, f"read {_name_of(path, home)} as {right}")
    own = {name: place for name in card.files if (place := home.place(name)) is not None}
    near = _renamed(home, card, [name for name in card.files if name not in own], submissions)
    if not own and not near:
        return None
    for name in (*own, *near):
        if name in card.rivals:
            others = " or ".join((card.id, *card.rivals[name]))
            shown = name if name in own else _name_of(near[name], home)
            note = f"{shown} was not read: it may be the answer to {others}; put it into the card's folder"
            return Found(note=note)
    both = {name: (own | near)[name] for name in card.files if name in own or name in near}
    for path in both.values():
        _refuse_way_out(path, home)
    paths = tuple(both.values())
    note = f"read {' and '.join(own)} in the learner's folder: no other card of this batch has such a file"
    notes = [note] if own and home.folder is not None else []
    notes += [f"read {_name_of(path, home)} as {name}" for name, path in near.items()]
    place = paths[0] if len(paths) == 1 or home.folder is None else home.folder
    return Found(paths, place, "; ".join(notes), tuple(both))


def _name_of(path: Path, home: _Home) -> str:
    """The name that a file had when it was uploaded."""
    return next((name for name, other in home.there.items() if other == path), path.name)


def _renamed(home: _Home, card: Wanted, wanted_names: Sequence[str], submissions: Path) -> dict[str, Path]:
    """The files whose names mean one of these (`batch.near`), by it; raises for two that mean the same."""
    found: dict[str, list[Path]] = {}
    for right in wanted_names:
        for name, path in sorted(home.there.items()):
            if plain(name) == plain(right) and name not in card.demanded and not path.is_dir():
                found.setdefault(right, []).append(path)
        _refuse_two(found.get(right, []), submissions)
    return {right: paths[0] for right, paths in found.items()}


def _why_missing(home: _Home, card: Wanted, inside_card: Sequence[Path]) -> str:
    """Why a learner has no answer: what is in the folder and was not read."""
    deeper = _deeper(home.folder, card.id) if home.folder else None
    if deeper is not None and home.folder is not None:
        return f"{deeper} was not read: move it to {home.folder.name}/{card.id}"
    return why_missing(home.there, card, inside_card)


def _deeper(folder: Path, card_id: str) -> str | None:
    """Where an answer of the card's name is further down, as in an unpacked archive. Follows no links."""
    level = [folder]
    for depth in range(_DEPTH):
        below = []
        for place in level:
            if depth and (own := _own(_home(place, {}), card_id)):
                return own[0].relative_to(folder).as_posix()
            with os.scandir(place) as entries:
                below += sorted(
                    Path(one.path)
                    for one in entries
                    if one.is_dir(follow_symlinks=False)
                    and not one.name.startswith(".")
                    and one.name not in (card_id, GIVEN)
                )
        level = below[:100]
    return None
