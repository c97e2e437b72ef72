"""The values of words: variables, the output of commands, splitting into fields, file name patterns.

Follows POSIX.1-2024, XCU 2.6 (Word Expansions). A variable that neither the script nor the container sets
may come from the image, so its value isn't known.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from typing import Protocol

from msgspec.structs import replace

from trainer.errors import NotJudged
from trainer.simulate.shell import braces, globs
from trainer.simulate.shell.arithmetic import Invalid, evaluate
from trainer.simulate.shell.assignments import Array, Value, as_array, as_text, keyed
from trainer.simulate.shell.fields import Fields
from trainer.simulate.shell.filesystem import BIN_FOLDERS, File
from trainer.simulate.shell.options import Running as Options
from trainer.simulate.shell.options import flags
from trainer.simulate.shell.parameters import changed, slice_of
from trainer.simulate.shell.process import MOST_TEXT, SHELL_ID, Host, absolute, limited
from trainer.simulate.shell.syntax import Assignment, Part, Script, Word

_PATTERN = frozenset("*?[")
_OF_SH = frozenset({"PWD", "OLDPWD", "PPID", "LINENO", "OPTIND"})
_OWN = _OF_SH | frozenset(
    "UID EUID BASH_SOURCE FUNCNAME PIPESTATUS RANDOM SRANDOM SECONDS EPOCHSECONDS BASHPID BASH_VERSION"
    " BASH_VERSINFO SHLVL OSTYPE HOSTTYPE MACHTYPE GROUPS BASH_COMMAND BASH_LINENO DIRSTACK".split()
)
"""Variables that a shell sets itself (dash(1) 0.5.12, bash(1) 5.2)."""


class Scope(Options, Protocol):
    """What a shell knows while it runs."""

    code: int
    """`$?`."""


class Unset(Exception):
    """`set -u` or `${x:?}`: the shell ends."""


class Words:
    """Expands words for one shell; `output` runs a command substitution."""

    def __init__(self, scope: Scope, host: Host, output: Callable[[Script], str]) -> None:
        self.scope = scope
        self.host = host
        self.files = host.files
        self.output = output
        self.made: list[str] = []
        """The files of `<(...)`, which the current command reads."""

    def fields(self, words: tuple[Word, ...]) -> list[str]:
        """All words of a command: expanded, split, with file names for patterns."""
        found: list[str] = []
        size = 0
        for word in words:
            for one in (word,) if self.scope.dash else braces.expanded(word):
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
        return "".join(
            globs.literal(self._value(part)) if part.quoted else self._value(part)
            for part in self._plain(word)
        )

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
        array, key = as_array(before), "0" if one.index is None else self._key(before, one.index)
        return array.put(key, limited((array.get(key) or "") + text) if one.adds else text)

    def _elements(self, items: tuple[Word, ...], array: Array) -> Array:
        for item in items:
            pair = keyed(item)
            if pair is not None:
                array = array.put(self._key(array, pair[0]), self.text(pair[1]))
            else:
                array = array.extended(self.fields((item,)))
        return array

    def _fields(self, word: Word, *, removes: bool) -> list[str]:
        fields = Fields()
        word = self._plain(word)
        for part in word:
            several = self._several(part)
            if several is not None and part.quoted:
                # Each one is a field; what is before and behind them belongs to the first and the last.
                for at, one in enumerate(several):
                    if at:
                        fields.end()
                    fields.add(one, quoted=True)
                if not several and len(word) > 1 and all(not one.text for one in word if one.kind == "text"):
                    fields.started = fields.started and bool(fields.text)
                continue
            value = self._value(part) if several is None else " ".join(several)
            if part.kind == "text" or part.quoted:
                fields.add(value, quoted=part.quoted)
                continue
            fields.split(value, as_text(self.scope.variables.get("IFS")))
        fields.end()
        return [
            name
            for text, pattern in fields.found
            for name in ([text] if pattern is None else self._names(text, pattern, removes=removes))
        ]

    def _plain(self, word: Word) -> Word:
        """The word with its own home directory (`~`, `~/x`) as a path, and with `word` of `${name:-word}`.

        Raises `NotJudged` for other home directories.
        """
        first = word[0] if word else None
        if first is not None and first.kind == "text" and not first.quoted and first.text.startswith("~"):
            home = as_text(self.scope.variables.get("HOME"))
            if not home or not (first.text.startswith("~/") or (first.text == "~" and len(word) == 1)):
                raise NotJudged("a home directory (~)")
            word = (Part("text", home, quoted=True), Part("text", first.text[1:]), *word[1:])
        return tuple(self._chosen(word)) if any(one.operator for one in word) else word

    def _chosen(self, word: Word) -> Iterator[Part]:
        """The parts of a word, with those of the word in `${name:-word}` where it counts."""
        for part in word:
            if part.operator[-1:] in ("-", "+", "=", "?") and part.operator:
                yield from self._chosen(self._one_of_two(part))
            else:
                yield part

    def _one_of_two(self, part: Part) -> Word:
        """The value of a parameter, or the word behind it."""
        bare = self._direct(replace(part, operator="", word=()))
        several = self._list(bare)
        value = self._scalar(bare) if several is None else " ".join(several) if several else None
        empty = value is None or (part.operator.startswith(":") and not value)
        match part.operator[-1]:
            case "-":
                return part.word if empty else (bare,)
            case "+":
                return () if empty else part.word
            case "=":
                if empty and (bare.index or not bare.text.isidentifier()):
                    raise NotJudged(f"the expansion ${{{part.text}...:=...}}")
                if empty:
                    self.scope.variables[bare.text] = self.text(part.word)
                return (bare,)
        if empty:
            raise Unset(f"{part.text}: {self.text(part.word) or 'not set'}")
        return (bare,)

    def _names(self, text: str, pattern: str, *, removes: bool) -> list[str]:
        """The file names that a pattern stands for, where everything in the directory is known.

        `rm` and `chmod` also take a pattern in a directory of programs: they change others that aren't known,
        too. `text` is the word itself, which stays where no name matches.
        """
        folder, name = posixpath.split(text)
        wanted = posixpath.split(pattern)[1]
        if not globs.is_pattern(text):
            return [text]
        entries = None
        if (folder[:1] == "/" or self.host.folder) and not any(char in _PATTERN for char in folder):
            entries = self.files.entries(absolute(self.host, folder or "."))
        if entries is None and removes and folder in BIN_FOLDERS:
            real = self.files.real(posixpath.join(folder, "x"))[:-2]
            known = [posixpath.basename(path) for path in self.files.tree(real)]
            entries = [one for one in known if globs.matches(one, wanted)] or None
        if entries is None:
            char = next(char for char in text if char in _PATTERN)
            raise NotJudged(f"a file name pattern ({char})")
        hidden = name.startswith(".")
        found = [one for one in entries if one.startswith(".") is hidden and globs.matches(one, wanted)]
        return [posixpath.join(folder, one) for one in found] or ([] if self.scope.nullglob else [text])

    def _several(self, part: Part) -> list[str] | None:
        """What `$@`, `${name[@]}` and `${!name[@]}` stand for; None for any other part."""
        return None if part.quoted and _joins(part) else self._list(part)

    def _list(self, part: Part) -> list[str] | None:
        """The values of all arguments or elements, as changed; None for what has one value."""
        if part.kind != "variable" or part.prefix == "#":
            return None
        if part.text in ("@", "*") and not part.index:
            if part.operator == ":":
                return slice_of(list(self.scope.arguments), *self._span(part))
            values = list(self.scope.arguments[1:])
        elif _is_all(part.index):
            array = as_array(self._known(part.text))
            if part.operator == ":":
                if array.named or any(int(key) != at for at, (key, _) in enumerate(array.items)):
                    raise NotJudged("a part of an array with gaps or names")
                return slice_of(array.values, *self._span(part))
            values = [key for key, _ in array.items] if part.prefix == "!" else array.values
        else:
            return None
        return [self._changed(one, part) for one in values]

    def _span(self, part: Part) -> tuple[int, int | None]:
        """Start and length of a part of a value."""
        return self.number(part.word), None if part.second is None else self.number(part.second)

    def _value(self, part: Part) -> str:
        match part.kind:
            case "text" | "words":
                return part.text
            case "output":
                return self.output(part.script).rstrip("\n")
            case "file":
                return self._file(part)
            case "arithmetic":
                return str(self.number(part.word))
            case "array":
                raise NotJudged("an array where no variable gets it")
        if part.operator[-1:] in ("-", "+", "=", "?") and part.operator:
            return "".join(self._value(one) for one in self._chosen((part,)))
        several = self._list(part)
        if several is not None:
            mark = as_text(self.scope.variables.get("IFS"))
            return limited((" " if mark is None or not _joins(part) else mark[:1]).join(several))
        if part.prefix == "#" and _is_all(part.index):
            return str(len(as_array(self._known(part.text)).items))
        part = self._direct(part)
        text = self._scalar(part)
        if text is None and self.scope.strict:
            raise Unset(f"{part.text} is not set")
        return str(len(text or "")) if part.prefix == "#" else self._changed(text or "", part)

    def _file(self, part: Part) -> str:
        """The path of a file with what commands write."""
        text = self.output(part.script)
        path = next(name for at in range(63, 0, -1) if (name := f"/dev/fd/{at}") not in self.files.known)
        self.made.append(path)
        self.files.known[path] = File(path, content=text)
        return path

    def forget(self, made: list[str]) -> None:
        """The command that read these files has ended."""
        for path in made:
            self.files.known.pop(path, None)

    def _changed(self, text: str, part: Part) -> str:
        """A value, with what the operator makes of it."""
        if not part.operator:
            return text
        if part.operator == ":":
            return "".join(slice_of(text, *self._span(part)))
        second = tuple((self._value(one), one.quoted) for one in self._plain(part.second or ()))
        return limited(changed(text, part.operator, self.pattern(part.word), second))

    def _direct(self, part: Part) -> Part:
        """`${!name}` as the variable whose name is the value of `name`."""
        if part.prefix != "!" or part.index:
            return part
        name = self._looked_up(part.text)
        if not name or not (name.isidentifier() or name.isdecimal()):
            raise NotJudged(f"the expansion ${{!{part.text}}} with the value {name or ''}")
        return replace(part, text=name, prefix="")

    def _scalar(self, part: Part) -> str | None:
        """The value of a parameter or an element; None if it has none."""
        if not part.index:
            return self._looked_up(part.text)
        value = self._known(part.text)
        return as_array(value).get(self._key(value, part.index))

    def _key(self, value: Value | None, index: Word) -> str:
        """A subscript as a text: of numbered elements, the value of the expression."""
        if isinstance(value, Array) and value.named:
            return self.text(index)
        return str(self.number(index))

    def _looked_up(self, name: str) -> str | None:
        """The value of a variable or parameter. Raises `NotJudged` if the image may set it."""
        if name == "?":
            return str(self.scope.code)
        if name == "$" and not self.scope.dash:
            return SHELL_ID
        if name == "-":
            return flags(self.scope)
        if name == "#":
            return str(len(self.scope.arguments) - 1)
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


def _joins(part: Part) -> bool:
    """Whether a part is `$*` or `${name[*]}`, whose values make one text in double quotes."""
    return (part.index[0].text if part.index else part.text) == "*"


def _is_all(index: Word) -> bool:
    """Whether a subscript means all elements."""
    return len(index) == 1 and index[0].kind == "text" and not index[0].quoted and index[0].text in ("@", "*")
