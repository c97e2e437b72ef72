"""Many files: one more in a batch, and ten thousand."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from tools.bench_cold import CARD
from tools.figures import PROGRAM, Figure, own_place, run

MANY, FEW = 10_000, 1_000


def figures() -> list[Figure]:
    """CPU milliseconds for one more file; wall seconds and growth of memory for ten thousand.

    The answers of a class are partly the same, byte for byte, and partly say the same. All extremes are
    measured: a few different answers, ten thousand that differ in a comment, and answers with other values.
    """
    with tempfile.TemporaryDirectory(prefix="cks-bench-") as name:
        submissions = Path(name)
        hand_in(submissions / "few", FEW, commented)
        hand_in(submissions / "many", MANY, commented)
        hand_in(submissions / "same", MANY)
        hand_in(submissions / "other", FEW, annotated)
        one_more, other = (milliseconds_each(submissions / one, 400) for one in ("few", "other"))
        with own_place() as environ:
            command = [*PROGRAM, "batch", "--cards", CARD, "--jobs", "2", "--out", f"{name}/out"]
            few, many, same = (
                run([*command, str(submissions / one)], environ) for one in ("few", "many", "same")
            )
    if (few.code, many.code, same.code) != (0, 0, 0):
        raise RuntimeError(many.out.decode(errors="replace")[-400:])
    return [
        Figure("one more file in a batch", one_more, "ms", 0.6),
        Figure("one more file with other values", other, "ms", 1.2),
        Figure("10,000 files on 2 cores", same.wall, "s", 4),
        Figure("CPU of 10,000 files", same.cpu, "s", 8),
        Figure("10,000 different files on 2 cores", many.wall, "s", 10),
        Figure("CPU of 10,000 different files", many.cpu, "s", 20),
        Figure("memory of 10,000 files over 1,000", many.megabytes - few.megabytes, "MiB", 16),
    ]


def hand_in(submissions: Path, count: int, own: Callable[[bytes, int], bytes] | None = None) -> None:
    """Answers of so many learners: the variants of the card in turn, with what is a learner's own."""
    variants = [path.read_bytes() for path in files()]
    for number in range(count):
        folder = submissions / f"learner-{number:05}"
        folder.mkdir(parents=True)
        text = variants[number % len(variants)]
        (folder / f"{CARD}.yaml").write_bytes(own(text, number) if own else text)


def commented(text: bytes, number: int) -> bytes:
    """The same answer with a comment of its learner."""
    return text + f"\n# the answer of learner {number}\n".encode()


def annotated(text: bytes, number: int) -> bytes:
    """The same answer with an annotation that no other learner has."""
    return text.replace(b"metadata:", f"metadata:\n  annotations: {{by: learner-{number}}}".encode(), 1)


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
    """CPU milliseconds for one answer to become a row, in a worker that is warm."""
    from trainer.batch import grade_one
    from trainer.batch.find import wanted
    from trainer.batch.learners import find_learners
    from trainer.content.catalogue import find_card
    from trainer.content.locate import builtin_pack
    from trainer.garbage import look_rarely

    look_rarely()  # as the workers of a batch do
    pack = builtin_pack()
    (sought,) = wanted({CARD: find_card(CARD, pack).files})
    plain = msgspec.msgpack.encode(sought)
    cards, places = [str(pack.tasks), str(pack.solutions)], [os.fsencode(submissions), None, False, None]
    learners = find_learners(submissions).learners[: count + 50]
    begin = 0.0
    for number, learner in enumerate(learners):
        if number == 50:
            begin = time.process_time()
        grade_one(cards, places, learner.for_card(CARD), plain, 0, False, b"")
    return (time.process_time() - begin) * 1000 / count
