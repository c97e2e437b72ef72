"""What to do about a YAML error: the typical causes in learners' files, told from the lines."""

from __future__ import annotations

from trainer.patterns import regex
from trainer.safe_text import odd_space, one_line

_REMEDIES = (
    (
        "mapping values are not allowed",
        "Check the indentation here and above; quote text that contains `: `.",
    ),
    (
        "could not find expected ':'",
        "Write `key: value`: a colon and a space are missing here or on the line above.",
    ),
    ("did not find expected key", "Check the indentation, and that brackets and quotes above are closed."),
    ("did not find expected '-' indicator", "Let all items of a list begin in the same column."),
    ("block sequence entries are not allowed", "Begin the list on a line of its own, under its key."),
    ("expected ',' or ']'", "Close the list with `]`, with commas between its items."),
    ("expected ',' or '}'", "Close the mapping with `}`, with commas between its entries."),
    ("unexpected end of stream", "Close the quotation mark that was opened here."),
    ("unexpected document indicator", "Close the quotation mark that was opened above the `---`."),
    ("unknown escape character", "Use single quotes, or write a backslash twice in double quotes."),
    ("undefined tag handle", "Quote the value: an exclamation mark at its start is a tag to YAML."),
    ("expected alphabetic or numeric character", "Quote the value: `*` and `&` mark aliases and anchors."),
    ("tab character", "Indent with spaces: YAML does not allow tabs there."),
    ("document start", "Begin a further document with a line `---`."),
    ("unknown directive", "Quote the value or remove the line: a `%` at its start is a directive to YAML."),
)
_HEREDOC = regex(r"<<-?\s*['\"]?\w+['\"]?\s*$")
_COMMAND = regex(r"\s*(?:\$ |# )?(?:sudo )?(?:kubectl|k|cat|echo|vim?|oc) ")
_FENCE = regex(r"\s*(?:```|~~~)")
_MISSING_COLON = regex(r"\s*(?:- )?[A-Za-z]\w*\s*$")
_NO_SPACE = regex(r"\s*(?:- )?[A-Za-z]\w*:[^\s/]")


def remedy(problem: str, lines: list[str], line: int) -> str:
    """What to do about the parser's `problem` at the 1-based `line`; empty where nothing is typical."""
    here = lines[line - 1] if 0 < line <= len(lines) else ""
    above = lines[line - 2] if 1 < line <= len(lines) + 1 else ""
    for text in (here, above, lines[0] if lines else ""):
        if _HEREDOC.search(text) or (_COMMAND.match(text) and ":" not in text.split("#")[0][:12]):
            command = one_line(text.strip(), 40)
            return f"Keep only the manifest: `{command}` is a shell command, not YAML."
        if _FENCE.match(text):
            return "Remove the lines with ``` around the manifest."
    for number, text in ((line - 1, above), (line, here)):
        column, name = odd_space(text)
        if column:
            return f"Line {number} has a {name} in column {column}: write an ordinary space."
    if "{{" in here or "{{" in above:
        return "Put the template in quotes, or write the value that it stands for."
    if "cannot start any token" in problem:
        return _bad_start(here)
    if "could not find expected ':'" in problem and (text := _colonless(here, above)):
        return text
    return next((text for part, text in _REMEDIES if part in problem), "")


def _bad_start(here: str) -> str:
    if "\t" in here[: len(here) - len(here.lstrip())] or here.lstrip().startswith("-\t"):
        return "Indent with spaces: YAML does not allow tabs there."
    if "\t" in here:
        return "Replace the tab by spaces."
    return "Quote the value: it begins with a character that YAML keeps for itself."


def _colonless(here: str, above: str) -> str:
    for text in (here, above):
        if _MISSING_COLON.match(text):
            return f"Write a colon after `{one_line(text.strip().removeprefix('- '), 40)}`."
        if _NO_SPACE.match(text):
            return "Write a space after the colon."
    return ""
