"""Two texts beside each other, line by line; on a narrow screen, one below the other. Moves are moves."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal

import msgspec
from textual.content import Content

from trainer.tui.text import MUTED, literal
from trainer.tui.widgets.code import code_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Kind = Literal["same", "changed", "yours", "theirs", "moved"]

BESIDE = 96
"""The least width in cells at which two texts are beside each other."""

MOST_LINES = 1_000
"""Lines of a text that is compared: the time grows with the product of the two."""

CONTEXT = 3
"""Equal lines that are shown around a difference."""

SIGNS: dict[Kind, tuple[str, str]] = {
    "same": (" ", ""),
    "changed": ("~", "bold $text-warning"),
    "yours": ("-", "bold $text-warning"),
    "theirs": ("+", "bold $text-warning"),
    "moved": ("↕", "bold $text-primary"),
}
LEGEND = "~ changed   - only in yours   + only in the solution   ↕ moved"


class Row(msgspec.Struct, frozen=True):
    """A line of either text, or of both: their positions, from 0."""

    kind: Kind
    left: int | None
    right: int | None


def rows_of(left: Sequence[str], right: Sequence[str]) -> list[Row]:
    """The rows of a comparison; a line with another indentation is a changed one.

    A line that each text has once, and elsewhere, is moved.
    """
    import difflib

    ours, theirs = [line.strip() for line in left], [line.strip() for line in right]
    codes = difflib.SequenceMatcher(None, ours, theirs).get_opcodes()
    apart = [code[1:] for code in codes if code[0] != "equal"]
    gone = {line for start, end, *_ in apart for line in ours[start:end]}
    come = {line for *_, start, end in apart for line in theirs[start:end]}
    once = _once(ours) & _once(theirs)
    moved = {line for line in gone & come & once if sum(map(str.isalnum, line)) > 2}
    found: list[Row] = []
    for what, start, end, other, other_end in codes:
        if what == "equal":
            pairs = zip(range(start, end), range(other, other_end), strict=True)
            found += [Row("same" if left[one] == right[two] else "changed", one, two) for one, two in pairs]
            continue
        lines = [at for at in range(start, end) if ours[at] not in moved]
        others = [at for at in range(other, other_end) if theirs[at] not in moved]
        found += [Row("moved", at, None) for at in range(start, end) if ours[at] in moved]
        both = min(len(lines), len(others))
        found += [Row("changed", *pair) for pair in zip(lines, others, strict=False)]
        found += [Row("yours", at, None) for at in lines[both:]]
        found += [Row("theirs", None, at) for at in others[both:]]
        found += [Row("moved", None, at) for at in range(other, other_end) if theirs[at] in moved]
    return found


def compared(yours: Mapping[str, str], theirs: Mapping[str, str], width: int) -> list[Content]:
    """The lines of the comparison of two sets of files, for a width in cells. Equal files are only named."""
    lines: list[Content] = []
    for name, other, mine in _pairs(yours, theirs):
        lines.append(Content(""))
        if mine is None:
            lines.append(literal(f"{name}: you have no such file", "bold"))
        elif mine.split() == other.split() and mine.strip() == other.strip():
            lines.append(literal(f"{name}: the same text", "bold"))
        else:
            lines += _file(name, mine, other, width)
    return lines


def _once(lines: Sequence[str]) -> set[str]:
    return {line for line, count in Counter(lines).items() if count == 1}


def _pairs(yours: Mapping[str, str], theirs: Mapping[str, str]) -> list[tuple[str, str, str | None]]:
    """Files with the same name; a single file with a single one, whatever their names."""
    if len(yours) == len(theirs) == 1:
        [mine], [(name, other)] = yours.values(), theirs.items()
        return [(name, other, mine)]
    return [(name, other, yours.get(name)) for name, other in theirs.items()]


def _file(name: str, mine: str, other: str, width: int) -> list[Content]:
    left, right = mine.rstrip("\n").split("\n"), other.rstrip("\n").split("\n")
    if max(len(left), len(right)) > MOST_LINES:
        return [literal(f"{name}: longer than {MOST_LINES} lines, not shown line by line", "bold")]
    shown = _near(rows_of(left, right))
    colors = code_lines(mine, name), code_lines(other, name)
    lines = [literal(name, "bold"), Content.styled(LEGEND, MUTED)]
    if width < BESIDE:
        return lines + _stacked(shown, colors, width)
    half = (width - 3) // 2
    heads = Content("yours").pad_right(half - 5), Content("solution")
    lines.append(Content.assemble(heads[0], " │ ", heads[1]).stylize(MUTED))
    for row in shown:
        if row is None:
            lines.append(Content.styled("  …", MUTED))
            continue
        sides = (_cell(row.kind, row.left, colors[0], half), _cell(row.kind, row.right, colors[1], half))
        for at in range(max(len(sides[0]), len(sides[1]))):
            one, two = (side[at] if at < len(side) else Content("") for side in sides)
            lines.append(Content.assemble(one.pad_right(half - one.cell_length), (" │ ", MUTED), two))
    return lines


def _near(rows: Sequence[Row]) -> list[Row | None]:
    """The rows with a difference within some lines; None where rows are left out."""
    kept = {at for at, row in enumerate(rows) if row.kind != "same"}
    near = {one for at in kept for one in range(at - CONTEXT, at + CONTEXT + 1)}
    found: list[Row | None] = []
    for at, row in enumerate(rows):
        if at in near:
            found.append(row)
        elif not found or found[-1] is not None:
            found.append(None)
    return found


def _stacked(
    rows: Sequence[Row | None], colors: tuple[Sequence[Content], Sequence[Content]], width: int
) -> list[Content]:
    lines: list[Content] = []
    for row in rows:
        if row is None:
            lines.append(Content.styled("  …", MUTED))
        elif row.kind == "changed":
            lines += _cell("yours", row.left, colors[0], width) + _cell("theirs", row.right, colors[1], width)
        elif row.kind == "moved":
            side, at = (0, row.left) if row.left is not None else (1, row.right)
            where = "from here" if side == 0 else "to here"
            lines += _cell("moved", at, colors[side], width, f"  moved {where}")
        else:
            side, at = (0, row.left) if row.left is not None else (1, row.right)
            lines += _cell(row.kind, at, colors[side], width)
    return lines


def _cell(kind: Kind, at: int | None, colors: Sequence[Content], width: int, note: str = "") -> list[Content]:
    """One line with its number and sign, wrapped; nothing if the text has no such line."""
    if at is None:
        return []
    sign, style = SIGNS[kind]
    lead = f"{at + 1:>4} "
    text = Content.assemble(colors[at], (note, MUTED)) if note else colors[at]
    first, *rest = text.wrap(max(width - 7, 8)) or [Content("")]
    lines = [Content.assemble((lead, MUTED), (f"{sign} ", style), first.rstrip())]
    return lines + [line.rstrip().pad_left(7) for line in rest]
