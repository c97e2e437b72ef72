"""The outcome of every mutant: by the tests of its own package first, for survivors by all others."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tools.mutate import fresh, session
from tools.mutate.forks import streamed
from tools.mutate.operators import Mutant
from tools.mutate.session import Outcome, Reached, Session

LEFT_OUT = ("tests/tui", "tests/tools", "tests/cluster", "tests/test_house.py", "tests/test_docs.py")
"""Tests that are never tried: of the screens and of a cluster (slow), of texts and tools (no verdicts)."""


def own_tests(root: Path, files: Sequence[str]) -> list[str]:
    """The test folders of these modules' packages; the test file alone for a module at the top."""
    found: dict[str, None] = {}
    for file in files:
        twin = Path(session.twin_of(file).removesuffix("::"))
        where = twin.parent if len(twin.parts) > 2 else twin
        if (root / where).exists():
            found[where.as_posix()] = None
    return sorted(found)


def judge(root: Path, mutants: Sequence[Mutant], *, own: bool, most: float) -> list[Outcome]:
    """The outcome of every mutant; with `own` by the tests of its package alone.

    `most` is how many CPU seconds the tests of one mutant may take: the cheapest are run. Interrupted, it
    gives back what it knows by then.
    """
    found: dict[Mutant, Outcome] = {}
    stages = [own_tests(root, [mutant.file for mutant in mutants])]
    if not own:
        stages.append(["tests", *(f"--ignore={path}" for path in (*LEFT_OUT, *stages[0]))])
    with tempfile.TemporaryDirectory(prefix="cks-mutate-", ignore_cleanup_errors=True) as place:
        if sys.dont_write_bytecode:  # Each process would compile everything again.
            sys.dont_write_bytecode, sys.pycache_prefix = False, f"{place}/bytecode"
        try:
            for tests in filter(None, stages):
                left = [one for one in mutants if one not in found or not found[one].killed]
                if left:
                    _try(found, _outcomes(root, left, tests, Path(place), most), len(left), tests)
        except KeyboardInterrupt:
            _say(f"interrupted: {len(mutants) - len(found)} of {len(mutants)} mutants weren't tried")
            return list(found.values())
    return [found.get(mutant, Outcome(mutant, False, "", 0)) for mutant in mutants]


def _try(found: dict[Mutant, Outcome], outcomes: Iterable[Outcome], count: int, tests: list[str]) -> None:
    """Note each outcome as it comes; of two for one survivor the one by more tests."""
    _say(f"{count} mutants, tests: {' '.join(path for path in tests if path[0] != '-')}")
    for number, outcome in enumerate(outcomes, 1):
        before = found.get(outcome.mutant)
        if before is None or outcome.killed or outcome.tests > before.tests:
            found[outcome.mutant] = outcome
        if number % 100 == 0:
            _say(f"  {number}")


def _outcomes(
    root: Path, mutants: Sequence[Mutant], tests: list[str], place: Path, most: float
) -> Iterator[Outcome]:
    files = frozenset(mutant.file for mutant in mutants)
    reached: list[Reached] = []
    outer = [mutant for mutant in mutants if not mutant.function]

    def serve(send: Callable[[Any], None]) -> None:
        def use(served: Session) -> None:
            found = served.reached(most)
            send(found)
            for outcome in session.judged(served, [one for one in mutants if one.function], found):
                send(outcome)

        session.run_pytest(tests, Session(root, files, use), place / "inner")

    for sent in streamed(serve):
        if isinstance(sent, Reached):
            reached.append(sent)
            for name in sent.failed:
                _say(f"left out, as it fails without any change: {name}")
        elif isinstance(sent, Mutant):
            outer.append(sent)
        else:
            yield sent
    for found in reached:
        yield from streamed(lambda send: fresh.serve(root, outer, found, place / "outer", send))  # noqa: B023


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
