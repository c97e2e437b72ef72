"""Which tests a mutant is run with, and how its code takes the place of the code that is loaded."""

from __future__ import annotations

import gc
import importlib.util
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from tests.table import each_row
from tools.mutate import session
from tools.mutate.operators import Mutant, mutants_of
from tools.mutate.session import Live, Reached, twin_of

FILE = "trainer/a/b.py"


def mutant(function: bool, lines: tuple[int, int] = (3, 4)) -> Mutant:
    return Mutant(FILE, 3, 1, "constant", "1", "2", 0, 1, function, lines)


REACHED = Reached(
    ["tests/a/test_b.py::slow", "tests/a/test_c.py::quick", "tests/a/test_c.py::slow", "tests/a/test_b.py::quick"],
    [2.0, 0.1, 1.0, 0.5],
    {(FILE, 3): [0, 2], (FILE, 4): [1], (FILE, 9): [3], ("trainer/a/c.py", 3): [3]},
    [],
)  # fmt: skip


def test_own_tests_come_first_then_the_quick_ones() -> None:
    assert REACHED.of(mutant(function=True)) == [0, 1, 2]
    assert REACHED.of(mutant(function=True, lines=(7, 8))) == []


def test_what_runs_on_import_is_reached_by_all_tests_of_the_module() -> None:
    assert REACHED.of(mutant(function=False)) == [3, 0, 1, 2]


def test_what_runs_on_import_is_tried_with_every_test_of_the_module() -> None:
    tables = Reached(REACHED.tests, REACHED.seconds, {(FILE, 3): [2]}, [])
    assert tables.of(mutant(function=False)) == [3, 0, 2]
    assert tables.of(mutant(function=True)) == [2]
    broken = msgspec.structs.replace(tables, failed=["tests/a/test_b.py::slow"])
    assert broken.of(mutant(function=False)) == [3, 2]


def test_a_module_without_lines_is_tried_with_everything() -> None:
    tables = Reached(REACHED.tests, REACHED.seconds, {}, [])
    assert tables.of(mutant(function=False)) == [3, 0, 1, 2]


def test_the_work_of_one_mutant_is_bounded() -> None:
    bounded = msgspec.structs.replace(REACHED, most=2.5)
    assert bounded.of(mutant(function=True)) == [0, 1]
    assert REACHED.limit([0, 1]) == session.SPARE + 21


@each_row(
    ("file", "twin"),
    [
        ("trainer/a/b.py", "tests/a/test_b.py::"),
        ("trainer/a/__init__.py", "tests/a/test_init.py::"),
        ("trainer/rules/_flow/open.py", "tests/rules/_flow/test_open.py::"),
        ("trainer/rules/_one.py", "tests/rules/test_one.py::"),
        ("trainer/ask.py", "tests/test_ask.py::"),
    ],
)
def test_twins(file: str, twin: str) -> None:
    assert twin_of(file) == twin


SOURCE = """\
from functools import lru_cache

TABLE = {"a": lambda value: value + 1}


@lru_cache
def cached(value):
    def inner():
        return value + 3

    return inner() if value else [0]


class Thing:
    @property
    def size(self):
        return 5


def adding(more):
    def add(value):
        return value + more if value else -7

    return add


ADD = adding(9)
"""


@pytest.fixture
def few_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what a test makes itself is searched: all objects of the tests are some millions."""
    gc.freeze()
    monkeypatch.setattr(session, "_objects", gc.get_objects)


def loaded(tmp_path: Path) -> ModuleType:
    path = tmp_path / "trainer" / "thing.py"
    path.parent.mkdir()
    path.write_text(SOURCE, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("a_thing", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.usefixtures("few_objects")
@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("1", "2", (12, 14, 5)),
        ("3", "4", (11, 15, 5)),
        ("5", "6", (11, 14, 6)),
        ("[0]", "[]", (11, 14, 5)),
    ],
)
def test_functions_that_are_loaded_take_the_code_of_the_mutant(
    tmp_path: Path, old: str, new: str, found: tuple[int, int, int]
) -> None:
    module = loaded(tmp_path)
    keep, table = module.cached, module.TABLE["a"]
    [mutant] = [
        one for one in mutants_of(Path(module.__file__ or ""), tmp_path) if (one.old, one.new) == (old, new)
    ]
    assert mutant.function
    assert Live(str(module.__file__), SOURCE).exchange(mutant.apply(SOURCE))
    keep.cache_clear()
    assert (table(10), keep(11), module.Thing().size) == found


def test_functions_are_found_where_the_collector_hides_them(tmp_path: Path) -> None:
    module = loaded(tmp_path)
    gc.freeze()
    Live(str(module.__file__), SOURCE).exchange(SOURCE.replace("return 5", "return 6"))
    assert module.Thing().size == 6


@pytest.mark.usefixtures("few_objects")
def test_a_change_that_no_loaded_function_gets_is_an_error(tmp_path: Path) -> None:
    file = str(tmp_path / "nowhere.py")
    with pytest.raises(LookupError, match=r"no function with the code of size is loaded"):
        Live(file, SOURCE).exchange(SOURCE.replace("return 5", "return 6"))


@pytest.mark.usefixtures("few_objects")
def test_functions_that_were_made_by_others_take_the_code_of_the_mutant(tmp_path: Path) -> None:
    module = loaded(tmp_path)
    live = Live(str(module.__file__), SOURCE)
    assert live.exchange(SOURCE.replace("value + more", "value - more"))
    assert (module.ADD(1), module.adding(2)(1)) == (-8, -1)


@pytest.mark.usefixtures("few_objects")
def test_what_would_lose_a_variable_of_its_maker_is_told(tmp_path: Path) -> None:
    module = loaded(tmp_path)
    live = Live(str(module.__file__), SOURCE)
    assert not live.exchange(SOURCE.replace("value + more if value else -7", "-7"))
    assert module.ADD(1) == 10
