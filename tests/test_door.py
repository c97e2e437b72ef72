"""Nothing leaves the program except through its doors, which make every string safe."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.sources import nodes_of, text_of
from tests.table import each_row

ROOT = Path(__file__).parent.parent / "trainer"

WRITES = {
    "print",
    "sys.stdout.write",
    "sys.stderr.write",
    "sys.stdout.writelines",
    "sys.stderr.writelines",
    "sys.stdout.buffer",
    "sys.stderr.buffer",
    "sys.__stdout__",
    "sys.__stderr__",
    "os.write",
    "csv.writer",
    "csv.DictWriter",
    "traceback.print_exc",
    "traceback.print_exception",
    "logging.getLogger",
    "warnings.warn",
    "input",
}
MODULES = ("click.echo", "click.secho", "click.prompt", "click.confirm", "click.style", "click.utils", "rich")

DOORS = {
    "cli/streams.py": {"sys.stdout", "sys.stderr"},
    "report/rows.py": {"csv.writer"},
    "isolate.py": {"os.write", "sys.stdout", "sys.stderr"},
    "tui/measure.py": {"sys.stdout.write"},
    "tui/terminal.py": {"os.write", "sys.__stderr__"},
}
"""Who may do what: the terminal, the files of a batch, the pipe of a worker process, numbers for
`make bench`, and what puts a terminal back when the app is ended."""

CLEANERS = {"clean", "one_line", "json_safe", "json_text"}
LAYOUT = {"cli/streams.py", "cli/tables.py"}
"""The modules of the command line that may make text safe: the door, and the tables, which measure it."""


def dotted(node: ast.AST) -> str:
    """`sys.stdout.write` for such an expression; empty for another."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := dotted(node.value)):
        return f"{before}.{node.attr}"
    return ""


def ways_out(path: Path) -> Iterator[tuple[int, str]]:
    """What of a module writes, and where."""
    for node in nodes_of(path, ast.Name, ast.Attribute):
        name = dotted(node)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            continue  # a field or a variable of that name
        if name in WRITES or name.startswith(MODULES):
            yield node.lineno, name
    for node in nodes_of(path, ast.ImportFrom):
        if node.module in ("click", "rich", "csv", "sys"):
            for one in node.names:
                if f"{node.module}.{one.name}" in (*WRITES, *MODULES, "sys.stdout", "sys.stderr"):
                    yield node.lineno, f"{node.module}.{one.name}"


def modules() -> list[str]:
    """All modules of the program, by their paths."""
    return sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.py"))


@each_row("module", modules())
def test_only_the_doors_write(module: str) -> None:
    allowed = DOORS.get(module, set())
    found = [(line, name) for line, name in ways_out(ROOT / module)]
    assert [one for one in found if not one[1].startswith(tuple(allowed) or "\0")] == []


@each_row("module", [one for one in modules() if one.startswith("cli/") and one not in LAYOUT])
def test_commands_pass_text_as_it_is(module: str) -> None:
    names = {alias.name for node in nodes_of(ROOT / module, ast.ImportFrom) for alias in node.names}
    assert names & CLEANERS == set()


def test_nothing_but_the_door_has_escape_sequences() -> None:
    odd = re.compile(r"\\x1b|\\033|\\e\[|\x1b")
    found = {module for module in modules() if odd.search(text_of(ROOT / module))}
    read = {
        "simulate/shell/lexer.py",
        "simulate/shell/tools/formats.py",
        "simulate/shell/tools/reading.py",
    }  # what `\\e` means in a script: it is read, not written
    assert found - read <= {"cli/streams.py", "safe_text.py", "tui/terminal.py", "tui/text.py", "tui/app.py"}


@each_row(
    ("source", "name"),
    [
        ("print(1)", "print"),
        ("import sys\nsys.stdout.write('a')", "sys.stdout.write"),
        ("write = sys.stderr.write", "sys.stderr.write"),
        ("click.echo('a')", "click.echo"),
        ("from click import echo", "click.echo"),
        ("from sys import stdout", "sys.stdout"),
        ("import rich\nrich.print('a')", "rich.print"),
        ("csv.writer(file)", "csv.writer"),
    ],
)
def test_every_way_out_is_seen(source: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}{len(source)}.py"
    path.write_text(source, encoding="utf-8")
    assert name in [found for _, found in ways_out(path)]
