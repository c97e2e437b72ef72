"""Runs the commands of sed on the lines of a text.

Follows POSIX.1-2024, XCU `sed`, and GNU sed 4.9: `n` and `N` without a next line print the pattern space,
and a last line without an end keeps none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from trainer.errors import NotJudged
from trainer.simulate.shell.process import MOST_TEXT, limited
from trainer.simulate.shell.tools.expressions import compiled
from trainer.simulate.shell.tools.sed.script import Address, Command

MOST_STEPS = 60_000


class _End(Exception):
    """`q`, or no next line."""


class Run:
    """One run; `contents` reads a file of `r`: None for one that doesn't exist."""

    def __init__(
        self, commands: list[Command], contents: Callable[[str], str | None], *, quiet: bool, mark: str = "\n"
    ) -> None:
        self.commands = commands
        self.contents = contents
        self.quiet = quiet
        self.mark = mark
        self.code = 0
        self.files: dict[str, str] = {}
        """What `w` writes, by the name of the file."""
        self.hold = ""
        self.steps = 0
        self.last_pattern = ""

    def edited(self, text: str) -> str:
        """What the commands make of a text."""
        self.ended = text.endswith(self.mark)
        self.lines = text.removesuffix(self.mark).split(self.mark) if text else []
        self.at = 0
        self.space = ""
        self.out: list[str] = []
        self.size = 0
        self.missing = False
        """Whether the output has a last line without an end."""
        self.queue: list[str] = []
        self.ranges: dict[int, int | None] = {}
        """The commands whose range is open, with the line where it ends if that is known."""
        self.changed = False
        with suppress(_End):
            again = False
            while again or self.read():
                again = self.cycle()
        return "".join(self.out)

    def read(self) -> bool:
        """Make the next line the pattern space; false without one."""
        if self.at >= len(self.lines):
            return False
        self.space = self.lines[self.at]
        self.at += 1
        self.changed = False
        return True

    def emit(self, text: str, *, ended: bool = True) -> None:
        """Write a line."""
        self.out.append((self.mark if self.missing else "") + text + (self.mark if ended else ""))
        self.missing = not ended
        self.size += len(self.out[-1])
        if self.size > MOST_TEXT:
            raise NotJudged(f"sed with more than {MOST_TEXT} characters")

    def show(self) -> None:
        """Write the pattern space."""
        self.emit(self.space, ended=self.ended or self.at < len(self.lines))

    def finish(self, *, shown: bool) -> None:
        """End a cycle: write the pattern space, and what waits for that."""
        if shown and not self.quiet:
            self.show()
        for text in self.queue:
            self.emit(text.removesuffix("\n"), ended=text.endswith("\n"))
        self.queue = []

    def cycle(self) -> bool:
        """Run the commands on the pattern space; whether the next cycle reads no line."""
        at = 0
        while at < len(self.commands):
            self.steps += 1
            if self.steps > MOST_STEPS:
                raise NotJudged(f"sed with more than {MOST_STEPS} steps")
            command = self.commands[at]
            chosen = self.chosen(at, command) is not command.negated
            at += 1
            if command.verb == "{":
                at = at if chosen else command.to
            elif chosen and command.verb in ("b", "t", "T"):
                goes = command.verb == "b" or self.changed is (command.verb == "t")
                self.changed = self.changed and command.verb == "b"
                at = command.to if goes else at
            elif chosen and command.verb in ("d", "c"):
                if command.verb == "c" and (
                    command.last is None or command.negated or at - 1 not in self.ranges
                ):
                    self.emit(command.text)
                self.finish(shown=False)
                return False
            elif chosen and command.verb == "D":
                _, found, rest = self.space.partition("\n")
                self.finish(shown=False)
                self.space = rest
                return bool(found)
            elif chosen:
                self.execute(command)
        self.finish(shown=True)
        return False

    def execute(self, command: Command) -> None:
        """Run a command that doesn't change what comes next."""
        match command.verb:
            case "s":
                self.substitute(command)
            case "y":
                table = dict(zip(map(ord, command.text), command.new[0], strict=True))
                self.space = self.space.translate(table)
            case "p":
                self.show()
            case "P":
                self.emit(self.space.partition("\n")[0])
            case "=":
                self.emit(str(self.at))
            case "i":
                self.emit(command.text)
            case "a":
                self.queue.append(f"{command.text}\n")
            case "r":
                text = self.contents(command.text)
                self.queue += [text] if text else []
            case "w":
                self.write(command.text)
            case "n" | "N":
                self.further(command.verb)
            case "q" | "Q":
                self.code = int(command.text or 0) & 255
                self.finish(shown=command.verb == "q")
                raise _End
            case _:
                self.keep(command.verb)

    def further(self, verb: str) -> None:
        """`n` and `N`: the next line instead of the pattern space, or behind it."""
        if self.at >= len(self.lines):
            self.finish(shown=True)
            raise _End
        before, changed = self.space, self.changed
        if verb == "n":
            self.finish(shown=True)
        self.read()
        self.changed = changed
        if verb == "N":
            self.space = limited(f"{before}\n{self.space}")

    def keep(self, verb: str) -> None:
        """The commands that copy from and to the hold space."""
        match verb:
            case "g":
                self.space = self.hold
            case "G":
                self.space = limited(f"{self.space}\n{self.hold}")
            case "h":
                self.hold = self.space
            case "H":
                self.hold = limited(f"{self.hold}\n{self.space}")
            case "x":
                self.space, self.hold = self.hold, self.space
            case "z":
                self.space = ""

    def write(self, name: str) -> None:
        """`w`: the pattern space to a file."""
        if name == "/dev/stdout":
            self.show()
        elif name != "/dev/stderr":
            self.files[name] = limited(self.files.get(name, "") + self.space + "\n")

    def pattern(self, text: str) -> Any:
        """A pattern, ready to match; nothing means the one that was used last."""
        self.last_pattern = text or self.last_pattern
        if not self.last_pattern:
            raise NotJudged("an empty pattern in sed")
        return compiled(self.last_pattern)

    def hits(self, address: Address) -> bool:
        """Whether the current line has this address."""
        match address.kind:
            case "last":
                return self.at == len(self.lines)
            case "line":
                return self.at == address.number
            case "step":
                over = self.at - address.number
                return over >= 0 and (over % address.step == 0 if address.step else not over)
        return self.pattern(address.pattern).search(self.space) is not None

    def chosen(self, index: int, command: Command) -> bool:
        """Whether the addresses of a command choose the current line."""
        if command.first is None:
            return True
        if command.last is None:
            return self.hits(command.first)
        if index not in self.ranges:
            if command.first == Address("line", 0):  # `0,/x/` begins before the first line
                if self.at != 1:
                    return False
                self.ranges[index] = None
                return self.inside(index, command.last)
            return self.begins(index, command.first, command.last)
        return self.inside(index, command.last)

    def begins(self, index: int, first: Address, last: Address) -> bool:
        """Whether a range begins at the current line."""
        if not self.hits(first):
            return False
        end: int | None = None
        if last.kind == "line":
            end = last.number
        elif last.kind == "plus":
            end = self.at + last.number
        elif last.kind == "multiple":
            end = (self.at // last.number + 1) * last.number if last.number else self.at
        elif last.kind == "last":
            end = len(self.lines)
        if end is None or end > self.at:
            self.ranges[index] = end
        return True

    def inside(self, index: int, last: Address) -> bool:
        """Whether the current line is in a range that has begun."""
        end = self.ranges[index]
        if end is None:
            if self.hits(last):
                del self.ranges[index]
            return True
        if self.at >= end:
            del self.ranges[index]
        return self.at <= end

    def substitute(self, command: Command) -> None:
        """`s`: put a text in the place of what matches."""
        digits = re.search(r"[0-9]+", command.flags)
        first = int(digits[0]) if digits else 1
        line = self.space
        found: list[str] = []
        end = number = size = 0
        for match in self.pattern(command.text).finditer(line):
            start, after = match.span()
            if number and start == after == end:
                continue  # no empty match right behind another match
            number += 1
            chosen = number == first or (number > first and "g" in command.flags)
            put = _put(command.new, match) if chosen else match[0]
            found += [line[end:start], put]
            size += start - end + len(put)
            if size > MOST_TEXT:
                limited("".join(found))
            end = after
            if chosen and "g" not in command.flags:
                break
        if number < first:
            return
        self.space = limited("".join([*found, line[end:]]))
        self.changed = True
        if "p" in command.flags:
            self.show()
        if command.file:
            self.write(command.file)


def _put(pieces: tuple[str, ...], match: Any) -> str:
    """The new text of a match: its groups, and cases, from a letter such as `U` up to `E`."""
    found: list[str] = []
    case = once = ""
    for piece in pieces:
        if piece[0] == "\\" and len(piece) == 2 and piece[1] in "ULE":
            case, once = piece[1], ""
            continue
        if piece[0] == "\\" and len(piece) == 2 and piece[1] in "ul":
            once = piece[1]
            continue
        text = piece
        if piece[0] == "\\" and piece[1].isdecimal():
            number = int(piece[1])
            if number > len(match.groups()):
                raise NotJudged(f"\\{number} without such a group in sed")
            text = match[number] or ""
        elif piece[0] == "\\":
            text = piece[1:]
        text = text.upper() if case == "U" else text.lower() if case == "L" else text
        if once and text:
            head = text[0].upper() if once == "u" else text[0].lower()
            text, once = head + text[1:], ""
        found.append(text)
    return "".join(found)
