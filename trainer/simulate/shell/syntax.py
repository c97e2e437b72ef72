"""The forms of a shell script, as the parser makes them and the interpreter runs them."""

from __future__ import annotations

from typing import Literal

import msgspec

Joined = Literal["", "&&", "||"]
Operator = Literal[
    "", "-", ":-", "+", ":+", "=", ":=", "?", ":?", "%", "%%", "#", "##",
    "/", "//", "/#", "/%", ":", "^", "^^", ",", ",,", "@",
]  # fmt: skip
"""What is done to a value; those of the second line only in bash."""


class Part(msgspec.Struct, frozen=True):
    """A piece of a word: text, a variable, what a command writes, an array `(a b)`, `$((...))`."""

    kind: Literal["text", "words", "variable", "output", "file", "array", "arithmetic"]
    """`words` is a text that is split into words: what is not quoted in `${name:-a b}`. `file` is `<(...)`: a
    file with the output."""
    text: str = ""
    """The text, or the variable's name (`?`, `1`, `HOME`)."""
    quoted: bool = False
    """Quoted text isn't a pattern, and a quoted value isn't split into words."""
    script: Script = ()
    """The commands whose output it is."""
    operator: Operator = ""
    """`${name:-word}` takes `word` if the name has no value; `%` and `#` cut off what matches it, `/`
    replaces it, `:` takes a part, `^` and `,` change cases, `@` transforms."""
    word: Word = ()
    second: Word | None = None
    """What `/` puts in its place, or how long the part of `:` is."""
    index: Word = ()
    """The subscript of an element of an array; `@` and `*` for all of them."""
    prefix: Literal["", "#", "!"] = ""
    """`#` for the length or the number of elements; `!` for the subscripts, or for the value of the variable
    whose name is the value."""
    items: tuple[Word, ...] = ()
    """The words of an array."""


Word = tuple[Part, ...]


class Redirect(msgspec.Struct, frozen=True):
    """A redirection: `2>/dev/null` has the stream 2, `>` and the target; `2>&1` has `>&` and `1`."""

    stream: int
    how: Literal["<", ">", ">>", ">&", "<<", "<<<", "&>", "&>>", "<("]
    """`<<` for a here-document, whose text is the target. Only bash has `<<<` for a word that is read, `<(`
    for the output of commands, and `&>` for output and errors."""
    target: Word
    endless: str = ""
    """The delimiter of a here-document that goes on to the end of the script, because no line has it."""


class Assignment(msgspec.Struct, frozen=True):
    """`name=value`; only bash has `name+=value` (`adds`), `name[index]=value`, and arrays as values."""

    name: str
    value: Word
    adds: bool = False
    index: Word | None = None


class Simple(msgspec.Struct, frozen=True):
    """A simple command: assignments, words, redirections; each may be missing."""

    assignments: tuple[Assignment, ...] = ()
    words: tuple[Word, ...] = ()
    redirects: tuple[Redirect, ...] = ()
    line: int = 1
    """Where it starts, 1-based."""


class Group(msgspec.Struct, frozen=True):
    """`{ ...; }`, or `( ... )`, which leaves variables and directory of the shell alone."""

    body: Script
    subshell: bool
    redirects: tuple[Redirect, ...] = ()


class If(msgspec.Struct, frozen=True):
    """`if`, with each condition and its body, and the body of `else`."""

    branches: tuple[tuple[Script, Script], ...]
    otherwise: Script = ()
    redirects: tuple[Redirect, ...] = ()


class Loop(msgspec.Struct, frozen=True):
    """`while`, or `until`."""

    condition: Script
    body: Script
    until: bool = False
    redirects: tuple[Redirect, ...] = ()


class For(msgspec.Struct, frozen=True):
    """`for`; without `in` it takes the script's arguments (`words` is None)."""

    name: str
    words: tuple[Word, ...] | None
    body: Script
    redirects: tuple[Redirect, ...] = ()


class Counted(msgspec.Struct, frozen=True):
    """`for ((first; condition; step))`, which only bash has."""

    first: Word
    condition: Word
    step: Word
    body: Script
    line: int = 1
    redirects: tuple[Redirect, ...] = ()


class Case(msgspec.Struct, frozen=True):
    """`case`, with the patterns and the body of each branch."""

    word: Word
    branches: tuple[tuple[tuple[Word, ...], Script], ...]
    redirects: tuple[Redirect, ...] = ()


class Function(msgspec.Struct, frozen=True):
    """`name() { ...; }`: the body runs when somebody calls it."""

    name: str
    body: Group | If | Loop | For | Counted | Case


class Condition(msgspec.Struct, frozen=True):
    """`[[ ... ]]`, which only bash has: a condition, or conditions that `!`, `&&` and `||` join."""

    operator: str
    """`-f`, `==`, `=~`, ...; `!`, `&&`, `||`; `((` for arithmetic."""
    words: tuple[Word, ...] = ()
    tests: tuple[Condition, ...] = ()
    line: int = 1
    redirects: tuple[Redirect, ...] = ()


class Broken(msgspec.Struct, frozen=True):
    """Where no shell can read on: there the script ends. `why` is what is wrong, in a sentence's middle."""

    why: str
    line: int


Command = Simple | Group | If | Loop | For | Counted | Case | Function | Condition | Broken


class Pipeline(msgspec.Struct, frozen=True):
    """Commands of which each reads what the one before writes; `negated` if `!` precedes them."""

    commands: tuple[Command, ...]
    negated: bool = False


class Step(msgspec.Struct, frozen=True):
    """A pipeline of an and-or list, and what joins it to the previous one (nothing for the first)."""

    pipeline: Pipeline
    joined: Joined = ""


Script = tuple[tuple[Step, ...], ...]
"""And-or lists in the order in which they run."""
