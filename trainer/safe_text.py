"""Make text from outside safe to show: no control character reaches a terminal or a report.

Answers, packs and clusters are other people's text. A terminal obeys escape sequences, and
bidirectional controls turn a line around, so what could act is written out instead (`\\x1b`):
nothing disappears silently, and nothing acts.

Only the doors of the program use this: `cli/streams.py` and `report/rows.py` for what is written,
`tui/text.py` for screens, and what lays out text by its width. Nothing that makes a sentence does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trainer.patterns import regex

if TYPE_CHECKING:
    from typing import Any

_ACTING = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 without tab and newline, DEL, C1
    "\u00ad\u061c\u180e"  # soft hyphen, Arabic letter mark, Mongolian vowel separator
    "\u200b-\u200f\u2028-\u202e"  # zero width and marks; line, paragraph, bidi embeddings
    "\u2060-\u206f\ufeff\ufff9-\ufffb"  # invisible operators, bidi isolates, BOM, annotations
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # joiners and fillers, which nobody sees
    "\ufe00-\ufe0f\U000e0100-\U000e01ef"  # variation selectors
    "\U0001d173-\U0001d17a"  # musical controls
    "\ud800-\udfff"  # lone surrogates cannot be encoded
    "\U000e0000-\U000e007f"  # tags
)
_ANYWHERE = regex(f"[{_ACTING}]")
_IN_LINE = regex(f"[{_ACTING}\t\n]")
_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def clean(text: str) -> str:
    """The text with every acting or invisible character written out; tabs and newlines stay.

    A carriage return before a newline is dropped: it only ends the line.

    >>> clean("a\\x1b[2Jb")
    'a\\\\x1b[2Jb'
    """
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return _ANYWHERE.sub(_written, text.replace("\r\n", "\n"))


def one_line(text: str, limit: int = 0) -> str:
    """The same for a place that has one line: tabs and newlines are written out too.

    `limit` (characters, 0 for none) cuts what is longer and ends it with an ellipsis.
    """
    if not (text.isascii() and text.isprintable()):
        text = _IN_LINE.sub(_written, text)
    if limit and len(text) > limit:
        return text[: limit - 1] + "\u2026"
    return text


def json_safe(text: str) -> str:
    """JSON with every acting or invisible character escaped: it means the same, and nothing acts.

    >>> json_safe('"\\x9b2J"')
    '"\\\\u009b2J"'
    """
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return _ANYWHERE.sub(_escaped, text)


def json_text(value: Any, *, indent: int = 0) -> str:
    """A value as JSON in which nothing acts. Lone surrogates (names that aren't UTF-8) are escapes, too."""
    import msgspec

    try:
        encoded = msgspec.json.encode(value)
    except UnicodeEncodeError:  # lone surrogates, which only escapes can show
        import json

        return json_safe(json.dumps(msgspec.to_builtins(value), indent=indent or None))
    return json_safe((msgspec.json.format(encoded, indent=indent) if indent else encoded).decode())


class Line(str):
    """A line whose first `painted` characters have a style (ANSI codes: "1;31") where colors are shown.

    As a part of another text it's a text like any other: nothing that was put into it can be a color.
    """

    style: str
    painted: int

    def __new__(cls, text: str, style: str, painted: int | None = None) -> Line:
        """The line; without `painted`, all of it has the style."""
        line = super().__new__(cls, text)
        line.style = style
        line.painted = len(text) if painted is None else painted
        return line


def _escaped(match: re.Match[str]) -> str:
    encoded = match.group().encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{encoded[at : at + 2].hex()}" for at in range(0, len(encoded), 2))


def _written(match: re.Match[str]) -> str:
    character = match.group()
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


_ODD_SPACE = regex("[\u00a0\u2000-\u200b\u202f\u205f\u3000\ufeff]")
_NAME_WORD = regex(r"`|\S*[./]\w|(?:cks-trainer|kubectl|kubeadm|kubelet|etcd|containerd|helm)\b")


def odd_space(text: str) -> tuple[int, str]:
    """The first character that looks like a space but isn't one to YAML: its 1-based column and its name.

    Column 0 if none exists. Copied from a web page, such characters end up in names and indentation.

    >>> odd_space("a:\\u00a0b")
    (3, 'no-break space (U+00A0)')
    """
    found = _ODD_SPACE.search(text)
    if found is None:
        return 0, ""
    import unicodedata

    name = unicodedata.name(found[0]).lower()
    return found.start() + 1, f"{name} (U+{ord(found[0]):04X})"


def capitalized(text: str) -> str:
    """The text with a capital first letter; the name of a file, an object or a program keeps its case.

    >>> capitalized("write a name"), capitalized("my-pod.yaml is empty")
    ('Write a name', 'my-pod.yaml is empty')
    """
    return text if _NAME_WORD.match(text) else text[:1].upper() + text[1:]
