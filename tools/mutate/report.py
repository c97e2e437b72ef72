"""What a run found, for people and as JSON."""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from tools.mutate.equivalent import keyed
from tools.mutate.operators import Mutant
from tools.mutate.session import Outcome

SCHEMA = "cks-trainer.mutants/1"


class Result(msgspec.Struct, frozen=True):
    """The outcomes of a run over `paths`; `known` are the equivalent mutants with their reasons."""

    paths: Sequence[str]
    outcomes: list[Outcome]
    known: dict[Mutant, str]
    sampled: bool = False

    @property
    def survivors(self) -> list[Outcome]:
        """What no test noticed, in the order of the text."""
        left = [outcome for outcome in self.outcomes if not outcome.killed]
        return sorted(left, key=lambda one: (one.mutant.file, one.mutant.start))


class Score(msgspec.Struct, frozen=True):
    """The figures of one path. `score` is the percentage killed, without the equivalent ones.

    If only a sample was tried, `low` and `high` tell the score of all: the 95 % interval by Wilson
    (https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval).
    """

    path: str
    mutants: int
    killed: int
    survived: int
    equivalent: int
    score: float
    low: float
    high: float


def scores(result: Result) -> Iterator[Score]:
    """The figures of each path of the run."""
    for path in result.paths:
        mine = [one for one in result.outcomes if _is_in(one.mutant, path)]
        known = sum(_is_in(one, path) for one in result.known)
        killed = sum(one.killed for one in mine)
        share = round(100 * killed / len(mine), 1) if mine else 100.0
        yield Score(
            path, len(mine) + known, killed, len(mine) - killed, known, share, *_interval(killed, len(mine))
        )


def _interval(killed: int, tried: int) -> tuple[float, float]:
    if not tried:
        return 0.0, 100.0
    z, share = 1.96, killed / tried
    middle = share + z * z / (2 * tried)
    around = z * math.sqrt(share * (1 - share) / tried + (z / (2 * tried)) ** 2)
    low, high = ((middle + sign * around) / (1 + z * z / tried) for sign in (-1, 1))
    return round(100 * low, 1), round(100 * high, 1)


def _is_in(mutant: Mutant, path: str) -> bool:
    return mutant.file == path or mutant.file.startswith(f"{path}/")


def text(result: Result, root: Path) -> str:
    """Every survivor with its diff, then the figures."""
    lines = []
    for outcome in result.survivors:
        mutant = outcome.mutant
        reached = f"{outcome.tests} tests reach it" if outcome.tests else "no test reaches it"
        lines += [f"{mutant.place} {mutant.operator}: {reached}", *diff(mutant, root), ""]
    for one in scores(result):
        lines.append(
            f"{one.path}: {one.mutants} mutants, {one.killed} killed, {one.survived} survived, "
            f"{one.equivalent} equivalent: {one.score} %"
            + (f" (a sample: {one.low} to {one.high} % of all)" if result.sampled else "")
        )
    return "\n".join(lines)


def diff(mutant: Mutant, root: Path) -> list[str]:
    """The lines that the mutant changes, before and after."""
    source = (root / mutant.file).read_text(encoding="utf-8")
    first = source.rfind("\n", 0, mutant.start) + 1
    last = source.find("\n", mutant.end)
    before = source[first:last].split("\n")
    after = (source[first : mutant.start] + mutant.new + source[mutant.end : last]).split("\n")
    changes = difflib.unified_diff(before, after, n=0, lineterm="")
    return [f"    {line}" for line in changes if not line.startswith(("---", "+++", "@@"))]


def survivors_in(text: str) -> set[tuple[str, ...]]:
    """The survivors of an earlier run, from its JSON: what names each (`keyed`)."""
    names = ("file", "code", "old", "new")
    return {tuple(one[name] for name in names) for one in json.loads(text)["survivors"]}


def as_json(result: Result, root: Path) -> str:
    """The machine-readable form, version 1."""
    code = {mutant: key[1] for mutant, key in keyed([one.mutant for one in result.survivors], root)}
    return json.dumps(
        {
            "schema": SCHEMA,
            "scores": [msgspec.to_builtins(one) for one in scores(result)],
            "survivors": [
                {
                    "file": one.mutant.file,
                    "line": one.mutant.line,
                    "column": one.mutant.column,
                    "code": code[one.mutant],
                    "operator": one.mutant.operator,
                    "old": one.mutant.old,
                    "new": one.mutant.new,
                    "tests": one.tests,
                }
                for one in result.survivors
            ],
            "equivalent": [
                {"place": mutant.place, "old": mutant.old, "new": mutant.new, "reason": reason}
                for mutant, reason in result.known.items()
            ],
        },
        indent=1,
    )
