"""What more cards cost: the installed program with its own cards against the same with 300 of them.

Both are put together as a wheel installs them, with the index of their cards. They run in turn, so
that a busy machine slows both, and the figures are ratios of CPU time.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.bench_cold import CARD, answers
from tools.figures import PROGRAM, ROOT, Child, Figure, in_turn, milliseconds, own_place
from trainer.content.catalogue import card_paths
from trainer.content.listing import index_to_ship
from trainer.content.locate import Pack, builtin_pack, pack_at

CARDS = 300
RUNS = 9
BUDGET = 1.15
"""300 cards may cost so many times what the present ones cost."""


def figures() -> list[Figure]:
    """The ratio for the first frame, `list`, a completion, and grading one card."""
    passing, _ = answers(CARD)
    commands = {
        "first frame": [sys.executable, "-m", "trainer.tui.measure", "--first-frame"],
        "list": [*PROGRAM, "list"],
        "completion of a card": [*PROGRAM, "__complete", "show", ""],
        "grade, cold, passing": [*PROGRAM, "grade", "--card", CARD, str(passing)],
    }
    with own_place() as environ:
        place = Path(environ["CKS_TRAINER_WORKSPACE"]).parent
        present = len(card_paths(builtin_pack()))
        few, many = install(place / "few", present), install(place / "many", CARDS)
        return [
            Figure(f"{name}: {CARDS} cards over {present}", ratio(command, environ, few, many), "x", BUDGET)
            for name, command in commands.items()
        ]


def install(place: Path, count: int) -> Path:
    """The package as a wheel installs it, with so many cards; returns the folder to import it from."""
    shutil.copytree(ROOT / "trainer", place / "trainer", ignore=shutil.ignore_patterns("__pycache__"))
    pack = copied_pack(place / "trainer" / "_content", count)
    (pack.tasks.parent / "cards.index").write_bytes(index_to_ship(pack))
    return place


def copied_pack(folder: Path, count: int) -> Pack:
    """A pack of the present cards, and of copies under other names until there are `count`."""
    pack = builtin_pack()
    originals = card_paths(pack)
    for number in range(count):
        original = originals[number % len(originals)]
        name = original.stem + (f"-{number // len(originals)}" if number >= len(originals) else "")
        target = folder / "tasks" / original.parent.name / f"{name}.yaml"
        target.parent.mkdir(parents=True, exist_ok=True)
        text = original.read_text(encoding="utf-8")
        target.write_text(text.replace(f"\nid: {original.stem}\n", f"\nid: {name}\n", 1), encoding="utf-8")
        if original.with_suffix("").is_dir():
            shutil.copytree(original.with_suffix(""), target.with_suffix(""))
        solutions = Path(original.parent.name, original.stem)
        shutil.copytree(pack.solutions / solutions, folder / "solutions" / solutions.with_name(name))
    return pack_at(folder)


def ratio(command: Sequence[str], environ: dict[str, str], few: Path, many: Path) -> float:
    """What a command costs with many cards over what it costs with few."""
    children = [Child(command, environ | {"PYTHONPATH": str(place)}, cwd=place) for place in (few, many)]
    with_few, with_many = in_turn(children, milliseconds, RUNS)
    return with_many / with_few
