"""The values of words: variables, the output of commands, splitting into fields, file name patterns.

Follows POSIX.1-2024, XCU 2.6 (Word Expansions). A variable that neither the script nor the container sets
may come from the image, so its value isn't known.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Protocol

from trainer.errors import NotJudged
from trainer.patterns import regex
from trainer.simulate.shell.arithmetic import Invalid, evaluate
from trainer.simulate.shell.assignments import Array, Value, as_array, as_text, keyed
from trainer.simulate.shell.filesystem import BIN_FOLDERS
from trainer.simulate.shell.process import MOST_TEXT, Host, absolute, limited
from trainer.simulate.shell.syntax import Assignment, Part, Script, Word

_PATTERN = frozenset("*?[")
_BLANKS = " \t\n"
_EXPANDED = regex(r"\{[^{}]*(?:,|\.\.)|\{[^}]*$")
"""What bash may expand: braces with a comma or two dots in them, or more in another part of the word."""
_RANGE = regex(r"([^{}]*)\{([0-9]{1,3})\.\.([0-9]{1,3})\}([^{}]*)")
"""`{1..3}`; numbers with a zero in front, and steps, are outside."""
_BRACES = regex(r"([^{},]*)\{([^{},]*(?:,[^{},]*)+)\}([^{}]*)")


_OF_SH = frozenset({"PWD", "OLDPWD", "PPID", "LINENO", "OPTIND"})
_OWN = _OF_SH | frozenset(
    "UID EUID BASH_SOURCE FUNCNAME PIPESTATUS RANDOM SRANDOM SECONDS EPOCHSECONDS BASHPID BASH_VERSION"
    " BASH_VERSINFO SHLVL OSTYPE HOSTTYPE MACHTYPE GROUPS BASH_COMMAND BASH_LINENO DIRSTACK".split()
)
"""Variables that a shell sets itself (dash(1) 0.5.12, bash(1) 5.2)."""


class Scope(Protocol):
    """What a shell knows while it runs."""

    variables: dict[str, Value | None]
    """None for a variable that is known not to be set."""
    arguments: tuple[str, ...]
    """`$0`, `$1`, ..."""
    code: int
    """`$?`."""
    dash: bool
    strict: bool
    """`set -u`."""


class Unset(Exception):
    """`set -u` or `${x:?}`: the shell ends."""


class Words:
    """Expands words for one shell; `output` runs a command substitution."""

    def __init__(self, scope: Scope, host: Host, output: Callable[[Script], str]) -> None:
        self.scope = scope
        self.host = host
        self.files = host.files
        self.output = output

    def fields(self, words: tuple[Word, ...]) -> list[str]:
        """All words of a command: expanded, split, with file names for patterns."""
        found: list[str] = []
        size = 0
        for word in words:
            for one in (word,) if self.scope.dash else _braces(word):
                more = self._fields(one, removes=found[:1] in (["rm"], ["chmod"]))
                size += sum(map(len, more))
                if size > MOST_TEXT:
                    raise NotJudged(f"a command of more than {MOST_TEXT} characters")
                found += more
        return found

    def text(self, word: Word) -> str:
        """One word as one text, neither split nor a pattern: an assignment, a target of a redirection."""
        found = ""
        for part in self._plain(word):
            found = limited(found + self._value(part))
        return found

    def pattern(self, word: Word) -> str:
        """A word of `case` or `[[` as a pattern: quoted characters stand for themselves."""
        parts = [(self._value(part), part.quoted) for part in self._plain(word)]
        return "".join(_literal(value) if quoted else value.replace("[^", "[!") for value, quoted in parts)

    def number(self, word: Word) -> int:
        """The value of an arithmetic expression."""
        try:
            return evaluate(self.text(word), self.scope.variables, self._needed)
        except Invalid as error:
            raise NotJudged(f"arithmetic with {error}") from None

    def _needed(self, name: str) -> Value | None:
        """The value of a variable; with `set -u` it must have one."""
        value = self._known(name)
        if value is None and self.scope.strict:
            raise Unset(f"{name} is not set")
        return value

    def assigned(self, one: Assignment) -> Value:
        """The value that a variable has after an assignment."""
        before = self.scope.variables.get(one.name)
        if len(one.value) == 1 and one.value[0].kind == "array":
            if one.index is not None:
                raise NotJudged("an array in an array")
            start = as_array(before) if one.adds else Array(named=isinstance(before, Array) and before.named)
            return self._elements(one.value[0].items, start)
        text = self.text(one.value)
        if one.index is None and not isinstance(before, Array):
            return limited((before or "") + text) if one.adds else text
        array, key = as_array(before), "0" if one.index is None else self.text(one.index)
        return array.put(key, limited((array.get(key) or "") + text) if one.adds else text)

    def _elements(self, items: tuple[Word, ...], array: Array) -> Array:
        for item in items:
            pair = keyed(item)
            if pair is not None:
                array = array.put(pair[0], self.text(pair[1]))
            else:
                array = array.extended(self.fields((item,)))
        return array

    def _fields(self, word: Word, *, removes: bool) -> list[str]:
        word = self._plain(word)
        fields: list[str] = []
        current, started, special = "", False, False
        for part in word:
            several = self._several(part)
            if several is not None and part.quoted:
                # Each one is a field; what is before and behind them belongs to the first and the last.
                fields += [current + one if not at else one for at, one in enumerate(several[:-1])]
                if several:
                    current, started = (current if len(several) == 1 else "") + several[-1], True
                elif len(word) > 1 and all(not one.text for one in word if one.kind == "text"):
                    started = started and bool(current)
                continue
            value = self._value(part) if several is None else " ".join(several)
            if part.kind == "text" or part.quoted:
                special = special or (not part.quoted and _is_pattern(value))
                current, started = limited(current + value), started or part.quoted or bool(value)
                continue
            if _is_pattern(value):
                raise NotJudged(f"a file name pattern ({value})")
            self._test_splitting(value)
            pieces = value.split()
            if value[:1] in _BLANKS and started and value:
                fields.append(current)
                current, started = "", False
            for index, piece in enumerate(pieces):
                if index:
                    fields.append(current)
                    current = ""
                current, started = current + piece, True
            if pieces and value[-1] in _BLANKS:
                fields.append(current)
                current, started = "", False
        if started:
            fields.append(current)
        return (
            [name for field in fields for name in self._names(field, removes=removes)] if special else fields
        )

    def _plain(self, word: Word) -> Word:
        """The word with its own home directory (`~`, `~/x`) as a path. Raises `NotJudged` for others."""
        if not self.scope.dash:
            for part in word:
                if part.kind == "text" and not part.quoted and _EXPANDED.search(part.text):
                    raise NotJudged("braces")
        first = word[0] if word else None
        if first is None or first.kind != "text" or first.quoted or not first.text.startswith("~"):
            return word
        home = as_text(self.scope.variables.get("HOME"))
        if not home or not (first.text.startswith("~/") or (first.text == "~" and len(word) == 1)):
            raise NotJudged("a home directory (~)")
        return (Part("text", home, quoted=True), Part("text", first.text[1:]), *word[1:])

    def _names(self, pattern: str, *, removes: bool) -> list[str]:
        """The file names that a pattern stands for, where everything in the directory is known.

        `rm` and `chmod` also take a pattern in a directory of programs: they change others that aren't known,
        too.
        """
        folder, name = posixpath.split(pattern)
        if not _is_pattern(pattern):
            return [pattern]
        entries = None
        if (folder[:1] == "/" or self.host.folder) and not any(char in _PATTERN for char in folder):
            entries = self.files.entries(absolute(self.host, folder or "."))
        if entries is None and removes and folder in BIN_FOLDERS:
            real = self.files.real(posixpath.join(folder, "x"))[:-2]
            known = [posixpath.basename(path) for path in self.files.tree(real)]
            entries = [one for one in known if fnmatchcase(one, name)] or None
        if entries is None:
            char = next(char for char in pattern if char in _PATTERN)
            raise NotJudged(f"a file name pattern ({char})")
        hidden = name.startswith(".")
        found = [one for one in entries if fnmatchcase(one, name) and one.startswith(".") is hidden]
        return [posixpath.join(folder, one) for one in found] or [pattern]

    def _test_splitting(self, value: str) -> None:
        """Raise `NotJudged` where another IFS would split a value in another way."""
        mark = as_text(self.scope.variables.get("IFS"))
        if mark is not None and set(value) & (set(mark) ^ set(_BLANKS)):
            raise NotJudged("a value that IFS splits")

    def _several(self, part: Part) -> list[str] | None:
        """What `$@`, `${name[@]}` and `${!name[@]}` stand for; None for any other part."""
        if part.kind != "variable" or part.prefix == "#":
            return None
        if part.text == "@" and not part.index:
            return list(self.scope.arguments[1:])
        if not _is_at(part.index, "@*" if not part.quoted else "@"):
            return None
        array = as_array(self._known(part.text))
        values = [key for key, _ in array.items] if part.prefix == "!" else array.values
        return [_replaced(one, part.replaced) for one in values]

    def _value(self, part: Part) -> str:
        if part.kind == "text":
            return part.text
        if part.kind == "output":
            return self.output(part.script).rstrip("\n")
        if part.kind == "arithmetic":
            return str(self.number(part.word))
        if part.kind == "array":
            raise NotJudged("an array where no variable gets it")
        if part.index or part.prefix or part.replaced:
            return self._element(part)
        return self._variable(part)

    def _element(self, part: Part) -> str:
        """An element, all of them as one text, a length, or a text in which something is replaced."""
        value = self._known(part.text)
        if not part.index:
            text = self._looked_up(part.text)
        elif _is_at(part.index, "@*"):
            array = as_array(value)
            if part.prefix == "#":
                return str(len(array.items))
            mark = as_text(self.scope.variables.get("IFS"))
            return (" " if mark is None else mark[:1]).join(
                [key for key, _ in array.items] if part.prefix == "!" else array.values
            )
        else:
            text = as_array(value).get(self._key(value, part.index))
        if text is None and self.scope.strict:
            raise Unset(f"{part.text} is not set")
        if part.prefix == "!":
            raise NotJudged(f"the expansion ${{!{part.text}[...]}}")
        if part.prefix == "#":
            return str(len(text or ""))
        if part.replaced is not None:
            return limited(_replaced(text or "", part.replaced))
        return text or ""

    def _key(self, value: Value | None, index: Word) -> str:
        """A subscript as a text; one of numbers may be the name of a variable."""
        text = self.text(index)
        if not (isinstance(value, Array) and value.named) and text.isidentifier():
            return as_text(self.scope.variables.get(text)) or "0"
        return text

    def _variable(self, part: Part) -> str:
        value = self._looked_up(part.text)
        if not part.otherwise:
            if value is None and self.scope.strict:
                raise Unset(f"{part.text} is not set")
            return value or ""
        word = "".join(one.text for one in part.word)
        if part.otherwise[0] in "%#":
            return _cut(value or "", word, part.otherwise)
        empty = value is None or (part.otherwise.startswith(":") and not value)
        match part.otherwise[-1]:
            case "-":
                return word if empty else str(value)
            case "+":
                return "" if empty else word
            case "=":
                if empty:
                    self.scope.variables[part.text] = word
                return word if empty else str(value)
        if empty:
            raise Unset(f"{part.text}: {word or 'not set'}")
        return str(value)

    def _looked_up(self, name: str) -> str | None:
        """The value of a variable or parameter. Raises `NotJudged` if the image may set it."""
        if name == "?":
            return str(self.scope.code)
        if name == "#":
            return str(len(self.scope.arguments) - 1)
        if name in ("*", "@"):
            return " ".join(self.scope.arguments[1:])
        if name.isdigit():
            index = int(name)
            return self.scope.arguments[index] if index < len(self.scope.arguments) else None
        if not (name[0].isalpha() or name[0] == "_"):
            raise NotJudged(f"the parameter ${name}")
        if name not in self.scope.variables and not self.host.whole_environment and name not in _OWN:
            raise NotJudged(f"the variable ${name}, which the manifest doesn't set")
        return as_text(self._known(name))

    def _known(self, name: str) -> Value | None:
        """The value of a variable, also of those that the shell sets itself."""
        if name == "PWD" and self.host.folder:
            return self.host.folder
        if not self.scope.dash and name in ("UID", "EUID"):
            return str(self.host.user)
        if name in self.scope.variables or name not in (_OF_SH if self.scope.dash else _OWN):
            return self.scope.variables.get(name)
        if name == "LINENO":
            return str(self.host.line)
        if name == "BASH_SOURCE" and not self.scope.dash:
            return as_array(self.scope.arguments[0])
        raise NotJudged(f"the variable {name}, which the shell sets")


def _replaced(text: str, how: tuple[str, str, bool] | None) -> str:
    """`${name/old/new}`: the first `old`, every one, that at the start (`#old`) or at the end (`%old`)."""
    if how is None:
        return text
    old, new, everywhere = how
    if not everywhere and old[0] == "#":
        return new + text.removeprefix(old[1:]) if text.startswith(old[1:]) else text
    if not everywhere and old[0] == "%":
        return text.removesuffix(old[1:]) + new if text.endswith(old[1:]) else text
    return limited(text.replace(old, new, -1 if everywhere else 1))


def _is_at(index: Word, marks: str) -> bool:
    """Whether a subscript means all elements."""
    return (
        len(index) == 1 and index[0].kind == "text" and not index[0].quoted and index[0].text in tuple(marks)
    )


def _braces(word: Word) -> tuple[Word, ...]:
    """The words that `a{b,c}d` stands for in bash; the word itself if it has no such braces, or others."""
    parts = [
        at for at, part in enumerate(word) if part.kind == "text" and not part.quoted and "{" in part.text
    ]
    text = word[parts[0]].text if len(parts) == 1 else ""
    if (found := _RANGE.fullmatch(text)) and not any(one[0] == "0" < one[1:] for one in (found[2], found[3])):
        first, last = int(found[2]), int(found[3])
        numbers = range(first, last + 1) if first <= last else range(first, last - 1, -1)
        texts = [f"{found[1]}{one}{found[4]}" for one in numbers]
    elif match := _BRACES.fullmatch(text):
        texts = [f"{match[1]}{one}{match[3]}" for one in match[2].split(",")]
    else:
        return (word,)
    at = parts[0]
    return tuple((*word[:at], Part("text", one), *word[at + 1 :]) for one in texts)


def _cut(value: str, pattern: str, how: str) -> str:
    """The value without what matches at its end (`%`) or start (`#`): the shortest, doubled the longest."""
    sizes = range(len(value) + 1) if len(how) == 1 else range(len(value), -1, -1)
    for size in sizes:
        piece = value[len(value) - size :] if how[0] == "%" else value[:size]
        if fnmatchcase(piece, pattern):
            return value[: len(value) - size] if how[0] == "%" else value[size:]
    return value


def _is_pattern(text: str) -> bool:
    """Whether a text has a special character; `[` needs its `]`."""
    return "*" in text or "?" in text or "]" in text.partition("[")[2]


def _literal(text: str) -> str:
    return "".join(f"[{char}]" if char in _PATTERN else char for char in text)
