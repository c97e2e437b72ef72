"""Files of a pack that belong to nothing: no card, no stored answer, no walk-through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from trainer.content.card import Card
from trainer.content.curriculum import DOMAINS
from trainer.content.locate import Pack
from trainer.packcheck.report import problem
from trainer.verdict import Problem


def orphan_problems(cards: Sequence[Card], broken: Sequence[Path], pack: Pack) -> Iterator[Problem]:
    """One problem for each file or folder that belongs to nothing.

    `broken` are the files of cards that cannot be loaded: their solutions and material are ignored.
    """
    domains = {domain.id for domain in DOMAINS}
    known: dict[tuple[str, ...], tuple[str, ...]] = {(card.domain, card.id): card.material for card in cards}
    homes = known.keys() | {(path.parent.name, path.stem) for path in broken}
    for path in _files(pack.tasks):
        inside = path.relative_to(pack.tasks).parts
        if len(inside) > 2 and inside[:2] in homes:
            if inside[:2] in known and "/".join(inside[2:]) not in known[inside[:2]]:
                yield problem(
                    path,
                    pack,
                    "an orphan: its card doesn't name it under `material`",
                    "name it, or remove it",
                )
        elif len(inside) != 2 or inside[0] not in domains or path.suffix != ".yaml":
            yield problem(
                path, pack, "an orphan: cards belong in tasks/<domain>/<card>.yaml", "move or remove it"
            )
    for path in _files(pack.solutions):
        inside = path.relative_to(pack.solutions).parts
        if len(inside) < 3 or inside[:2] not in homes:
            message = "an orphan: answers belong in solutions/<domain>/<card>/, and no such card exists"
            yield problem(path, pack, message, "move or remove it")


def _files(root: Path) -> Iterator[Path]:
    """All files below a folder, sorted, without hidden ones."""
    if not root.is_dir():
        return
    for path in sorted(root.rglob("*")):
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(root).parts):
            yield path
