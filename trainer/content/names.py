"""Names of files that a card may require or deliver: what every system can store, and grading then reads."""

from __future__ import annotations

from collections.abc import Iterable

from trainer.manifests.answer import GIVEN, MAX_FOLDERS, is_left_over

LONGEST = 200
"""The most bytes of one part of a name. File systems take 255; an editor adds its own endings."""
LONGEST_PATH = 1000
"""The most bytes of a name with its folders."""


def path_fault(name: str) -> tuple[str, str]:
    """What is wrong with the name of a file below a folder, and what to do; two empty texts if nothing is."""
    parts = name.split("/")
    if name.startswith("/") or ".." in parts:
        return "leads out of the answer's folder", "name a file inside it"
    if not all(part.strip() for part in parts) or "." in parts:
        return "isn't the name of a file", "write name.yaml, or folder/name.yaml"
    if not name.isprintable():
        return "has a character that can't be shown", "use letters, digits, `-`, `_` and `.`"
    sizes = [len(part.encode()) for part in parts]
    if max(sizes) > LONGEST or sum(sizes) + len(sizes) > LONGEST_PATH:
        return "is too long for a file", f"use at most {LONGEST} bytes, with folders {LONGEST_PATH}"
    return "", ""


def answer_fault(name: str) -> tuple[str, str]:
    """The same for a file of an answer, which grading must not leave out."""
    fault = path_fault(name)
    parts = name.split("/")
    if fault[0]:
        return fault
    if parts[0] == GIVEN or any(map(is_left_over, parts)):
        return "is never read: it is hidden, a copy of an editor, or what the card gives", "rename it"
    if len(parts) > MAX_FOLDERS:
        return f"is nested more than {MAX_FOLDERS} folders deep", "use fewer folders"
    return "", ""


def folders_among(names: Iterable[str]) -> list[str]:
    """The names that are also the folder of another one."""
    known = list(names)
    return [name for name in known if any(other.startswith(f"{name}/") for other in known)]
