"""Many files: one more in a batch, and ten thousand."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from tools.bench_cold import CARD
from tools.figures import PROGRAM, Figure, own_place, run

MANY, FEW = 10_000, 1_000


def figures() -> list[Figure]:
    """CPU milliseconds for one more file; wall seconds and growth of memory for ten thousand.

    The answers of a class are partly the same, byte for byte. Both extremes are measured: a few
    different answers, and ten thousand.
    """
    with tempfile.TemporaryDirectory(prefix="cks-bench-") as name:
        submissions = Path(name)
        hand_in(submissions / "few", FEW, different=True)
        hand_in(submissions / "many", MANY, different=True)
        hand_in(submissions / "same", MANY, different=False)
        one_more = milliseconds_each(submissions / "few", 400)
        with own_place() as environ:
            command = [*PROGRAM, "batch", "--cards", CARD, "--jobs", "2", "--out", f"{name}/out"]
            few, many, same = (
                run([*command, str(submissions / one)], environ) for one in ("few", "many", "same")
            )
    if (few.code, many.code, same.code) != (0, 0, 0):
        raise RuntimeError(many.out.decode(errors="replace")[-400:])
    return [
        Figure("one more file in a batch", one_more, "ms", 0.6),
        Figure("10,000 files on 2 cores", same.wall, "s", 4),
        Figure("CPU of 10,000 files", same.cpu, "s", 8),
        Figure("10,000 different files on 2 cores", many.wall, "s", 10),
        Figure("CPU of 10,000 different files", many.cpu, "s", 20),
        Figure("memory of 10,000 files over 1,000", many.megabytes - few.megabytes, "MiB", 16),
    ]


def hand_in(submissions: Path, count: int, *, different: bool) -> None:
    """Answers of so many learners: the variants of the card in turn, each `different` by a comment."""
    variants = [path.read_bytes() for path in files()]
    for number in range(count):
        folder = submissions / f"learner-{number:05}"
        folder.mkdir(parents=True)
        own = f"\n# the answer of learner {number}\n".encode() if different else b""
        (folder / f"{CARD}.yaml").write_bytes(variants[number % len(variants)] + own)


def files() -> list[Path]:
    """The single-file variants of the card, right and wrong."""
    from trainer.content.catalogue import find_card
    from trainer.content.locate import builtin_pack
    from trainer.content.solutions import load_solutions

    pack = builtin_pack()
    found = load_solutions(find_card(CARD, pack), pack)
    variants = [found.reference, *found.also, *found.wrong]
    return [variant.source for variant in variants if variant.source.suffix == ".yaml"]


def milliseconds_each(submissions: Path, count: int) -> float:
    """CPU milliseconds for one answer to become a row, in a process that is warm."""
    from trainer.batch import row_for
    from trainer.batch.learners import find_learners
    from trainer.content.catalogue import find_card
    from trainer.content.locate import builtin_pack
    from trainer.garbage import look_rarely

    look_rarely()  # as the workers of a batch do
    card = find_card(CARD, builtin_pack())
    learners = find_learners(submissions).learners[: count + 50]
    begin = 0.0
    for number, learner in enumerate(learners):
        if number == 50:
            begin = time.process_time()
        row_for(card, learner, submissions).json_line()
    return (time.process_time() - begin) * 1000 / count
