"""Mutants of what runs while a module is imported: tables, classes, defaults of parameters.

Each gets a process in which pytest is ready but the trainer isn't imported yet: it collects the tests with
the mutant in the module's place.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType

import pytest

from tools.mutate.forks import forked
from tools.mutate.operators import Mutant
from tools.mutate.session import Outcome, Reached, Runner, run_pytest

START = 20.0
"""CPU seconds for importing and collecting, beyond what the tests may take."""


class Fresh(Runner):
    """Instead of collecting tests it judges mutants, and sends the outcome of each."""

    def __init__(
        self, root: Path, mutants: Sequence[Mutant], reached: Reached, send: Callable[[Outcome], None]
    ) -> None:
        super().__init__(root)
        self.mutants = mutants
        self.reached = reached
        self.send = send

    def pytest_collection(self, session: pytest.Session) -> bool:
        """Take over from pytest."""
        for mutant in self.mutants:
            tests = self.reached.of(mutant)
            names = [self.reached.tests[one] for one in tests]
            work = functools.partial(self._judge, session, mutant, names)
            limit = START + self.reached.limit(tests)
            self.send(Outcome.of(mutant, forked(work, limit) if tests else None, len(tests)))
        return True

    def pytest_runtestloop(self) -> bool:
        """Nothing is left to do."""
        return True

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A test file that can't be imported any more."""
        if report.failed:
            self.failed.append(report.nodeid or "collection")

    def _judge(self, session: pytest.Session, mutant: Mutant, names: list[str]) -> str:
        path = str(self.root / mutant.file)
        source = mutant.apply(Path(path).read_text(encoding="utf-8"))
        code = compile(source, path, "exec", dont_inherit=True)
        whole = SourceFileLoader.get_code

        def get_code(loader: SourceFileLoader, fullname: str) -> CodeType | None:
            return code if loader.path == path else whole(loader, fullname)

        SourceFileLoader.get_code = get_code  # type: ignore[method-assign, assignment]
        order = {name: index for index, name in enumerate(names)}
        session.perform_collect(list(dict.fromkeys(name.partition("::")[0] for name in names)))
        chosen = [item for item in session.items if item.nodeid in order]
        return (
            self.failed[0]
            if self.failed
            else self.first_failure(sorted(chosen, key=lambda item: order[item.nodeid]))
        )


def serve(
    root: Path, mutants: Sequence[Mutant], reached: Reached, basetemp: Path, send: Callable[[Outcome], None]
) -> None:
    """Judge mutants by the tests that reach any line of their module.

    Call it in a separate process.
    """
    run_pytest(["tests"], Fresh(root, mutants, reached, send), basetemp)
