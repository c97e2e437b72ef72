"""The conditions of `test` and `[`.

Follows POSIX.1-2024, XCU `test`. `==` is an error in dash, and the same as `=` in bash, BusyBox and
coreutils.
"""

from __future__ import annotations

from collections.abc import Sequence

from trainer.errors import NotJudged
from trainer.simulate.shell.filesystem import File
from trainer.simulate.shell.process import Call, Host, Ran

_WORDS = {
    "=": lambda one, two: one == two,
    "==": lambda one, two: one == two,
    "!=": lambda one, two: one != two,
    "-a": lambda one, two: one and two,
    "-o": lambda one, two: one or two,
}
_NUMBERS = {
    "-eq": lambda one, two: one == two,
    "-ne": lambda one, two: one != two,
    "-lt": lambda one, two: one < two,
    "-le": lambda one, two: one <= two,
    "-gt": lambda one, two: one > two,
    "-ge": lambda one, two: one >= two,
}
_FILES = frozenset(f"-{letter}" for letter in "efdsxrwLhpSbcugkOG")
KNOWN = _FILES | set(_NUMBERS)
"""Operators that are known besides those for texts."""


class _Misused(Exception):
    """The arguments make no condition: exit code 2."""


def check(host: Host, call: Call, *, dash: bool = False) -> Ran:
    """`test` or `[`: 0 if the condition holds, 1 if not, 2 if it isn't one. `dash`: as its built-in."""
    words = list(call.args)
    if call.name == "[" and (not words or words.pop() != "]"):
        return Ran(2, "[ without ]")
    try:
        holds = _holds(host, words, dash)
    except _Misused as error:
        return Ran(2, f"{call.name} {' '.join(call.args)}: {error}")
    return Ran(int(not holds), "" if holds else f"{call.name} {' '.join(call.args)} is not true")


def _holds(host: Host, words: Sequence[str], dash: bool) -> bool:
    match words:
        case [] | ["-t", _]:
            return False
        case [word] | ["-n", word]:
            return bool(word)
        case ["!", word] | ["-z", word]:
            return not word
        case [flag, path] if flag in _FILES:
            return _file(host, flag, path)
        case [left, operator, right] if operator in _WORDS and not (dash and operator == "=="):
            return bool(_WORDS[operator](left, right))
        case [left, operator, right] if operator in _NUMBERS:
            return bool(_NUMBERS[operator](_number(left), _number(right)))
        case ["!", *rest] if len(rest) < 4:
            return not _holds(host, rest, dash)
    return _compound(host, words, dash)


def _compound(host: Host, words: Sequence[str], dash: bool) -> bool:
    """`A -o B`, `A -a B`; POSIX leaves them unspecified, all shells know them."""
    if any(word in {"(", ")", "-nt", "-ot", "-ef", "<", ">"} for word in words):
        raise NotJudged(f"test {' '.join(words)}")
    for operator in ("-o", "-a"):
        if operator in words[1:-1]:
            at = list(words).index(operator, 1)
            left, right = words[:at], words[at + 1 :]
            first = _holds(host, left, dash)
            second = _holds(host, right, dash)
            return first or second if operator == "-o" else first and second
    if words[0] == "!":
        return not _holds(host, words[1:], dash)
    if len(words) == 2 and words[0] in ("-N", "-v", "-R", "-a", "-o"):
        raise NotJudged(f"test {' '.join(words)}")
    if len(words) == 2:
        raise _Misused("an unknown operator")
    if words[0].startswith("-") and len(words) < 4 and words[0] not in {*_FILES, "-n", "-z"}:
        raise NotJudged(f"test {' '.join(words)}")
    raise _Misused("too many arguments" if len(words) > 3 else "an unknown operator")


def _number(word: str) -> int:
    try:
        return int(word.strip())
    except ValueError:
        raise _Misused(f"{word!r} is not a number") from None


def _file(host: Host, flag: str, word: str) -> bool:
    if not word:
        return False
    path = host.path(word)
    if host.files.is_folder(path):
        if flag == "-w":
            return not host.files.refusal(host.files.real(path + "/x"))
        return flag in {"-e", "-d", "-x", "-s", "-r"}
    if flag in {"-L", "-h"}:
        found = host.files.at(path, follow=False)
        return found is not None and bool(found.link)
    file = host.files.at(path)
    return file is not None and _has(host, file, flag, path)


def _has(host: Host, file: File, flag: str, path: str) -> bool:
    if flag == "-w":
        if path.startswith("/dev/"):
            return True
        return not host.files.refusal(host.files.real(path)) and file.allows(host.user, 2)
    if flag == "-s":
        return file.content != ""
    device = path.startswith("/dev/")
    return {
        "-e": True,
        "-f": not device,
        "-x": file.allows(host.user, 1),
        "-r": file.allows(host.user, 4),
        "-c": device,
        "-u": bool(file.mode & 0o4000),
        "-g": bool(file.mode & 0o2000),
        "-k": bool(file.mode & 0o1000),
        "-O": file.owner == host.user,
        "-G": file.group == host.user,
    }.get(flag, False)
