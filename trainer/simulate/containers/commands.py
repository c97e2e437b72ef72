"""What a command does to the programs of an image: removed, moved, made non-executable.

A few of the usual tools, in the forms that GNU coreutils and BusyBox share: `rm`, `unlink`,
`mv`, `chmod`, `test`, `[`, `true`, `false`, `:`, `echo`, `sleep`, `exit`, `exec`, and `sh`, `bash`,
`dash`, `ash` with `-c`. Any other program, option or file whose state is not known raises `NotJudged`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.containers.mounts import is_within, normalise
from trainer.simulate.containers.shell import parse_shell

SHELLS = frozenset({"sh", "bash", "dash", "ash"})
TOOLS = ("rm", "unlink", "mv", "chmod", "test", "[", "true", "false", "echo", "sleep")
_BUILT_IN = frozenset({"test", "[", "true", "false", "echo", ":", "exit", "exec"})
_DEEPEST = 4
_OPERATORS = frozenset({"&&", "||", ";", "|"})
"""What a shell would read as operators: without a shell they are arguments, and no file has such a name."""

BIN_FOLDERS = ("/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin")
FOLDERS = frozenset(
    {*BIN_FOLDERS, "/", "/etc", "/home", "/lib", "/mnt", "/opt", "/root", "/srv", "/tmp", "/usr"}  # noqa: S108
    | {"/usr/lib", "/usr/local", "/usr/share", "/var", "/var/lib", "/var/log", "/var/tmp"}  # noqa: S108
)
"""Directories that every image of a usual distribution has."""


class File(msgspec.Struct, frozen=True):
    """A file of the image: its original path, its mode, and its target if it is a link."""

    origin: str
    mode: int = 0o755
    link: str = ""

    @property
    def executable(self) -> bool:
        """Whether root may execute it: any of the three bits is enough."""
        return bool(self.mode & 0o111)


class Ran(msgspec.Struct, frozen=True):
    """How a command ended: its exit code and its error."""

    code: int
    complaint: str = ""


class RunsOn(Exception):
    """The command doesn't return: it is the image's server."""


class TimedOut(Exception):
    """The command was still running when its time was up."""


class Files:
    """The files whose state is known, while commands change them.

    `aliases` are directories that are links (`/bin` -> `/usr/bin`), `links` are files that are
    (`/bin/sh` -> `/bin/dash`). `refusal(path)` says why a file in that place can't be added,
    removed or changed, empty if it can; it may raise `NotJudged`.
    """

    def __init__(
        self,
        paths: Iterable[str],
        refusal: Callable[[str], str],
        aliases: Mapping[str, str],
        links: Mapping[str, str],
    ) -> None:
        self.aliases = {normalise(link): normalise(target) for link, target in aliases.items()}
        self.refusal = refusal
        self.known: dict[str, File | None] = {self.real(path): File(self.real(path)) for path in paths}
        for link, target in links.items():
            self.known[self.real(link)] = File(self.real(link), link=self.real(target))

    def copy(self) -> Files:
        """A copy of the files, for separate changes."""
        twin = Files((), self.refusal, self.aliases, {})
        twin.known = dict(self.known)
        return twin

    def real(self, path: str) -> str:
        """The path with links of directories followed."""
        if not path.startswith("/"):
            raise NotJudged(f"the relative path {path}")
        clean = normalise(path)
        for link, target in self.aliases.items():
            if clean != link and is_within(clean, link):
                return target + clean[len(link) :]
        return clean

    def at(self, path: str, *, follow: bool = True) -> File | None:
        """The file at `path`, or None if it doesn't exist. Raises `NotJudged` if that isn't known.

        With `follow` a link counts as its target: None if that is gone.
        """
        real = self.final(path) if follow else self.real(path)
        if real not in self.known or path.endswith("/"):
            raise NotJudged(f"whether the image has {path}")
        return self.known[real]

    def final(self, path: str) -> str:
        """The path that a link at `path` leads to, or the path itself."""
        real = self.real(path)
        file = self.known.get(real)
        return file.link if file is not None and file.link else real

    def is_known(self, path: str) -> bool:
        """Whether it is known that the file exists, or that it doesn't."""
        return self.real(path) in self.known

    def is_folder(self, path: str) -> bool:
        """Whether `path` is one of the directories that every image has, or above a known file."""
        real = self.real(path)
        return (
            normalise(path) in FOLDERS
            or real in FOLDERS
            or any(known != real and is_within(known, real) for known in self.known)
        )


class Machine:
    """Runs commands on `files`, until `deadline` seconds have passed on its own clock."""

    def __init__(
        self, files: Files, servers: tuple[tuple[str, ...], ...] = (), deadline: float = float("inf")
    ) -> None:
        self.files = files
        self.servers = servers
        """Command lines that are known to keep running (`httpd-foreground`)."""
        self.deadline = deadline
        self.seconds = 0.0
        self.changed_at: list[float] = []
        """When files were changed, in seconds of the machine's clock."""

    def execute(self, argv: tuple[str, ...], depth: int = 0) -> Ran:
        """Run a program as the kernel would: no shell, no built-in. Code 127 if it doesn't exist."""
        if not argv or not argv[0]:
            raise NotJudged("an empty command")
        if argv in self.servers:
            raise RunsOn
        name, missing = self._program(argv[0])
        if missing:
            return Ran(127, missing)
        if name in SHELLS:
            return self._shell(name, argv[1:], depth)
        return self._tool(name, argv[1:])

    def _program(self, word: str) -> tuple[str, str]:
        """The tool's name, or why it can't be run."""
        if any(char.isspace() for char in word):
            return "", f"program {word!r} doesn't exist"
        folder, name = posixpath.split(word)
        if name not in TOOLS and name not in SHELLS:
            raise NotJudged(f"the program {word}")
        if folder and self.files.real(folder + "/x") not in {self.files.real(f + "/x") for f in BIN_FOLDERS}:
            raise NotJudged(f"the program {word}")
        path = word if folder else f"/bin/{name}"
        if not self.files.is_known(path):
            raise NotJudged(f"whether the image has {path}")
        file = self.files.at(path)
        if file is None:
            return name, f"{word} no longer exists"
        return name, "" if file.executable else f"{word} is not executable"

    def _shell(self, name: str, args: tuple[str, ...], depth: int) -> Ran:
        if depth >= _DEEPEST:
            raise NotJudged("shells inside shells inside shells")
        options = ""
        rest = list(args)
        while rest and re.fullmatch(r"-[ceux]+", rest[0]):
            options += rest.pop(0)[1:]
        if "c" not in options or not rest or rest[0].startswith(("-", "+")):
            raise NotJudged(f"{name} {' '.join(args)}".strip())
        code, complaint = 0, ""
        for steps in parse_shell(rest[0]):
            for step in steps:
                if (step.joined == "&&" and code) or (step.joined == "||" and not code):
                    continue
                words = step.command.words
                if words[0] == "exit":
                    return Ran(_exit_code(words, code), complaint)
                if words[0] == "exec" and len(words) > 1:
                    return self.execute(words[1:], depth + 1)
                ran = self._in_shell(words, depth)
                code = int(not ran.code) if step.command.negated else ran.code
                complaint = ran.complaint or complaint
                if code and "e" in options and step is steps[-1] and not step.command.negated:
                    return Ran(code, complaint)
        return Ran(code, complaint if code else "")

    def _in_shell(self, words: tuple[str, ...], depth: int) -> Ran:
        if words[0] in _BUILT_IN and words[0] not in {"exec", "exit"}:
            return self._tool(words[0], words[1:])
        if words[0] in {"exec", "exit"}:
            raise NotJudged(" ".join(words))
        return self.execute(words, depth + 1)

    def _tool(self, name: str, args: tuple[str, ...]) -> Ran:
        match name:
            case "true" | ":" | "echo":
                return Ran(0)
            case "false":
                return Ran(1, "false always fails")
            case "sleep":
                return self._sleep(args)
            case "rm" | "unlink":
                return self._remove(name, args)
            case "mv":
                return self._move(args)
            case "chmod":
                return self._mode(args)
            case _:
                return self._test(name, args)

    def _sleep(self, args: tuple[str, ...]) -> Ran:
        for arg in args:
            match = re.fullmatch(r"(\d+(?:\.\d+)?|infinity)([smhd]?)", arg)
            if match is None:
                raise NotJudged(f"sleep {arg}")
            unit = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}[match[2]]
            self.seconds += float(match[1].replace("infinity", "inf")) * unit
        if self.seconds > self.deadline or self.seconds == float("inf"):
            raise TimedOut
        if not args or self.seconds == self.deadline:
            raise NotJudged("sleep as long as the command may take at most" if args else "sleep")
        return Ran(0)

    def _remove(self, name: str, args: tuple[str, ...]) -> Ran:
        options, paths = _options(name, args, {"f", "r", "R", "v", "d"} if name == "rm" else set())
        force = "f" in options
        if not paths:
            return Ran(0) if force else Ran(1, f"{name} names no file")
        complaint = ""
        for path in paths:
            if path in _OPERATORS:
                complaint = complaint if force else f"{path} is not a file, and no shell reads it"
            elif complaint and not force and not path.startswith("/"):
                continue
            elif not self.files.is_known(path):
                self._remove_unknown(name, path, options)
            elif self.files.at(path, follow=False) is None:
                complaint = complaint if force else f"{path} doesn't exist"
            elif refusal := self.files.refusal(self.files.real(path)):
                complaint = f"{path}: {refusal}"
            else:
                self._set(path, None)
        return Ran(int(bool(complaint)), complaint)

    def _remove_unknown(self, name: str, path: str, options: set[str]) -> None:
        """Remove what may or may not exist: judged only if both cases end the same."""
        if self.files.is_folder(path):
            raise NotJudged(f"{name} of the directory {path}")
        program = self.files.real(posixpath.dirname(normalise(path)) + "/x")
        is_file = program in {self.files.real(folder + "/x") for folder in BIN_FOLDERS}
        if (
            "f" not in options
            or not (is_file or options & {"r", "R"})
            or self.files.refusal(self.files.real(path))
        ):
            raise NotJudged(f"whether the image has {path}")
        self._set(path, None)

    def _move(self, args: tuple[str, ...]) -> Ran:
        _, paths = _options("mv", args, {"f", "v"})
        if len(paths) != 2:
            raise NotJudged(f"mv with {len(paths)} names")
        source, target = paths
        file = self.files.at(source, follow=False)
        if file is None:
            return Ran(1, f"{source} doesn't exist")
        if file.link:
            raise NotJudged(f"mv of the link {source}")
        if self.files.is_folder(target) and not self.files.is_known(target):
            target = posixpath.join(target, posixpath.basename(source))
        if self.files.real(target) == self.files.real(source):
            return Ran(1, f"{source} and {target} are the same file")
        if not self.files.is_known(target) and not self.files.is_folder(posixpath.dirname(normalise(target))):
            raise NotJudged(f"whether the image has a directory for {target}")
        for path in (source, target):
            if refusal := self.files.refusal(self.files.real(path)):
                return Ran(1, f"{path}: {refusal}")
        self._set(target, file)
        self._set(source, None)
        return Ran(0)

    def _mode(self, args: tuple[str, ...]) -> Ran:
        names = list(args)
        while names and names[0] in {"-R", "-v", "-f", "--"}:
            names.pop(0)
        if len(names) < 2 or any(name.startswith("--") for name in names):
            raise NotJudged(f"chmod {' '.join(args)}")
        mode, *paths = names
        complaint = ""
        for path in paths:
            if self.files.is_folder(path) and not self.files.is_known(path):
                raise NotJudged(f"chmod of the directory {path}")
            file = self.files.at(path)
            if file is None:
                complaint = f"{path} doesn't exist"
            elif refusal := self.files.refusal(self.files.real(path)):
                complaint = f"{path}: {refusal}"
            else:
                self._set(self.files.final(path), File(file.origin, _changed_mode(file.mode, mode)))
        return Ran(int(bool(complaint)), complaint)

    def _test(self, name: str, args: tuple[str, ...]) -> Ran:
        words = list(args)
        if name == "[" and (not words or words.pop() != "]"):
            return Ran(2, "[ without ]")
        negated = False
        while len(words) > 1 and words[0] == "!":
            negated, words = not negated, words[1:]
        return Ran(int(self._holds(words) is negated), f"{name} {' '.join(args)} is not true")

    def _holds(self, words: list[str]) -> bool:
        match words:
            case []:
                return False
            case [word]:
                return bool(word)
            case ["-n", word]:
                return bool(word)
            case ["-z", word]:
                return not word
            case [left, "=", right]:
                return left == right
            case [left, "!=", right]:
                return left != right
            case ["-e" | "-f" | "-s" | "-x" | "-d" as flag, path]:
                if not self.files.is_known(path) and self.files.is_folder(path):
                    return flag in {"-e", "-d", "-x", "-s"}
                file = self.files.at(path)
                return file is not None and flag != "-d" and (flag != "-x" or file.executable)
            case _:
                raise NotJudged(f"test {' '.join(words)}")

    def _set(self, path: str, file: File | None) -> None:
        self.files.known[self.files.real(path)] = file
        self.changed_at.append(self.seconds)


_LONG = {"--force": "f", "--recursive": "r", "--verbose": "v", "--dir": "d"}


def _options(tool: str, args: tuple[str, ...], known: set[str]) -> tuple[set[str], list[str]]:
    """The single-letter options and the operands. Raises `NotJudged` for an option not known."""
    options: set[str] = set()
    operands: list[str] = []
    for index, arg in enumerate(args):
        if arg == "--":
            operands += args[index + 1 :]
            break
        letters = _LONG.get(arg, arg[1:] if arg.startswith("-") and arg != "-" else "")
        if not set(letters) <= known or (arg.startswith("--") and arg not in _LONG):
            raise NotJudged(f"{tool} {arg}")
        options |= set(letters)
        if not letters:
            operands.append(arg)
    return options, operands


def _exit_code(words: tuple[str, ...], code: int) -> int:
    if len(words) == 1:
        return code
    if len(words) > 2 or not words[1].isdecimal():
        raise NotJudged(" ".join(words))
    return int(words[1]) & 255


def _changed_mode(mode: int, text: str) -> int:
    """The mode after `chmod TEXT`, as far as executing goes: octal, or symbols without copying."""
    if re.fullmatch(r"[0-7]{1,4}", text):
        return int(text, 8) & 0o777
    for clause in text.split(","):
        match = re.fullmatch(r"([ugoa]*)([-+=])([rwx]*)", clause)
        if match is None:
            raise NotJudged(f"chmod {text}")
        who = 0
        for letter in match[1] or "a":
            who |= {"u": 0o700, "g": 0o070, "o": 0o007, "a": 0o777}[letter]
        bits = sum({"r": 0o444, "w": 0o222, "x": 0o111}[letter] for letter in set(match[3])) & who
        mode = {"-": mode & ~bits, "+": mode | bits, "=": (mode & ~who) | bits}[match[2]]
    return mode
