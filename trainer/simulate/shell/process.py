"""How a process ends, and what it runs on: the files, the user and the clock that tools and shells share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.shell.filesystem import File, Files

MOST_TEXT = 1 << 18
"""Characters of a value, a file, or what a command writes, which a script may double with every line."""


SHELL_ID = "4711"
"""The process ID of the shell (`$$`), as far as a script can see it."""


def limited(text: str) -> str:
    """The text itself. Raises `NotJudged` for more than `MOST_TEXT` characters."""
    if len(text) > MOST_TEXT:
        raise NotJudged(f"a text of more than {MOST_TEXT} characters")
    return text


_READERS = {"grep": 1, "sed": 1, "awk": 1, "tr": 9, "xargs": 99, "tee": 99}
_READERS |= dict.fromkeys(("cat", "cut", "head", "sort", "tail", "uniq", "wc"), 0)
"""Commands that read their whole input if they have no more operands than so many."""


class Ran(msgspec.Struct, frozen=True):
    """How a command ended: its exit code, its error, and what it wrote to its standard output."""

    code: int
    complaint: str = ""
    out: str | None = ""
    """None if it isn't known."""


class Call(msgspec.Struct, frozen=True):
    """How a program is called."""

    name: str
    args: tuple[str, ...] = ()
    stdin: str | None = ""
    """None if what it reads isn't known."""
    depth: int = 0
    """How many programs started one another."""


class RunsOn(Exception):
    """The command doesn't return: it is the image's server."""


class TimedOut(Exception):
    """The command was still running when its time was up."""


class Stopped(Exception):
    """The command stops the container's main process."""


class Host(Protocol):
    """What a tool of a container works with."""

    files: Files
    user: int
    """The user ID of the process."""
    seconds: float
    """The clock, in seconds since the command started."""
    deadline: float
    """When the command's time is up, in seconds."""
    environment: dict[str, str]
    """The environment as far as it is known."""
    whole_environment: bool
    """Whether nothing else is in it."""
    folder: str
    """The current directory; empty if it isn't known."""
    line: int
    """The line of the script whose command runs, 1-based."""
    main: tuple[str, ...]
    """The container's main process, if it is a server of the image."""

    mounts: bool
    """Whether the process may mount file systems (CAP_SYS_ADMIN)."""

    folders_count: bool
    """Whether it counts who owns a directory and what its mode is, which isn't kept."""

    def execute(self, argv: tuple[str, ...], depth: int = 0, stdin: str | None = "") -> Ran:
        """Run a program as the kernel would."""

    def account(self, name: str) -> tuple[int, int] | None:
        """The user and group ID of an account; None if it doesn't exist."""

    def group(self, name: str) -> int | None:
        """The ID of a group; None if it doesn't exist."""

    def put(self, path: str, file: File | None) -> None:
        """Change a file, at the time of the clock."""

    def path(self, word: str) -> str:
        """The absolute path that a word means."""

    def reaches_network(self) -> bool:
        """Whether servers outside of the cluster answer; the caller tries both."""

    def kill(self, call: Call) -> Ran:
        """What `kill` does, as a built-in of the shell."""

    def state(self) -> object:
        """What else than its files a command may have changed; two equal ones mean that nothing has."""

    def search(self, name: str) -> str | None:
        """Where PATH has a program; None if nowhere. Raises `NotJudged` if that isn't known."""


def in_environment(host: Host, environment: dict[str, str], run: Callable[[], Ran]) -> Ran:
    """Run something that sees this environment."""
    outer, host.environment = host.environment, environment
    try:
        return run()
    finally:
        host.environment = outer


def absolute(host: Host, word: str) -> str:
    """The word as an absolute path: from the current directory on. Raises `NotJudged` if that isn't known."""
    if word.startswith("/"):
        return word
    if not host.folder:
        raise NotJudged(f"the relative path {word}")
    return f"{host.folder.rstrip('/')}/{word}"


def options_of(
    tool: str, args: tuple[str, ...], known: set[str], long: Mapping[str, str] | None = None
) -> tuple[set[str], list[str]]:
    """The single-letter options and the operands. Raises `NotJudged` for an option that isn't known."""
    options: set[str] = set()
    operands: list[str] = []
    named = {**_LONG, **(long or {})}
    for index, arg in enumerate(args):
        if arg == "--":
            operands += args[index + 1 :]
            break
        letters = named.get(arg, arg[1:] if arg.startswith("-") and arg != "-" else "")
        if not set(letters) <= known or (arg.startswith("--") and arg not in named):
            raise NotJudged(f"{tool} {arg}")
        options |= set(letters)
        if not letters:
            operands.append(arg)
    return options, operands


def valued_options(args: Sequence[str], valued: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The options that have a value, by letter, and all other words; `valued` has each letter's long name.

    >>> valued_options(["-Dm755", "--owner", "5", "a"], {"m": "--mode", "o": "--owner"})
    ({'m': '755', 'o': '5'}, ('-D', 'a'))
    """
    letters = {long: letter for letter, long in valued.items()}
    values: dict[str, str] = {}
    others: list[str] = []
    rest = list(args)
    while rest:
        arg = rest.pop(0)
        long, equals, value = arg.partition("=")
        at = next((index for index, one in enumerate(arg) if index and one in valued), 0)
        if arg == "--":
            return values, (*others, arg, *rest)
        if long in letters and (equals or rest):
            values[letters[long]] = value if equals else rest.pop(0)
        elif at and arg[0] == "-" != arg[1] and (arg[at + 1 :] or rest):
            values[arg[at]] = arg[at + 1 :] or rest.pop(0)
            others += [arg[:at]] if at > 1 else []
        else:
            others.append(arg)
    return values, tuple(others)


_LONG = {"--force": "f", "--recursive": "r", "--verbose": "v", "--dir": "d", "--parents": "p", "--quiet": "q"}


def reads_input(argv: Sequence[str]) -> bool | None:
    """Whether a command reads its whole standard input; None if that isn't known.

    >>> reads_input(["grep", "-v", "x"]), reads_input(["grep", "x", "file"]), reads_input(["vim"])
    (True, False, None)
    """
    needed = _READERS.get(argv[0])
    return None if needed is None else sum(not arg.startswith("-") for arg in argv[1:]) <= needed
