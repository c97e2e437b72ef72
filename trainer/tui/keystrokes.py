"""What the keys of an editor for YAML do to a text: pure functions from lines and a selection to one change.

Rows and columns are 0-based, in characters, as Textual's text area counts them. A change is one step of undo.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from trainer.patterns import regex

if TYPE_CHECKING:
    from collections.abc import Sequence

Place = tuple[int, int]
"""Row and column."""

Language = Literal["yaml", "json", "shell", "dockerfile", "text"]

STEP = 2
"""Spaces of one level of indentation."""

_INDICATOR = regex(r"[|>][-+0-9]{0,2}")
_SHELL_OPENS = regex(r"(?:\{|\(|\b(?:then|do|else)|\\)$")


class Change(msgspec.Struct, frozen=True):
    """The text between two places becomes `text`; then `selection` is selected (empty: the cursor)."""

    start: Place
    end: Place
    text: str
    selection: tuple[Place, Place]


def language_of(name: str, text: str = "") -> Language:
    """The language of a file, from its name; for a name that doesn't tell, from how its text begins.

    >>> language_of("pod.yaml"), language_of("node.sh"), language_of("Dockerfile"), language_of("a.conf")
    ('yaml', 'shell', 'dockerfile', 'text')
    """
    base = name.rpartition("/")[2]
    ending = base.rpartition(".")[2].lower() if "." in base else ""
    if base.lower() in ("dockerfile", "containerfile") or base.lower().startswith("dockerfile."):
        return "text" if ending in ("dockerignore", "md") else "dockerfile"
    if ending in ("yaml", "yml"):
        return "yaml"
    if ending == "json":
        return "json"
    if ending in ("sh", "bash") or text.startswith("#!"):
        return "shell"
    return "text" if ending not in ("", "config") else "yaml"


def rows_of(selection: tuple[Place, Place]) -> range:
    """The rows that a selection touches; a last row of which nothing is selected isn't among them."""
    (first, _), (last, column) = sorted(selection)
    return range(first, last if last > first and column == 0 else last + 1)


def indented(lines: Sequence[str], selection: tuple[Place, Place]) -> Change:
    """Tab: blanks up to the next level; with a selection, its lines move one level to the right."""
    start, end = selection
    if start == end:
        row, column = end
        blanks = STEP - column % STEP
        return Change(end, end, " " * blanks, ((row, column + blanks),) * 2)
    return _moved(lines, selection, {row: STEP if lines[row].strip() else 0 for row in rows_of(selection)})


def dedented(lines: Sequence[str], selection: tuple[Place, Place]) -> Change | None:
    """Shift+tab: the lines of the selection or the cursor move one level to the left; None if none can."""
    rows, moves = rows_of(selection), {}
    for row in rows:
        blanks = blanks_of(lines[row])
        by = (
            STEP if len(rows) > 1 else blanks - (blanks - 1) // STEP * STEP
        )  # together, lines keep their steps
        moves[row] = -min(by, blanks) if blanks else -int(lines[row][:1] == "\t")
    return _moved(lines, selection, moves) if any(moves.values()) else None


def _moved(lines: Sequence[str], selection: tuple[Place, Place], moves: dict[int, int]) -> Change:
    rows = sorted(moves)
    new = [" " * moves[row] + lines[row] if moves[row] > 0 else lines[row][-moves[row] :] for row in rows]

    def follow(place: Place) -> Place:
        row, column = place
        by = moves.get(row, 0)
        return row, column if not column and by > 0 else max(column + by, 0)

    first, last = rows[0], rows[-1]
    moved = (follow(selection[0]), follow(selection[1]))
    return Change((first, 0), (last, len(lines[last])), "\n".join(new), moved)


def commented(lines: Sequence[str], selection: tuple[Place, Place]) -> Change | None:
    """Ctrl+/: the lines become comments; if all are, they become text again. None for empty lines."""
    rows = list(rows_of(selection))
    written = [row for row in rows if lines[row].strip()]
    if not written:
        return None
    if all(lines[row].lstrip().startswith("#") for row in written):
        cuts = {row: (lines[row].index("#"), 2 if lines[row].lstrip()[1:2] == " " else 1) for row in written}
        new = {row: lines[row][:at] + lines[row][at + size :] for row, (at, size) in cuts.items()}
        shift = {row: (at, -size) for row, (at, size) in cuts.items()}
    else:
        at = min(blanks_of(lines[row]) for row in written)
        new = {row: f"{lines[row][:at]}# {lines[row][at:]}" for row in written}
        shift = dict.fromkeys(written, (at, 2))

    def follow(place: Place) -> Place:
        row, column = place
        at, by = shift.get(row, (0, 0))
        stays = column < at or (not column and selection[0] != selection[1])
        return row, column if stays or not by else max(column + by, at)

    text = "\n".join(new.get(row, lines[row]) for row in rows)
    moved = (follow(selection[0]), follow(selection[1]))
    return Change((rows[0], 0), (rows[-1], len(lines[rows[-1]])), text, moved)


def backspaced(lines: Sequence[str], cursor: Place) -> Change | None:
    """Backspace in an indentation: one level goes. None anywhere else (one character goes)."""
    row, column = cursor
    if not column or lines[row][:column].strip(" "):
        return None
    to = (row, (column - 1) // STEP * STEP)
    return Change(to, cursor, "", (to, to))


def broken(lines: Sequence[str], selection: tuple[Place, Place], language: Language) -> Change:
    """Enter: a new line whose indentation (and dash) continues what the text before the cursor begins."""
    start, end = sorted(selection)
    row, column = start
    before, rest = lines[row][:column], lines[end[0]][end[1] :]
    if not before.strip() and not rest.strip() and start == end:
        blanks = " " * column  # the blanks of an empty line move to the next one
        return Change((row, 0), (row, len(lines[row])), f"\n{blanks}", ((row + 1, column),) * 2)
    skipped = len(rest) - len(rest.lstrip(" ")) if rest.strip() else 0
    end = (end[0], end[1] + skipped)
    rest = rest[skipped:]
    if language == "yaml":
        item = _empty_item(lines, row, before, rest)
        if item is not None:
            return Change((row, 0), (row, len(lines[row])), " " * item, ((row, item),) * 2)
        blanks = _yaml_start(lines, row, before, rest)
    else:
        blanks = " " * (blanks_of(before) + _deeper(before, language))
    closes = language == "json" and rest[:1] in ("}", "]") and before.rstrip().endswith(("{", "["))
    tail = "\n" + " " * blanks_of(before) if closes else ""
    place = (row + 1, len(blanks))
    return Change(start, end, f"\n{blanks}{tail}", (place, place))


def _deeper(before: str, language: Language) -> int:
    code = before.strip()
    if language == "json":
        return STEP if code.endswith(("{", "[")) else 0
    if language == "shell":
        return STEP if _SHELL_OPENS.search(code) and not code.startswith("#") else 0
    return STEP * 2 if language == "dockerfile" and code.endswith("\\") and not blanks_of(before) else 0


def _yaml_start(lines: Sequence[str], row: int, before: str, rest: str) -> str:
    """What the new line of a YAML text begins with."""
    indent = blanks_of(before)
    if in_block_scalar(lines, row) or before.lstrip().startswith("#") or before.startswith(("---", "...")):
        return " " * indent
    dash, content = dashes_of(before)
    if _begins_text(content) or _code(content).endswith(":"):
        return " " * (dash if content.startswith(("|", ">")) and dash > indent else dash + STEP)
    if dash > indent and content.strip() and not rest.strip() and not _is_pair(content):
        open_flow = content.count("{") > content.count("}") or content.count("[") > content.count("]")
        return " " * dash if open_flow else f"{' ' * (dash - 2)}- "
    return " " * dash


def dashes_of(before: str) -> tuple[int, str]:
    """The column at which an item's content begins after its dashes, and the content."""
    column = blanks_of(before)
    while before[column : column + 2] == "- ":
        column += 2 + blanks_of(before[column + 2 :])
    return column, before[column:]


def _empty_item(lines: Sequence[str], row: int, before: str, rest: str) -> int | None:
    """Where a line goes that has a dash alone (the list ends); None for any other line."""
    if before.strip() != "-" or rest.strip() or in_block_scalar(lines, row):
        return None
    indent = blanks_of(before)
    for line in reversed(lines[:row]):
        if line.strip() and not line.lstrip().startswith("#"):
            blanks = blanks_of(line)
            if blanks < indent or (blanks == indent and not line.lstrip().startswith("-")):
                return dashes_of(line)[0]
    return 0


def in_block_scalar(lines: Sequence[str], row: int) -> bool:
    """Whether a line belongs to a text that `|` or `>` began above it."""
    indent = blanks_of(lines[row])
    for line in reversed(lines[:row]):
        if not indent:
            return False
        blanks = blanks_of(line)
        if line.strip() and blanks < indent:
            if _begins_text(dashes_of(line)[1]):
                return True
            indent = blanks
    return False


def _is_pair(content: str) -> bool:
    """Whether a line, without its dashes, is `key: value`."""
    quote = content[:1]
    if quote in ('"', "'"):
        after = content[content.find(quote, 1) + 1 :].lstrip(" ")
        return after == ":" or after.startswith(": ")
    return quote not in ("[", "{", "#") and (": " in _code(content) or _code(content).endswith(":"))


def _begins_text(content: str) -> bool:
    """Whether a line, without its dashes, ends with the sign of a block scalar."""
    start, _, last = _code(content).rpartition(" ")
    while start.rpartition(" ")[2][:1] in ("&", "!"):  # an anchor or a tag
        start = start.rpartition(" ")[0]
    return bool(_INDICATOR.fullmatch(last)) and (not start or start.rstrip().endswith(":"))


def _code(content: str) -> str:
    """A line without its comment."""
    code = content if not content.lstrip().startswith("#") else ""
    return code.partition(" #")[0].rstrip()


def blanks_of(line: str) -> int:
    """How many spaces a line begins with."""
    return len(line) - len(line.lstrip(" "))
