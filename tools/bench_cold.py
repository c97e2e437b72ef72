"""Cold starts of the command line: CPU milliseconds of a whole process."""

from __future__ import annotations

from pathlib import Path

from tools.figures import BARE, PROGRAM, Child, Figure, in_turn, over_bare, own_place

CARD = "pod-ro"


def figures() -> list[Figure]:
    """Version, completion, lists, and grading one file, passing and failing.

    Milliseconds, and how many times a bare interpreter that is: the milliseconds vary with the machine.
    """
    passing, failing = map(str, answers(CARD))
    rows: list[tuple[str, list[str], float, tuple[int, ...]]] = [
        ("cks-trainer --version", ["--version"], 40, (0,)),
        ("completion of a card", ["__complete", "show", ""], 40, (0,)),
        ("completion of an option", ["__complete", "grade", "--"], 40, (0,)),
        ("list", ["list"], 70, (0,)),
        ("grade, cold, passing", ["grade", "--card", CARD, passing], 75, (0,)),
        ("grade, cold, failing", ["grade", "--card", CARD, failing], 200, (1,)),
        ("grade and record, cold, passing", ["grade", "--record", "--card", CARD, passing], 85, (0,)),
    ]
    with own_place() as environ:
        children = [Child([*PROGRAM, *arguments], environ, codes) for _, arguments, _, codes in rows]
        bare, *found = in_turn([Child(BARE, environ), *children])
    measured = [(name, value, budget) for (name, _, budget, _), value in zip(rows, found, strict=True)]
    return [
        *(Figure(name, value, "ms", budget) for name, value, budget in measured),
        *(over_bare(name, value, bare, budget) for name, value, budget in measured),
    ]


def answers(card_id: str) -> tuple[Path, Path]:
    """A file that passes a built-in card, and one that fails it."""
    from trainer.content.catalogue import find_card
    from trainer.content.locate import builtin_pack
    from trainer.content.solutions import load_solutions

    pack = builtin_pack()
    solutions = load_solutions(find_card(card_id, pack), pack)
    return solutions.reference.source, solutions.wrong[-1].source
