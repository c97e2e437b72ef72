"""Whether bash runs a file as the one who wrote it meant it: its first line, and the ends of its lines.

Follows execve(2) for the first line, and bash 5.2 for the rest.
"""

from __future__ import annotations

_SHELLS = frozenset({"bash", "sh", "dash"})


def unreadable(text: str) -> tuple[str, int, str] | None:
    """Why bash doesn't run the file as it is meant: the reason, its line, and what bash says."""
    if "\0" in text:
        message = "The file has NUL bytes, as UTF-16 has: bash refuses it. Save it as UTF-8."
        return message, 1, "bash: cannot execute binary file"
    if "\r\n" in text:
        line = text[: text.index("\r\n")].count("\n") + 1
        message = (
            "The lines end in CR LF, as on Windows. bash takes the CR as a part of the last word of a line."
        )
        return message, line, "bash finds no command and no file whose name ends in CR."
    first = text.partition("\n")[0]
    if first.startswith("\ufeff") and first[1:2] not in ("#", ""):
        message = (
            "The file starts with a byte order mark, which is a part of the first word. Save it without."
        )
        return message, 1, "bash: line 1: command not found"
    words = first.removeprefix("\ufeff").removeprefix("#!").split()
    if "#!" not in first[:3] or not words:
        return None
    program = next((one for one in words if not one.startswith("-") and one.rpartition("/")[2] != "env"), "")
    if program.rpartition("/")[2] in _SHELLS:
        return None
    return (
        f"Line 1 hands the script to {program or words[0]}, not to bash.",
        1,
        f"{words[0]} reads it, not bash.",
    )
