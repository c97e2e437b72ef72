"""Cold starts of the command line: CPU milliseconds of a whole process."""

from __future__ import annotations

from pathlib import Path

from tools.figures import PROGRAM, Figure, median_cpu, own_place

CARD = "pod-ro"


def figures() -> list[Figure]:
    """Version, completion, and grading one file, passing and failing."""
    passing, failing = answers(CARD)
    with own_place() as environ:

        def cpu(*arguments: str, codes: tuple[int, ...] = (0,)) -> float:
            return median_cpu([*PROGRAM, *arguments], environ, codes=codes)

        return [
            Figure("cks-trainer --version", cpu("--version"), "ms", 40),
            Figure("completion of a card", cpu("__complete", "show", ""), "ms", 40),
            Figure("completion of an option", cpu("__complete", "grade", "--"), "ms", 40),
            Figure("list", cpu("list"), "ms", 100),
            Figure("grade, cold, passing", cpu("grade", "--card", CARD, str(passing)), "ms", 100),
            Figure("grade, cold, failing", cpu("grade", "--card", CARD, str(failing), codes=(1,)), "ms", 220),
            Figure(
                "grade and record, cold, passing",
                cpu("grade", "--record", "--card", CARD, str(passing)),
                "ms",
                100,
            ),
        ]


def answers(card_id: str) -> tuple[Path, Path]:
    """A file that passes a built-in card, and one that fails it."""
    from trainer.content.catalogue import find_card
    from trainer.content.locate import builtin_pack
    from trainer.content.solutions import load_solutions

    pack = builtin_pack()
    solutions = load_solutions(find_card(card_id, pack), pack)
    return solutions.reference.source, solutions.wrong[-1].source
