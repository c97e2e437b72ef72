"""Files are opened and written in `trainer.files` only, so that each of its refusals holds for all of them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.sources import nodes_of

ROOT = Path(__file__).resolve().parent.parent

ALLOWED = {
    "files.py": "the doors themselves",
    "isolate.py": "the pipes of its workers, and /dev/null",
    "batch/archives/tars.py": "a reader of streams that are open",
    "batch/archives/zips.py": "a reader of streams that are open",
    "batch/opening.py": "a private temporary folder of its own",
    "batch/scratch.py": "a folder of its own in the private one",
    "cli/streams.py": "/dev/null in the place of an output that is gone",
    "content/digest.py": "the package's own code",
    "cluster/files.py": "files in memory and a folder of its own, for a client that wants files",
    "manifests/schema/data.py": "the package's own data",
    "packcheck/desk.py": "a temporary folder of its own",
    "progress/classroom.py": "SQLite opens the database by its name",
    "progress/faults.py": "SQLite opens the database by its name",
    "progress/migrations.py": "SQLite opens the database by its name",
}
"""Modules that open or write files in another way, and why that is right."""

METHODS = frozenset(
    "read_text read_bytes write_text write_bytes touch unlink rmdir mkdir rename symlink_to hardlink_to chmod"
    " lchmod copy_into move_into".split()
)
FUNCTIONS = {
    "os": frozenset(
        "open fdopen replace rename renames unlink remove removedirs rmdir mkdir makedirs link symlink truncate"
        " chmod mkfifo mknod sendfile".split()
    ),
    "io": frozenset({"open", "FileIO", "open_code"}),
    "shutil": frozenset("copy copy2 copyfile copytree move rmtree make_archive unpack_archive".split()),
    "codecs": frozenset({"open"}),
}
MODULES = frozenset({"tempfile", "mmap", "fileinput", "zipfile", "tarfile"})


def other_doors(nodes: Iterable[ast.AST]) -> Iterator[int]:
    """The lines of a module that open, write, move or remove a file by themselves."""
    for node in nodes:
        if isinstance(node, ast.Import):
            if MODULES & {alias.name.partition(".")[0] for alias in node.names}:
                yield node.lineno
        elif isinstance(node, ast.ImportFrom):
            taken = {alias.name for alias in node.names}
            if node.module in MODULES or taken & FUNCTIONS.get(node.module or "", frozenset()):
                yield node.lineno
        elif isinstance(node, ast.Call) and opens(node):
            yield node.lineno


def opens(call: ast.Call) -> bool:
    function = call.func
    if isinstance(function, ast.Name):
        return function.id == "open"
    if not isinstance(function, ast.Attribute):
        return False
    owner = function.value.id if isinstance(function.value, ast.Name) else ""
    if owner in FUNCTIONS:
        return function.attr in FUNCTIONS[owner]
    if function.attr == "open":  # `Session.open` and `self._open` aren't files
        return not owner[:1].isupper()
    # A text is replaced by two arguments, a file by one.
    is_rename = function.attr == "replace" and len(call.args) == 1 and not call.keywords
    return function.attr in METHODS or is_rename


def test_the_finder_sees_every_way() -> None:
    ways = (
        "open('x')", "path.open()", "os.open(path, 0)", "path.read_bytes()", "beside.replace(target)",
        "path.unlink()", "import tempfile", "from os import open", "shutil.rmtree(x)", "folder.mkdir()",
    )  # fmt: skip
    assert [way for way in ways if not list(other_doors(ast.walk(ast.parse(way))))] == []
    fine = (
        "Session.open(x)", "text.replace('a', 'b')", "structs.replace(one, x=1)", "from os import path",
        "self._open(x)", "os.stat(x)", "read_file(path)",
    )  # fmt: skip
    assert [way for way in fine if list(other_doors(ast.walk(ast.parse(way))))] == []


def test_every_file_goes_through_the_doors() -> None:
    found = {
        path.relative_to(ROOT / "trainer").as_posix(): lines
        for path in sorted((ROOT / "trainer").rglob("*.py"))
        if (lines := list(other_doors(nodes_of(path, ast.Import, ast.ImportFrom, ast.Call))))
    }
    strays = {name: lines for name, lines in found.items() if name not in ALLOWED}
    assert strays == {}, "use trainer.files, or say in ALLOWED why not"
    assert set(ALLOWED) - set(found) == set(), "no longer needed"
