"""The words that `a{b,c}d` and `{1..5}` stand for in bash.

Follows the section "Brace Expansion" of bash(1), 5.2: it comes before all other expansions, and braces that
are quoted, have no end, or have neither a comma nor two dots in them, are characters as any other.
"""

from __future__ import annotations

from trainer.errors import NotJudged
from trainer.patterns import regex
from trainer.simulate.shell.syntax import Part, Word

MOST_WORDS = 1000
MOST_ATOMS = 50_000
_DEEPEST = 8
_RANGE = regex(r"(-?[0-9]{1,9}|[A-Za-z])\.\.(-?[0-9]{1,9}|[A-Za-z])(?:\.\.(-?[0-9]{1,9}))?")

_Atoms = tuple[str | Part, ...]
"""A word as characters that are not quoted, and all other parts as they are."""


def expanded(word: Word) -> tuple[Word, ...]:
    """The words that braces make of one; the word itself without any. Raises `NotJudged` for very many."""
    if not any(part.kind == "text" and not part.quoted and "{" in part.text for part in word):
        return (word,)
    atoms: list[str | Part] = []
    for part in word:
        atoms += part.text if part.kind == "text" and not part.quoted else [part]
    return tuple(_joined(one) for one in _expanded(tuple(atoms), 0))


def _joined(atoms: _Atoms) -> Word:
    found: list[Part] = []
    text = ""
    for atom in atoms:
        if isinstance(atom, str):
            text += atom
            continue
        found += [Part("text", text), atom] if text else [atom]
        text = ""
    return (*found, Part("text", text)) if text else tuple(found)


def _expanded(atoms: _Atoms, depth: int) -> list[_Atoms]:
    """All words, from left to right: each pair of braces multiplies what is before it."""
    if depth > _DEEPEST:
        raise NotJudged("braces inside braces inside braces")
    pairs = _pairs(atoms)
    words: list[_Atoms] = [()]
    at = start = 0
    while at < len(atoms):
        items = _items(atoms, at, pairs[at], depth) if at in pairs else None
        if items is None:
            at += 1
            continue
        words = _limited([word + atoms[start:at] + item for word in words for item in items])
        at = start = pairs[at][-1] + 1
    return [word + atoms[start:] for word in words]


def _limited(words: list[_Atoms]) -> list[_Atoms]:
    if len(words) > MOST_WORDS or sum(map(len, words)) > MOST_ATOMS:
        raise NotJudged("braces that make very many words")
    return words


def _pairs(atoms: _Atoms) -> dict[int, list[int]]:
    """For each `{` with an end: where its commas and its `}` are."""
    found: dict[int, list[int]] = {}
    open_ones: list[tuple[int, list[int]]] = []
    for at, atom in enumerate(atoms):
        if atom == "{":
            open_ones.append((at, []))
        elif atom == "," and open_ones:
            open_ones[-1][1].append(at)
        elif atom == "}" and open_ones:
            start, commas = open_ones.pop()
            found[start] = [*commas, at]
    return found


def _items(atoms: _Atoms, start: int, marks: list[int], depth: int) -> list[_Atoms] | None:
    """What stands between the commas, or the members of a range; None if the braces mean nothing."""
    if len(marks) == 1:
        inside = atoms[start + 1 : marks[0]]
        text = "".join(one for one in inside if isinstance(one, str))
        return _range(text) if len(text) == len(inside) else None
    found: list[_Atoms] = []
    for end in marks:
        found = _limited(found + _expanded(atoms[start + 1 : end], depth + 1))
        start = end
    return found


def _range(text: str) -> list[_Atoms] | None:
    match = _RANGE.fullmatch(text)
    if match is None or match[1].isalpha() is not match[2].isalpha():
        return None
    step = abs(int(match[3] or 1)) or 1
    letters = match[1].isalpha()
    first, last = (ord(match[1]), ord(match[2])) if letters else (int(match[1]), int(match[2]))
    if abs(last - first) // step >= MOST_WORDS:
        raise NotJudged("braces that make very many words")
    numbers = range(first, last + 1, step) if first <= last else range(first, last - 1, -step)
    if letters:
        if match[1].islower() is not match[2].islower():
            raise NotJudged("a range of letters of both cases")
        return [(chr(one),) for one in numbers]
    padded = any(one.lstrip("-")[0] == "0" < one.lstrip("-")[1:] for one in (match[1], match[2]))
    width = max(len(match[1]), len(match[2])) if padded else 0
    return [tuple(f"{one:0{width}d}" if padded else str(one)) for one in numbers]
