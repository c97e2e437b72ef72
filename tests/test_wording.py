"""Texts for people are plain US English: none of the phrases of `wording.toml` is in them.

Looked at are what the program prints (string literals), docstrings and comments, the pages, the cards
and their walk-throughs. Code spans, URLs, paths and identifiers are not English and don't count.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DATA = tomllib.loads((Path(__file__).parent / "wording.toml").read_text(encoding="utf-8"))
PHRASES = [(re.compile(entry["pattern"], re.IGNORECASE), entry["say"]) for entry in DATA["phrases"]]

LIST_BEGINS, LIST_ENDS = "<!-- word list -->", "<!-- end of the word list -->"
NOT_ENGLISH = re.compile(
    r"```.*?```|>>> [^\n]*"  # blocks of code, doctests
    r"|``.+?``|`[^`]*`"  # code spans
    r"|https?://\S+"
    r"|\S*\w[/_\\]\w\S*"  # paths and identifiers
    r"|\{[^{}]*\}",  # values that are filled in
    re.DOTALL,
)


def files() -> list[Path]:
    """Every file with texts for people."""
    found = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "Makefile")]
    for folder, pattern in (
        ("trainer", "*.py"),
        ("tools", "*.py"),
        ("tests", "*.py"),
        ("docs", "*.md"),
        ("tasks", "*.yaml"),
        ("solutions", "explain.md"),
    ):
        found += sorted((ROOT / folder).rglob(pattern))
    return found


FILES = {path.relative_to(ROOT).as_posix(): path for path in files() if path != Path(__file__)}


def comments(source: str) -> Iterator[tuple[int, str]]:
    """The comments of a module, those on consecutive lines as one text, with their first line."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    lines = [
        (token.start[0], token.string.lstrip("#! ")) for token in tokens if token.type == tokenize.COMMENT
    ]
    block: list[str] = []
    for index, (line, text) in enumerate(lines):
        block.append(text)
        if index + 1 == len(lines) or lines[index + 1][0] != line + 1:
            yield line - len(block) + 1, " ".join(block)
            block = []


def docstrings(tree: ast.AST) -> set[int]:
    """The ids of the nodes that are docstrings, those of fields and constants included."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }


def python_texts(source: str, *, literals: bool) -> Iterator[tuple[int, str]]:
    """Comments and docstrings of a module, with their lines; with `literals` all its other strings, too."""
    yield from comments(source)
    tree = ast.parse(source)
    documentation = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and literals:
            yield (
                node.lineno,
                "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values),
            )
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and " " in node.value
            and (literals or id(node) in documentation)
        ):
            yield node.lineno, node.value


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a file that people read, each with the line that it begins at."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        yield from python_texts(source, literals=path.relative_to(ROOT).parts[0] != "tests")
        return
    if path.name == "CONTRIBUTING.md":
        head, _, rest = source.partition(LIST_BEGINS)
        source = head + "\n" * rest.partition(LIST_ENDS)[0].count("\n") + rest.partition(LIST_ENDS)[2]
    yield 1, re.sub(r"(?m)^\s*[a-z_]+:", "", source) if path.suffix == ".yaml" else source


def found(text: str) -> Iterator[tuple[int, str]]:
    """The phrases in a text: the 0-based line, and the phrase with what to write instead."""
    english = NOT_ENGLISH.sub(lambda match: "`" + "\n" * match[0].count("\n"), text)
    spaced = re.sub(r"[ \t]*\n[ \t]*", lambda match: "\n", english)
    plain = re.sub(r"\s", " ", spaced)
    for pattern, say in PHRASES:
        for match in pattern.finditer(plain):
            yield spaced.count("\n", 0, match.start()), f"{match[0]!r}: say {say!r}"


def phrases_of(path: Path) -> list[str]:
    """Every phrase in a file, with its line."""
    return sorted(
        {
            f"{path.relative_to(ROOT)}:{line + offset}: {phrase}"
            for line, text in texts(path)
            for offset, phrase in found(text)
        }
    )


@pytest.mark.parametrize("name", list(FILES))
def test_a_text_has_none_of_the_phrases(name: str) -> None:
    assert phrases_of(FILES[name]) == []


@pytest.mark.parametrize(
    "text",
    [
        "which is no pod",
        "stdin is none",
        "A text that stands in\n    the way",
        "all but for\nthe behaviour",
        "Nothing handed in yet.",
        "Colours are normalised",
    ],
)
def test_phrases_are_found(text: str) -> None:
    assert list(found(text))


@pytest.mark.parametrize(
    "text",
    [
        "There is no Pod, and it is no longer needed.",
        "None where it is None",
        "`is none` and trainer/content/catalogue.py",
        "a salted digest stands in for it",
        "You are asked to confirm.",
        "otherwise, exercise, compromised, promises, precise",
    ],
)
def test_plain_english_is_not_found(text: str) -> None:
    assert list(found(text)) == []


def test_contributing_shows_phrases_that_are_refused() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (ROOT / "CONTRIBUTING.md")
        .read_text(encoding="utf-8")
        .partition(LIST_BEGINS)[2]
        .partition(LIST_ENDS)[0]
        .splitlines()
        if line.startswith("|") and not line.startswith("|--")
    ][1:]
    assert rows
    for say, avoid in rows:
        assert list(found(avoid)), f"{avoid!r} is on the list, and no pattern refuses it"
        assert list(found(say)) == []
