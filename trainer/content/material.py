"""What a card gives to its learner, as files: `start` writes them into the folder `given`."""

from __future__ import annotations

import msgspec

from trainer.content.card import Card, CardFile

OBJECTS = "cluster.yaml"
"""The file with the objects that exist before the answer."""
NODE = "node"
"""The folder with the files of a node, each under its absolute path."""


def material(card: Card) -> dict[str, str]:
    """Everything that a card gives: path below the folder `given` -> text.

    The objects of the cluster are in `cluster.yaml`, the files of a node below `node/`, the files of the task
    under their own names.
    """
    files = dict(card.given_files)
    if card.all_given.strip():
        files[OBJECTS] = card.all_given
    files |= {f"{NODE}{path}": text for path, text in card.node_files.items()}
    return files


def reserved(name: str) -> bool:
    """Whether a task's own file would get the name of other material, or lead out of the folder."""
    first = name.split("/", 1)[0]
    return first in (OBJECTS, NODE, "", "..") or ".." in name.split("/")


def reserved_names(card: CardFile) -> list[str]:
    """The names under `given_files` that can't be used."""
    return [name for name in card.given_files if reserved(name)]


MOST_LINES = 60
"""How many lines of one file a task shows; the rest is in the folder `given`."""
LONG = 200
"""A file with more lines is one to search in."""
GLIMPSE = 8
"""How many lines of a long file a task shows: enough to see its form."""
WIDEST = 400
"""Characters of a line of a long file."""


class Section(msgspec.Struct, frozen=True):
    """One thing that a card gives, as every view of the task shows it."""

    title: str
    text: str
    """At most `MOST_LINES` lines; empty if the text is already shown."""
    note: str = ""
    """What isn't shown, and where it is."""


def sections(card: Card) -> list[Section]:
    """What a card gives, in the order in which a task shows it; each text once."""
    seen = {text: name for name, text in card.start.items()}
    found = []
    if card.all_given.strip():
        given = _section("Given", card.given, OBJECTS, {})
        if card.start_given:
            also = f"The objects in {', '.join(card.start_given)} already exist."
            given = msgspec.structs.replace(given, note=f"{given.note}. {also}".removeprefix(". "))
        found.append(given)
    for name, text in card.given_files.items():
        found.append(_section(f"Given: {name}", text, name, seen))
        seen.setdefault(text, name)
    for path, text in card.node_files.items():
        found.append(_section(f"On the node: {path}", text, f"{NODE}{path}", seen))
    return found


def _section(title: str, text: str, name: str, seen: dict[str, str]) -> Section:
    if text in seen:
        return Section(title, "", f"Same text as {seen[text]}.")
    lines = text.strip("\n").split("\n")
    if len(lines) > LONG:
        note = f"{len(lines) - GLIMPSE} more lines in the file given/{name}"
        shown = (line if len(line) <= WIDEST else f"{line[:WIDEST]}…" for line in lines[:GLIMPSE])
        return Section(title, "\n".join(shown), note)
    more = len(lines) - MOST_LINES
    note = f"{more} more lines in the file given/{name}" if more > 0 else ""
    return Section(title, "\n".join(lines[:MOST_LINES]), note)
