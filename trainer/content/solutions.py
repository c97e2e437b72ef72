"""The content of `solutions/<domain>/<card>/`: reference, other correct answers, typical mistakes."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path, PurePosixPath

import msgspec

from trainer.content.card import Card
from trainer.content.locate import Pack
from trainer.errors import CardError
from trainer.files import FileFault, read_file
from trainer.manifests.answer import Answer, AnswerFile
from trainer.patterns import regex
from trainer.verdict import Location, Problem

_FAILS = "# fails:"
_FAILS_FILE = "fails.txt"
_EXPLAIN = "explain.md"


class Variant(msgspec.Struct, frozen=True, eq=False):
    """One stored answer: a file, or a folder of files."""

    name: str
    """`reference`, `also-<word>` or `wrong-<word>`."""
    answer: Answer
    source: Path
    """Its file or folder."""
    fails: tuple[str, ...] = ()
    """For a wrong one: the IDs of exactly the checks that it fails."""


class Solutions(msgspec.Struct, frozen=True, eq=False):
    """All stored answers of a card, and the walk-through (`explain`, Markdown)."""

    reference: Variant
    also: tuple[Variant, ...]
    wrong: tuple[Variant, ...]
    explain: str
    orphans: tuple[Path, ...] = ()
    """Files that belong to none of these: a pack must not have any."""


def solutions_folder(card: Card, pack: Pack) -> Path:
    """The folder with the solutions of a card."""
    return pack.solutions / card.domain / card.id


def require_solutions(pack: Pack) -> None:
    """Raise `CardError` for a pack without solutions, as learners get it (`content.export`)."""
    if not pack.solutions.is_dir():
        raise CardError("this pack has no solutions", remedy="whoever gave you the pack has them")


def solution_kinds(card: Card, pack: Pack) -> set[str]:
    """The kinds of objects that a card's reference names, in whatever form; none without a readable one."""
    folder = solutions_folder(card, pack)
    found: set[str] = set()
    for path in sorted(folder.glob("reference*")) if folder.is_dir() else ():
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            with suppress(FileFault):
                text = read_file(file, inside=folder).decode("utf-8", "replace")
                found.update(regex(r"""\bkind["']?:[ \t]*["']?([A-Z][A-Za-z]+)""").findall(text))
    return found


def load_solutions(card: Card, pack: Pack) -> Solutions:
    """Load all of a card's stored answers, in its wording. Raises `CardError` with every problem.

    A variant is one file, submitted under the name of the card's only file (with its own ending if its form
    differs: JSON for YAML), or a folder whose files keep their names. A wrong one names the checks it fails
    in the first line of its file (`# fails: id, id`), or, as a folder, in the first line of any of its
    files or in `fails.txt`, which isn't part of the answer.
    """
    folder = solutions_folder(card, pack)
    require_solutions(pack)
    if not folder.is_dir():
        raise CardError(
            f"the card {card.id} has no solutions", remedy=f"make the folder {card.domain}/{card.id}"
        )
    found: dict[str, list[Variant]] = {"reference": [], "also": [], "wrong": []}
    problems: list[Problem] = []
    orphans: list[Path] = []
    for path in sorted(folder.iterdir()):
        if path.name == _EXPLAIN:
            continue
        name = path.stem if path.is_file() else path.name
        group = name.partition("-")[0]
        if group not in found or (name == group) != (group == "reference"):
            orphans.append(path)
            continue
        variant = _variant(name, path, card)
        found[group].append(variant)
        if group == "wrong":
            problems += _fails_problems(variant, card)
    if len(found["reference"]) != 1:
        problems.append(
            _problem(folder, f"found {len(found['reference'])} references; exactly one is required")
        )
    if problems:
        raise CardError(f"the solutions of {card.id} have {len(problems)} problems", problems)
    explain = folder / _EXPLAIN
    return Solutions(
        found["reference"][0],
        tuple(found["also"]),
        tuple(found["wrong"]),
        card.wording.text(_text(explain)) if explain.is_file() else "",
        tuple(orphans),
    )


def _variant(name: str, path: Path, card: Card) -> Variant:
    if path.is_file():
        data = _read(path)
        file = AnswerFile(_handed_in_as(path.name, card), card.wording.data(data))
        return Variant(name, Answer((file,)), path, _fails(data) or ())
    files = []
    fails: tuple[str, ...] | None = None
    for inner in sorted(inner for inner in path.rglob("*") if inner.is_file()):
        data = _read(inner)
        found = _fails(data)
        fails = found if fails is None else fails
        if inner.name != _FAILS_FILE:
            files.append(AnswerFile(inner.relative_to(path).as_posix(), card.wording.data(data)))
    return Variant(name, Answer(tuple(files)), path, fails or ())


def _read(path: Path) -> bytes:
    try:
        return read_file(path)
    except FileFault as fault:
        raise CardError(fault.message, remedy=fault.remedy) from None


def _text(path: Path) -> str:
    try:
        return _read(path).decode()
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise CardError(f"{path}:{line}: not UTF-8 text", remedy="save it as UTF-8") from None


def _handed_in_as(stored: str, card: Card) -> str:
    """The name under which a learner submits what is stored in a file of this name."""
    if len(card.files) != 1:
        return stored
    demanded, suffix = PurePosixPath(card.files[0]), PurePosixPath(stored).suffix
    return str(demanded.with_suffix(suffix)) if demanded.suffix else card.files[0]


def _fails(data: bytes) -> tuple[str, ...] | None:
    """The IDs that a first line `# fails: id, id` names, or None for any other line."""
    line = data.split(b"\n", 1)[0].decode("utf-8", "replace").strip()
    if not line.startswith(_FAILS):
        return None
    return tuple(word for part in line.removeprefix(_FAILS).split(",") if (word := part.strip()))


def _fails_problems(variant: Variant, card: Card) -> list[Problem]:
    if not variant.fails:
        return [
            _problem(
                variant.source,
                "a wrong answer must say which checks it fails",
                f"write as the first line: {_FAILS} check-id",
            )
        ]
    known = {check.id for check in card.checks}
    return [
        _problem(variant.source, f"the card has no check {check!r}", f"checks: {', '.join(sorted(known))}")
        for check in variant.fails
        if check not in known
    ]


def _problem(path: Path, message: str, remedy: str = "") -> Problem:
    return Problem(message, location=Location(f"{path.parent.name}/{path.name}", 1, 1), remedy=remedy)
