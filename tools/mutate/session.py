"""Tests that are collected once and then run for one mutant after the other, each in a forked process.

The forked process gets the mutant by exchanging the code of the functions that are loaded, so that it
costs what its tests cost. That a function was called before, while tests were collected, hides
nothing: caches are emptied. What runs while a module is imported takes another way (`fresh`).
"""

from __future__ import annotations

import functools
import gc
import os
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tools.mutate.forks import Ended, forked
from tools.mutate.importers import importers
from tools.mutate.operators import Mutant

OPTIONS = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--assert=plain", "--tb=native")
"""The last two spare the work of explaining a failure that nobody reads."""
SPARE = 5.0
"""CPU seconds that the tests of a mutant may take beyond ten times what they take without it."""
MOST = 15.0
"""CPU seconds for the tests of one mutant by default."""


class Reached(msgspec.Struct, frozen=True):
    """Which tests reach which lines, and what each takes."""

    tests: list[str]
    """Node ids, in the order of collection."""
    seconds: list[float]
    """CPU seconds of each, its children included."""
    lines: dict[tuple[str, int], list[int]]
    """By file and line: the tests that run it."""
    failed: list[str]
    """Tests that fail without any mutant: they are left out."""
    most: float = MOST
    """CPU seconds for the tests of one mutant: the cheapest that reach it, up to this."""

    def of(self, mutant: Mutant) -> list[int]:
        """The tests that reach a mutant, those of its own module first, then the cheapest, up to `most`."""
        twin = twin_of(mutant.file)
        if mutant.function:
            first, last = mutant.lines
            found = {
                one for line in range(first, last + 1) for one in self.lines.get((mutant.file, line), ())
            }
        else:
            found = {one for (file, _), tests in self.lines.items() if file == mutant.file for one in tests}
            # A module of tables only has no lines that tests run.
            found = found or set(range(len(self.tests)))
            # A test of a table runs none of them either.
            found |= {one for one, name in enumerate(self.tests) if name.startswith(twin)}
        found -= {one for one, name in enumerate(self.tests) if name in self.failed}
        ordered = sorted(found, key=lambda one: (not self.tests[one].startswith(twin), self.seconds[one]))
        spent, kept = 0.0, []
        for one in ordered:
            spent += self.seconds[one]
            if spent > self.most:
                break
            kept.append(one)
        return kept

    def limit(self, tests: Iterable[int]) -> float:
        """CPU seconds that these tests may take with a mutant."""
        return SPARE + 10 * sum(self.seconds[one] for one in tests)


class Outcome(msgspec.Struct, frozen=True):
    """The outcome of one mutant."""

    mutant: Mutant
    killed: bool
    how: str
    """The test that failed, or `cpu`, `stuck`; for a survivor empty."""
    tests: int
    """How many tests reach it."""

    @classmethod
    def of(cls, mutant: Mutant, ended: Ended | None, tests: int) -> Outcome:
        """The outcome of running `tests` tests; None without tests."""
        how = (ended.why or ended.value) if ended else ""
        return cls(mutant, bool(how), how, tests)


def twin_of(file: str) -> str:
    """The test file of a module, as the beginning of a node id."""
    path = Path(file)
    stem = "init" if path.stem == "__init__" else path.stem.strip("_")
    return Path("tests", *path.parent.parts[1:], f"test_{stem}.py").as_posix() + "::"


class Runner:
    """A pytest plugin that runs tests when it is told to, and keeps which of them failed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.failed: list[str] = []
        self.trouble = ""
        """What went wrong outside of tests."""

    def pytest_internalerror(self, excrepr: object) -> None:
        """An error of ours: pytest only prints it."""
        self.trouble = str(excrepr)

    def pytest_configure(self) -> None:
        """Hypothesis is now imported."""
        calm_hypothesis()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what failed, in set-up and tear-down too."""
        if report.failed:
            self.failed.append(report.nodeid)

    def run(self, chosen: Sequence[pytest.Item]) -> Iterator[pytest.Item]:
        """Run tests in this order; yields each one after it ran."""
        for item, following in zip(chosen, [*chosen[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            yield item

    def first_failure(self, chosen: Sequence[pytest.Item]) -> str:
        """Run tests in this order until one fails: its node id, or empty."""
        for _ in self.run(chosen):
            if self.failed:
                break
        return self.failed[0] if self.failed else ""


class Session(Runner):
    """Instead of running the tests that were collected, it asks `use` what to do with them."""

    def __init__(self, root: Path, files: frozenset[str], use: Callable[[Session], None]) -> None:
        super().__init__(root)
        self.files = files
        """The files that mutants change."""
        self.use = use
        self.items: list[pytest.Item] = []
        self.caches: list[functools._lru_cache_wrapper[Any]] = []
        self.modules = 0
        """How many modules were loaded when the caches were found."""

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Take over from pytest."""
        self.items = list(session.items)
        self.knowing = importers(self.root, self.files)
        self.use(self)
        return True

    def reached(self, most: float) -> Reached:
        """Run every test once, and see which lines of the files it reaches.

        Afterwards, what no mutant changes is loaded and remembered, as it would be after some tests.
        """
        names = {str(self.root / file): file for file in self.files}
        lines: dict[tuple[str, int], list[int]] = {}
        seen: set[tuple[str, int]] = set()

        def line(frame: types.FrameType, _event: str, _arg: Any) -> Any:
            seen.add((names[frame.f_code.co_filename], frame.f_lineno))
            return line

        def call(frame: types.FrameType, event: str, arg: Any) -> Any:
            return line(frame, event, arg) if frame.f_code.co_filename in names else None

        seconds = []
        self.forget()
        before = _cpu()
        sys.settrace(call)
        for index, _ in enumerate(self.run(self.items)):
            sys.settrace(None)
            for place in seen:
                lines.setdefault(place, []).append(index)
            seen.clear()
            seconds.append(_cpu() - before)
            self.forget()
            before = _cpu()
            sys.settrace(call)
        sys.settrace(None)
        bad, self.failed = set(self.failed), []
        kept = {index for index, item in enumerate(self.items) if item.nodeid not in bad}
        return Reached(
            [item.nodeid for item in self.items],
            seconds,
            {place: [one for one in tests if one in kept] for place, tests in lines.items()},
            sorted(bad),
            most,
        )

    def forget(self) -> None:
        """Empty all caches that can hold what the code as it is made of the files, for another test."""
        if len(sys.modules) != self.modules:
            self.modules = len(sys.modules)
            every = (one for one in _objects() if isinstance(one, functools._lru_cache_wrapper))
            self.caches = [one for one in every if self._may_know(one)]
        for cache in self.caches:
            cache.cache_clear()

    def _may_know(self, cache: functools._lru_cache_wrapper[Any]) -> bool:
        """Whether a cache is in the tests, or in a module that can import one of the files."""
        code = getattr(cache.__wrapped__, "__code__", None)
        name = os.path.relpath(code.co_filename, self.root) if code else "tests/"
        return name.startswith("tests/") or name in self.knowing

    def judge(self, mutant: Mutant, tests: Sequence[int], source: str, live: Live) -> str | None:
        """Run these tests with the mutant in its place: the one that fails, or empty; None without a place.

        Call it in a separate process, with all caches empty.
        """
        if not live.exchange(mutant.apply(source)):
            return None
        return self.first_failure([self.items[one] for one in tests])


class Live:
    """The functions of a file that are loaded, by their code."""

    def __init__(self, file: str, source: str) -> None:
        self.file = file
        self.code = self._compiled(source)
        self.loaded: dict[types.CodeType, list[types.FunctionType]] = {}
        for one in _objects():
            if isinstance(one, types.FunctionType) and one.__code__.co_filename == file:
                self.loaded.setdefault(one.__code__, []).append(one)

    def exchange(self, source: str) -> bool:
        """Give every loaded function its code of this text, which differs inside functions only.

        False if that can't be done: a function inside another has other free variables than the loaded one.
        Raises `LookupError` if no loaded function has that code: the tests would run without the change.
        """
        changed = list(self._changed(source))
        for old, _, is_inner in changed:
            if not is_inner and old not in self.loaded:
                raise LookupError(f"{self.file}: no function with the code of {old.co_name} is loaded")
        if any(old in self.loaded and old.co_freevars != new.co_freevars for old, new, _ in changed):
            return False
        for old, new, _ in changed:
            for function in self.loaded.get(old, ()):
                function.__code__ = new
        return True

    def _changed(self, source: str) -> Iterator[tuple[types.CodeType, types.CodeType, bool]]:
        """The code of each function that differs in this text, and whether it is inside another function."""
        pairs = [(self.code, self._compiled(source), False)]
        while pairs:
            above, changed, is_inner = pairs.pop()
            if above.co_flags & _FUNCTION:
                yield above, changed, is_inner
                is_inner = True
            old, new = _inside(above), _inside(changed)
            # A change that takes a function away is in the one around it.
            for one, other in zip(old, new, strict=True) if len(old) == len(new) else ():
                if one != other:
                    pairs.append((one, other, is_inner))

    def _compiled(self, source: str) -> types.CodeType:
        return compile(source, self.file, "exec", dont_inherit=True)


_FUNCTION = 0x1
"""The flag `CO_OPTIMIZED`: the code of a function, not of a module or the body of a class."""


def _inside(code: types.CodeType) -> list[types.CodeType]:
    return [one for one in code.co_consts if isinstance(one, types.CodeType)]


def _objects() -> list[Any]:
    """All objects that the garbage collector knows, those that `gc.freeze` hides included."""
    gc.unfreeze()
    found = gc.get_objects()
    gc.freeze()
    return found


def _cpu() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def calm_hypothesis() -> None:
    """Examples that are the same in every run, without a database and without a time limit."""
    from hypothesis import HealthCheck, settings

    settings.register_profile(
        "mutate", database=None, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
    )
    settings.load_profile("mutate")


def run_pytest(paths: Sequence[str], plugin: Runner, basetemp: Path) -> None:
    """Let pytest run with this plugin. Raises `RuntimeError` if pytest doesn't reach the tests."""
    code = pytest.main([*OPTIONS, f"--basetemp={basetemp}", *paths], plugins=[plugin])
    # Tests that fail without any change are known by then (`Reached.failed`).
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise RuntimeError(plugin.trouble or f"pytest ended with exit code {code}")


def judged(session: Session, mutants: Iterable[Mutant], reached: Reached) -> Iterator[Outcome | Mutant]:
    """The outcome of each mutant inside a function; the mutant itself if it needs a `fresh` process."""
    live: dict[str, tuple[str, Live]] = {}
    session.forget()
    for mutant in mutants:
        tests = reached.of(mutant)
        if mutant.file not in live:
            source = (session.root / mutant.file).read_text(encoding="utf-8")
            live[mutant.file] = source, Live(str(session.root / mutant.file), source)
        work = functools.partial(session.judge, mutant, tests, *live[mutant.file])
        ended = forked(work, reached.limit(tests)) if tests else None
        yield mutant if ended == Ended() else Outcome.of(mutant, ended, len(tests))
