"""Which changes are made, and what is never changed."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.table import each_row
from tools.mutate.operators import Mutant, mutants_of


def made(tmp_path: Path, source: str) -> list[Mutant]:
    path = tmp_path / "trainer" / "x.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(source, encoding="utf-8")
    return mutants_of(path, tmp_path)


def changed(tmp_path: Path, source: str, operator: str) -> list[str]:
    return [one.apply(source).strip() for one in made(tmp_path, source) if one.operator == operator]


@each_row(
    ("source", "operator", "expected"),
    [
        ("a = b < c", "comparison", ["a = b <= c"]),
        ("a = b >= c", "comparison", ["a = b > c"]),
        ("a = (b) == (c)", "comparison", ["a = (b) != (c)"]),
        ("a = b  is  not c", "comparison", ["a = b  is c"]),
        ("a = b not in c", "comparison", ["a = b in c"]),
        ("a = b < c <= d", "comparison", ["a = b <= c <= d", "a = b < c < d"]),
        ("a = b and c", "and to or", ["a = (b) or (c)"]),
        ("a = (b or c) and d", "operand", ["a = ((b)) and d", "a = ((c)) and d", "a = (b or c)", "a = (d)"]),
        ("a = not b", "not", ["a = (b)"]),
        ("if a: b()", "condition", ["if True: b()", "if False: b()"]),
        ("while a: b()", "condition", ["while False: b()"]),
        ("a = [b for b in c if b]", "condition", ["a = [b for b in c if True]"]),
        ("match a:\n case 1 if b: c()", "condition", ["match a:\n case 1 if True: c()"]),
        ("a = b - c", "arithmetic", ["a = b + c"]),
        ("a = b | c", "arithmetic", ["a = b & c"]),
        ("a = (b) ** (c)", "arithmetic", ["a = (b) * (c)"]),
        ("a = any(b)", "function", ["a = all(b)"]),
        ("a = b.startswith(c)", "method", ["a = b.endswith(c)"]),
        ("a = b.lower()", "method", ["a = b"]),
        ("a = 1", "constant", ["a = 2"]),
        ("a = True", "constant", ["a = False"]),
        ("a = 'b'", "constant", ["a = 'bx'"]),
        ("a = ('b', 'c')", "element", ["a = ('c',)", "a = ('b',)"]),
        ("a = ('b', 'c', 'd')", "element", ["a = ('c', 'd')", "a = ('b', 'd')", "a = ('b', 'c', )"]),
        ("a = ['b']", "element", ["a = []"]),
        ("a = {'b'}", "element", ["a = set()"]),
        ("a = {'b': 1, 'c': 2}", "element", ["a = {'c': 2}", "a = {'b': 1, }"]),
        ("a = b in ('c',)", "element", ["a = b in ()"]),
        ("a = frozenset(('b', 'c'))", "element", ["a = frozenset(('c',))", "a = frozenset(('b',))"]),
        ("a = 'bc b d'.split()", "element", ["a = ' b d'.split()", "a = 'bc  d'.split()", "a = 'bc b '.split()"]),
        ("match a:\n case 1 | 2: b()", "element", ["match a:\n case 2: b()", "match a:\n case 1: b()"]),
        ("for a in b: continue", "statement", ["for a in b: break"]),
        ("a += 1", "statement", ["pass"]),
        ("a.append(b)", "statement", ["pass"]),
        ("raise A", "statement", ["pass"]),
    ],
)  # fmt: skip
def test_changes(tmp_path: Path, source: str, operator: str, expected: list[str]) -> None:
    assert sorted(changed(tmp_path, source + "\n", operator)) == sorted(expected)


@each_row(
    "source",
    [
        '"""A docstring."""',
        "a = f'b{c}d{e:>5}'",
        "a = 'a sentence of words'",
        "def f(a: 'b', c: Literal['d']) -> 'e': pass",
        "a: 'b'",
        "Alias = int | Literal['a', 'b']",
        "__all__ = ['a']",
        "@lru_cache(maxsize=8)\ndef f(): pass",
        "class A(B, frozen=True): pass",
        "if TYPE_CHECKING:\n    a = 1",
        "a, b = c",
        "a = zip(b, c, strict=True)",
        "a = None",
    ],
)
def test_what_is_never_changed(tmp_path: Path, source: str) -> None:
    assert [one.new for one in made(tmp_path, source + "\n")] == []


def test_the_place_is_that_of_the_text(tmp_path: Path) -> None:
    source = 'def f(a=1):\n    """Doc: é."""\n    return (\n        "é", a < 2,\n    )\n'
    found = {one.operator: one for one in made(tmp_path, source) if one.line != 1 and one.old != '"é"'}
    mutant = found["comparison"]
    assert (mutant.place, mutant.old, mutant.lines, mutant.function) == (
        "trainer/x.py:4:15",
        "a < 2",
        (3, 5),
        True,
    )
    assert mutant.apply(source) == source.replace("a < 2", "a <= 2")


def test_defaults_and_tables_are_not_inside_a_function(tmp_path: Path) -> None:
    source = (
        "A = 1\n\n\nclass B:\n    c = 2\n\n    def d(self, e=3):\n        return 4\n\n\nf = lambda g=5: 6\n"
    )
    assert {one.old: one.function for one in made(tmp_path, source)} == {
        "1": False, "2": False, "3": False, "4": True, "5": False, "6": True,
    }  # fmt: skip


def test_the_head_of_a_block_is_reached_by_its_own_lines(tmp_path: Path) -> None:
    source = "def f(a):\n    if (\n        a\n    ):\n        return 1\n"
    assert {one.lines for one in made(tmp_path, source) if one.operator == "condition"} == {(2, 4)}


def test_every_mutant_of_our_own_code_compiles_and_differs() -> None:
    root = Path(__file__).resolve().parents[3]
    path = root / "trainer" / "match" / "lists.py"
    source = path.read_text(encoding="utf-8")
    found = mutants_of(path, root)
    assert len(found) > 50
    for mutant in found:
        assert source[mutant.start : mutant.end] == mutant.old
        assert ast.dump(ast.parse(mutant.apply(source))) != ast.dump(ast.parse(source))
