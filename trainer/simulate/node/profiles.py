"""AppArmor profiles as text: their names, flags and rules, and what the parser rejects.

Follows apparmor.d(5) of AppArmor 4.0. Of a rule only its first word, its end and the letters of its
permissions are looked at; a profile with another error passes here. Comments, includes and blanks don't
belong to the rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from trainer.errors import NotJudged

_COMMENT = r"(^|\s)#(?!include\b).*"
_OUTSIDE = r"\s*(?:#?include\b|abi\b|alias\b|@\{?\w+\}?\s*\+?=)"
_MARK = r"(?:(?<!\S)|(?<=\)))\{(?!\S)|(?<!\S)\}(?!\S)|,(?=\s|$)"
_KINDS = frozenset(
    "file capability network mount umount remount pivot_root ptrace signal dbus unix set change_profile link "
    "userns io_uring mqueue rlimit all".split()
)
"""The first words of rules that don't start with a path."""
_QUALIFIERS = frozenset({"audit", "deny", "allow", "owner", "other", "quiet", "prompt"})
_PERMISSIONS = frozenset("rwalkmixpPcCuU")
_FLAGS = frozenset(
    {"complain", "enforce", "attach_disconnected", "mediate_deleted", "chroot_relative", "audit"}
)


class Profile(msgspec.Struct, frozen=True):
    """One profile of a file: its name, and whether its flags say complain."""

    name: str
    complain: bool
    rules: str = ""
    """What is between its braces, without comments and blanks."""


class _Error(Exception):
    """The parser rejects the file at a line."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def profiles_of(text: str, path: str) -> tuple[list[Profile], str]:
    """The profiles of a file, and why the parser rejects it; empty if it doesn't."""
    try:
        return list(_profiles(text)), ""
    except _Error as error:
        return [], f"AppArmor parser error for {path} in {path} at line {error.line}: syntax error"


def _profiles(text: str) -> Iterator[Profile]:
    depth, words, rules, head = 0, "", list[str](), Profile("", False)
    for line, mark, before in _marks(text):
        words = f"{words} {before}".strip()
        if mark == "{":
            if not depth:
                head, rules = _head(words, line), []
            elif words.split()[:1] not in (["profile"], ["hat"]) and words[:1] not in ("^", "/"):
                raise _Error(line)
            else:
                rules.append(f"{' '.join(words.split())} {{")
            depth, words = depth + 1, ""
        elif mark == "}":
            if not depth or words:
                raise _Error(line)
            depth -= 1
            if not depth:
                yield msgspec.structs.replace(head, rules="\n".join(rules))
            else:
                rules.append("}")
        elif mark == "," and depth:
            _check(words, line)
            rules.append(" ".join(words.split()) + ",")
            words = ""
        elif mark == ",":
            words += ","  # between flags
    if depth or words:
        raise _Error(text.count("\n") + 1)


def _marks(text: str) -> Iterator[tuple[int, str, str]]:
    """Line, mark, and the text before it; of comments, includes and variables nothing."""
    for number, raw in enumerate(text.splitlines(), start=1):
        line = re.sub(_COMMENT, "", raw)
        if re.match(_OUTSIDE, line):
            continue
        at = 0
        for match in re.finditer(_MARK, line):
            yield number, match[0], line[at : match.start()]
            at = match.end()
        yield number, "", line[at:]


def _head(text: str, line: int) -> Profile:
    """A profile's name and flags, as they are before its brace."""
    name = r'"[^"]+"|[^\s"(,]+'
    match = re.fullmatch(rf"(profile\s+)?({name})(?:\s+({name}))?(?:\s+(?:flags\s*=\s*)?\(([^)]*)\))?", text)
    if match is None or not (match[1] or match[2].strip('"').startswith(("/", "@"))) or "=" in match[2]:
        raise _Error(line)
    flags = {one for one in re.split(r"[\s,]+", match[4] or "") if one}
    if not flags <= _FLAGS:
        raise NotJudged(f"the flags of profile {match[2]}")
    return Profile(match[2].strip('"'), "complain" in flags)


def _check(rule: str, line: int) -> None:
    """Whether a rule can be read, as far as it is looked at. Raises `_Error`."""
    words = [word for word in rule.split() if word not in _QUALIFIERS and not word.startswith("priority=")]
    if not words:
        if rule:
            return  # `deny,` and the like: all files
        raise _Error(line)
    if words[0] in _KINDS:
        return
    if words[0].startswith(("/", "@{", '"')):
        if len(words) == 1 or (len(words) == 2 and not set(words[1]) <= _PERMISSIONS):
            raise _Error(line)
        return
    if len(words) > 1 and set(words[0]) <= _PERMISSIONS and words[1].startswith(("/", "@{", '"')):
        return
    raise _Error(line)
