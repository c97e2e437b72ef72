"""Reads a script of sed: addresses, commands, blocks and labels.

Follows POSIX.1-2024, XCU `sed`, and GNU sed 4.9 for one-line `a`, `i`, `c`, `first~step`, `0,/x/`, `addr,+N`
and cases in the new text of `s`:
https://www.gnu.org/software/sed/manual/sed.html. `e`, `l` and the flags `e` and
`m` are outside.
"""

from __future__ import annotations

import re

import msgspec

from trainer.errors import NotJudged
from trainer.patterns import regex
from trainer.simulate.shell.tools.expressions import compiled, translated

_LINE = regex(r"\$|[0-9]+(?:~[0-9]+)?")
_SECOND = regex(r"\$|[+~]?[0-9]+")
_LABEL = regex(r"[ \t]*([^;\s}]*)")
_CODE = regex(r"[ \t]*([0-9]{0,3})")
_FLAGS = regex(r"[gIip0-9]*")
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "\n": "\n"}
"""Escapes in the text of `a`, `i` and `c`, and in the new text of `s`."""
_PLAIN = frozenset("dDpPnNgGhHxq=Qz")


class Address(msgspec.Struct, frozen=True):
    """A line by its number, `$`, a pattern, `first~step`; as the second one also `+N` and `~N`."""

    kind: str
    """`line`, `last`, `pattern`, `step`, `plus` or `multiple`."""
    number: int = 0
    step: int = 0
    pattern: str = ""
    """For RE2; empty for the pattern that was used last."""


class Command(msgspec.Struct):
    """One command, with the range of its lines."""

    first: Address | None
    last: Address | None
    negated: bool
    verb: str
    text: str = ""
    """The text of `a`, `i`, `c`, a file, a label, the characters of `y`, or what `s` looks for."""
    new: tuple[str, ...] = ()
    """What `s` puts in its place: texts, and after a backslash a group (`\\\\1`) or a case (`\\\\U`)."""
    flags: str = ""
    file: str = ""
    """Where `s` writes lines."""
    to: int = 0
    """Where a block ends, or a branch goes on."""


def read_script(text: str, *, extended: bool) -> list[Command]:
    """The commands of a script. Raises `NotJudged` for what isn't known or is broken."""
    reader = _Reader(text, extended=extended)
    reader.run()
    return reader.commands


class _Reader:
    def __init__(self, text: str, *, extended: bool) -> None:
        self.text = text
        self.at = 0
        self.extended = extended
        self.commands: list[Command] = []
        self.labels: dict[str, int] = {}

    def unknown(self) -> NotJudged:
        return NotJudged(f"sed {self.text[:60]}")

    def char(self) -> str:
        return self.text[self.at : self.at + 1]

    def skip(self, chars: str) -> None:
        while self.at < len(self.text) and self.text[self.at] in chars:
            self.at += 1

    def run(self) -> None:
        blocks: list[int] = []
        while True:
            self.skip(" \t\n;")
            if self.at >= len(self.text):
                break
            if self.char() == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
                continue
            if self.char() == "}":
                if not blocks:
                    raise self.unknown()
                self.commands[blocks.pop()].to = len(self.commands)
                self.at += 1
                self.ends()
                continue
            command = self.command()
            if command.verb == "{":
                blocks.append(len(self.commands))
            self.commands.append(command)
        if blocks:
            raise self.unknown()
        for command in self.commands:
            if command.verb in ("b", "t", "T"):
                if command.text not in self.labels and command.text:
                    raise self.unknown()
                command.to = self.labels.get(command.text, len(self.commands))

    def ends(self) -> None:
        """The end of a command: a line end, a semicolon, or a brace that closes a block."""
        self.skip(" \t")
        if self.at < len(self.text) and self.char() not in ";\n}#":
            raise self.unknown()

    def command(self) -> Command:
        first = self.address(_LINE)
        last = None
        self.skip(" \t")
        if first is not None and self.char() == ",":
            self.at += 1
            self.skip(" \t")
            last = self.address(_SECOND)
            if last is None:
                raise self.unknown()
        if first is not None and first == Address("line", 0) and (last is None or last.kind != "pattern"):
            raise self.unknown()
        self.skip(" \t")
        negated = self.char() == "!"
        self.skip("! \t")
        command = Command(first, last, negated, self.char())
        self.at += 1
        self.operands(command)
        return command

    def operands(self, command: Command) -> None:
        """What follows the letter of a command."""
        verb = command.verb
        if verb in ("a", "i", "c"):
            command.text = self.lines()
        elif verb in ("r", "w"):
            command.text = self.rest()
        elif verb == "s":
            self.substitution(command)
        elif verb == "y":
            self.transliteration(command)
        elif verb in (":", "b", "t", "T"):
            match = _LABEL.match(self.text, self.at)
            command.text = match[1] if match is not None else ""
            self.at = match.end() if match is not None else self.at
            if verb == ":":
                if command.first is not None or not command.text:
                    raise self.unknown()
                self.labels[command.text] = len(self.commands)
            self.ends()
        elif verb in ("q", "Q"):
            match = _CODE.match(self.text, self.at)
            command.text = match[1] if match is not None else ""
            self.at = match.end() if match is not None else self.at
            self.ends()
        elif verb and verb in _PLAIN:
            self.ends()
        elif verb != "{":
            raise NotJudged(f"the sed command {verb or self.text[:60]}")

    def address(self, numbers: re.Pattern[str]) -> Address | None:
        """An address, if there is one here."""
        match = numbers.match(self.text, self.at)
        if match is not None:
            self.at = match.end()
            text = match[0]
            if text == "$":
                return Address("last")
            if text[0] in "+~":
                return Address("plus" if text[0] == "+" else "multiple", int(text[1:]))
            number, mark, step = text.partition("~")
            return Address("step", int(number), int(step)) if mark else Address("line", int(number))
        if self.char() not in ("/", "\\") or not self.char():
            return None
        self.at += 1 if self.char() == "/" else 2
        pattern = self.until(self.text[self.at - 1 : self.at])
        flags = ""
        while self.char() == "I":
            flags = "(?i)"
            self.at += 1
        if self.char() == "M":
            raise self.unknown()
        return Address("pattern", pattern=self.pattern(pattern, flags))

    def pattern(self, text: str, flags: str = "") -> str:
        """A pattern for RE2, in which `.` also matches the line ends that `N` makes; nothing for none."""
        if not text:
            if flags:
                raise self.unknown()
            return ""
        return f"(?s){flags}{translated(text, extended=self.extended)}"

    def until(self, mark: str) -> str:
        """The text up to an unescaped mark, behind which the script goes on."""
        if not mark or mark in "\\\n":
            raise NotJudged("an unfinished command of sed")
        found: list[str] = []
        while self.at < len(self.text) and self.char() != mark:
            char = self.char()
            following = self.text[self.at + 1 : self.at + 2]
            if char == "\\" and following:
                special = following in "[]().*^$+?|{}"
                found.append(f"\\{following}" if following != mark or special else following)
                self.at += 2
                continue
            found.append(char)
            self.at += 1
        if self.at >= len(self.text):
            raise NotJudged(f"an unfinished sed command ({self.text[:60]})")
        self.at += 1
        return "".join(found)

    def rest(self) -> str:
        """A file name: up to the end of the line."""
        end = self.text.find("\n", self.at)
        end = len(self.text) if end < 0 else end
        name, self.at = self.text[self.at : end].strip(" \t"), end
        if not name:
            raise self.unknown()
        return name

    def lines(self) -> str:
        """The text of `a`, `i` and `c`: up to a line end without a backslash in front."""
        self.skip(" \t")
        if self.char() == "\\":  # then blanks count
            self.at += 1
            if self.char() == "\n":
                self.at += 1
        found: list[str] = []
        while self.at < len(self.text) and self.char() != "\n":
            char = self.char()
            self.at += 1
            if char == "\\" and self.at < len(self.text):
                char = _CONTROLS.get(self.char(), self.char())
                self.at += 1
            found.append(char)
        return "".join(found)

    def substitution(self, command: Command) -> None:
        mark = self.char()
        self.at += 1
        pattern = self.until(mark)
        new = self.until(mark)
        match = _FLAGS.match(self.text, self.at)
        command.flags = match[0] if match is not None else ""
        self.at += len(command.flags)
        if self.char() == "w":
            self.at += 1
            command.file = self.rest()
        if len(re.findall(r"[0-9]+", command.flags)) > 1 or re.search(r"(?<![0-9])0", command.flags):
            raise NotJudged(f"the flags {command.flags} of the s command of sed")
        command.text = self.pattern(pattern, "(?i)" if set("Ii") & set(command.flags) else "")
        command.new = _new_text(new)
        groups = [int(piece[1]) for piece in command.new if piece[0] == "\\" and piece[1].isdecimal()]
        if groups and command.text and max(groups) > compiled(command.text).groups:
            raise NotJudged(f"\\{max(groups)} without such a group in sed")
        self.ends()

    def transliteration(self, command: Command) -> None:
        mark = self.char()
        self.at += 1
        one, other = (
            re.sub(r"\\(.)", lambda found: {"n": "\n", "t": "\t"}.get(found[1], found[1]), self.until(mark))
            for _ in range(2)
        )
        if len(one) != len(other):
            raise self.unknown()
        command.text, command.new = one, (other,)
        self.ends()


def _new_text(text: str) -> tuple[str, ...]:
    """What `s` puts in the place of a match: texts, groups (`&` is the group 0) and cases."""
    found: list[str] = []
    at = 0
    while at < len(text):
        char, at = text[at], at + 1
        if char == "&":
            found.append("\\0")
            continue
        if char == "\\" and at < len(text):
            char, at = text[at], at + 1
            if char.isdecimal() or char in "ULlE":
                found.append(f"\\{char}")
                continue
            if char == "u":
                found.append("\\u")
                continue
            if char.isalpha() and char not in _CONTROLS:
                raise NotJudged(f"\\{char} in an s command of sed")
            char = _CONTROLS.get(char, char)
        if found and found[-1][0] != "\\":
            found[-1] += char
        else:
            found.append(char if char != "\\" else "\\\\")
    return tuple(found)
