"""Where packs are: the built-in one inside the package or the checkout, and any folder of that form."""

from __future__ import annotations

from pathlib import Path

import msgspec

from trainer.errors import UsageError

SCHEMA = "card.schema.json"
"""The JSON Schema of a card's file, by which editors complete and check it."""
_PACKAGE = Path(__file__).resolve().parent.parent


class Pack(msgspec.Struct, frozen=True):
    """A pack of cards: the folder with the cards, and the folder with their solutions."""

    tasks: Path
    solutions: Path
    index: Path | None = None
    """The index that the package brings along; every other pack has its own in the cache folder."""


def builtin_pack() -> Pack:
    """The catalog that ships with the program: packaged in a wheel, else the checkout's top level.

    Raises `UsageError` if neither exists (a broken installation).
    """
    packaged, checkout = _PACKAGE / "_content", _PACKAGE.parent
    if (packaged / "tasks").is_dir():
        return Pack(packaged / "tasks", packaged / "solutions", packaged / "cards.index")
    if (checkout / "tasks").is_dir():
        return Pack(checkout / "tasks", checkout / "solutions")
    raise UsageError("the built-in cards are missing", remedy="install cks-trainer again")


def schema_file() -> Path:
    """The schema of cards that ships with the program. Raises `UsageError` if it is missing."""
    for place in (_PACKAGE / "_content" / SCHEMA, _PACKAGE.parent / "docs" / SCHEMA):
        if place.is_file():
            return place
    raise UsageError("the schema of cards is missing", remedy="install cks-trainer again")


def pack_at(folder: Path) -> Pack:
    """The pack in `folder`: it has `tasks/` and, for most uses, `solutions/`.

    Raises `UsageError` if the folder or its `tasks/` is missing.
    """
    tasks = folder / "tasks"
    if not tasks.is_dir():
        raise UsageError(
            f"{folder} is not a card pack: it has no folder `tasks`",
            remedy="a pack contains tasks/<domain>/<card>.yaml and solutions/<domain>/<card>/",
        )
    return Pack(tasks, folder / "solutions")
