"""`python -m tools.classroom [--learners N] [--cards N]`: expected and given grades; exits 1 if any differ.

A class is made of the answers that every card is proved with, written in each layout, and graded by
`cks-trainer batch` in a process of its own.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tools.classroom.layouts import LAYOUTS
from tools.classroom.roll import Grade, Submitted, class_of
from trainer.content.listing import list_cards
from trainer.content.locate import Pack, builtin_pack

_NAMES = ("anna", "Zoë Müller", "o'brien, pat", "李雷", "bob.smith@example.com", "_x", "Jean-Luc", "=sum")
"""Learners whose names are hard to carry; the others are numbered."""


def main(argv: Sequence[str] | None = None) -> int:
    """Build the class, grade it in every layout, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learners", type=int, default=30)
    parser.add_argument("--cards", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1, help="other cards and answers")
    parser.add_argument("--layout", choices=sorted(LAYOUTS), help="only this one")
    chosen = parser.parse_args(argv)
    pack = builtin_pack()
    learners = [*_NAMES, *(f"learner-{number:02}" for number in range(len(_NAMES), chosen.learners))]
    learners = learners[: chosen.learners]
    cards = some_cards(pack, chosen.cards, chosen.seed)
    answers = list(class_of(learners, cards, pack, seed=chosen.seed, varied=True))
    print(f"{len(learners)} learners, {len(cards)} cards: {', '.join(cards)}\n")
    differences = 0
    for name in [chosen.layout] if chosen.layout else LAYOUTS:
        with tempfile.TemporaryDirectory(prefix="cks-trainer-") as place:
            given = grades(name, answers, learners, cards, Path(place))
        differences += report(name, answers, given)
    return 1 if differences else 0


def some_cards(pack: Pack, number: int, seed: int) -> list[str]:
    """Cards of all domains, as many of each as it has in the catalog, each time others."""
    listed = sorted(list_cards(pack).cards, key=lambda card: (card.domain, card.id))
    step = len(listed) / min(number, len(listed))
    return [listed[(int(place * step) + seed) % len(listed)].id for place in range(min(number, len(listed)))]


def grades(
    layout: str, answers: Sequence[Submitted], learners: Sequence[str], cards: Sequence[str], place: Path
) -> dict[tuple[str, str], Grade]:
    """What `batch` says of every learner and card. Raises `CalledProcessError` if it fails."""
    (place / "in").mkdir()
    submissions = LAYOUTS[layout](answers, place / "in")
    roster, out = place / "roster.csv", place / "out"
    with roster.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["learner"], *([learner] for learner in learners)])
    command = [sys.executable, "-m", "trainer", "batch", str(submissions), "--out", str(out)]
    command += ["--cards", ",".join(cards), "--roster", str(roster), "--seed-by-learner"]
    done = subprocess.run(command, check=False, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    if done.returncode not in (0, 5):  # 5: some row isn't fully judged, which a mutant may well be
        done.check_returncode()
    rows = [msgspec.json.decode(line) for line in (out / "results.jsonl").read_bytes().splitlines()]
    return {(row["learner"], row["card"]): _grade(row) for row in rows}


def report(layout: str, answers: Sequence[Submitted], given: dict[tuple[str, str], Grade]) -> int:
    """Print a line for each kind of answer and one for each difference; how many differ."""
    expected = {(one.learner, one.card): one for one in answers}
    differing = {key: one for key, one in expected.items() if given.get(key) != one.grade}
    count = Counter(one.kind for one in answers)
    points = Counter({kind: sum(one.grade.points for one in answers if one.kind == kind) for kind in count})
    reached: Counter[str] = Counter()
    for key, grade in given.items():
        reached[expected[key].kind if key in expected else "unexpected"] += grade.points
    print(f"{layout}: {len(given)} rows")
    print(f"  {'answers':<12}{'number':>8}{'points expected':>17}{'given':>8}{'grades that differ':>20}")
    for kind, number in sorted(count.items()):
        wrong = sum(one.kind == kind for one in differing.values())
        print(f"  {kind:<12}{number:>8}{points[kind]:>17}{reached[kind]:>8}{wrong:>20}")
    for (learner, card), one in differing.items():
        print(f"  {learner}, {card}, {one.name}: expected {one.grade}, given {given.get((learner, card))}")
    unexpected = given.keys() - expected.keys()
    for learner, card in sorted(unexpected):
        print(f"  {learner}, {card}: nobody submitted this")
    print()
    return len(differing) + len(unexpected)


def _grade(row: dict[str, object]) -> Grade:
    verdict = row["verdict"] or {"checks": []}
    failed = sorted(one["id"] for one in verdict["checks"] if one["status"] == "fail")  # type: ignore[index]
    fields = {name: row[name] for name in ("status", "passed", "points", "max_points")}
    return Grade(**fields, failed=tuple(failed))  # type: ignore[arg-type]


if __name__ == "__main__":
    sys.exit(main())
