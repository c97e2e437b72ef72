"""Texts for people are plain US English: none of the phrases of `wording.toml` is in them.

Looked at are what the program prints (string literals), docstrings and comments, the pages, the cards
and their walk-throughs. Code spans, URLs, paths and identifiers are not English and don't count.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import hypothesis.strategies as st
import re2

from tests.sources import nodes_of, text_of, tree_of
from tests.table import each_row

ROOT = Path(__file__).resolve().parent.parent
DATA = tomllib.loads((Path(__file__).parent / "wording.toml").read_text(encoding="utf-8"))
PHRASES = [(re.compile(entry["pattern"], re.IGNORECASE), entry["say"]) for entry in DATA["phrases"]]


def without_looks(pattern: str) -> str:
    """A pattern without the conditions on what is before and after: it finds at least as much."""
    found, depth, begins = "", 0, re.compile(r"\(\?<?[=!]")
    for match in re.finditer(r"\\.|\(\?<?[=!]|.", pattern):
        depth += bool(begins.match(match[0])) or (depth > 0 and match[0] == "(")
        found += "" if depth else match[0]
        depth -= depth > 0 and match[0] == ")"
    return found


FOLDED = re2.Options()
FOLDED.case_sensitive = False
LIKELY = re2.compile("|".join(f"(?:{without_looks(entry['pattern'])})" for entry in DATA["phrases"]), FOLDED)
"""Finds every text with a phrase, and few others: searching for each pattern alone is slow."""

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
    found = [
        ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "Makefile")
    ]
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


TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"""'
    r"|'''(?:[^\\]|\\.)*?'''"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'(?:[^'\\\n]|\\.)*'|\#[^\n]*",
    re.DOTALL,
)
"""A string or a comment; a string is found first so that a `#` inside it is passed over."""


def comments(source: str) -> Iterator[tuple[int, str]]:
    """The comments of a module, those on consecutive lines as one text, with their first line."""
    block: list[str] = []
    first = line = place = 0
    for match in TOKEN.finditer(source):
        if not match[0].startswith("#"):
            continue
        before, line = line, line + source.count("\n", place, match.start())
        place = match.start()
        if block and line != before + 1:
            yield first + 1, " ".join(block)
            block = []
        first = first if block else line
        block.append(match[0].lstrip("#! "))
    if block:
        yield first + 1, " ".join(block)


def docstrings(tree: ast.AST) -> Iterator[ast.Constant]:
    """The docstrings below, those of fields and constants included."""
    blocks = [tree]
    for block in blocks:
        for name in ("body", "orelse", "finalbody", "handlers", "cases"):
            statements = getattr(block, name, ())
            blocks += statements if isinstance(statements, list) else ()
        if isinstance(block, ast.Expr) and isinstance(block.value, ast.Constant):
            yield block.value


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """The strings of a module, docstrings included, with their lines; of a filled-in one what is fixed."""
    for filled in nodes_of(path, ast.JoinedStr):
        parts = [str(part.value) if isinstance(part, ast.Constant) else "{}" for part in filled.values]
        yield filled.lineno, "".join(parts)
    yield from ((node.lineno, str(node.value)) for node in nodes_of(path, ast.Constant) if said(node))


def said(node: ast.Constant) -> bool:
    return isinstance(node.value, str) and " " in node.value


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a file that people read, each with the line that it begins at."""
    source = text_of(path)
    if path.suffix == ".py":
        yield from comments(source)
        if path.is_relative_to(ROOT / "tests"):
            yield from ((node.lineno, node.value) for node in docstrings(tree_of(path)) if said(node))
        else:
            yield from literals(path)
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
    if not LIKELY.search(plain):
        return
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


def test_texts_have_none_of_the_phrases() -> None:
    phrases = [phrase for path in FILES.values() for phrase in phrases_of(path)]
    assert phrases == [], "\n".join(phrases)


@hypothesis.settings(max_examples=30)
@hypothesis.given(
    st.sampled_from(PHRASES).flatmap(
        lambda phrase: st.from_regex(phrase[0], alphabet=st.characters(codec="ascii"))
    )
)
def test_every_phrase_makes_a_text_likely(text: str) -> None:
    assert LIKELY.search(text)


def test_comments_are_told_from_strings() -> None:
    source = 'a = "#no" # one\n  #! two\nb = \'\'\'\n# no\n\'\'\' + r"\\"\n\n# three\nc = "\\"# no"  # four\n'
    assert list(comments(source)) == [(1, "one two"), (7, "three four")]


@each_row(
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


@each_row(
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
