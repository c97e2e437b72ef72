"""Runs commands in a container: programs of the image, its server, and shells with their scripts.

`shell` has the programs, the scripts and the files. A program that isn't known raises
`NotJudged`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping

from trainer.errors import NotJudged
from trainer.simulate.shell.filesystem import BIN_FOLDERS, SEARCHED, SHELLS, File, Files, UnknownProgram
from trainer.simulate.shell.interpreter import Shell
from trainer.simulate.shell.process import Call, Ran, RunsOn, TimedOut, absolute
from trainer.simulate.shell.programs import TOOLS
from trainer.simulate.shell.tools import running

_DEEPEST = 8
_ACCOUNTS = {"root": 0, "nobody": 65534}
"""User IDs, which are those of the group, too."""
_GROUPS = {"root": 0, "nogroup": 65534}
_NO_PROGRAMS = frozenset(
    "alias bg break case cd continue do done elif else esac eval exec exit export fg fi for function if in "
    "jobs local read readonly return set shift source then trap type ulimit umask unset until wait while "
    "{ } !".split()
)
"""Words of the shell, which a container without a shell looks for as programs."""


class Machine:
    """Runs commands on `files`, until `deadline` seconds have passed on its own clock."""

    def __init__(
        self,
        files: Files,
        servers: tuple[tuple[str, ...], ...] = (),
        deadline: float = float("inf"),
        *,
        user: int = 0,
        environment: Mapping[str, str] | None = None,
        folder: str = "",
        managers: Iterable[str] = (),
        main: tuple[str, ...] = (),
        network: bool = True,
        daemons: Iterable[tuple[str, ...]] = (),
        mounts: bool = False,
    ) -> None:
        self.files = files
        self.servers = servers
        """Command lines that are known to keep running (`httpd-foreground`)."""
        self.deadline = deadline
        self.user = user
        self.environment = dict(environment or {})
        self.whole_environment = False
        self.folder = folder
        """The current directory; empty if it isn't known."""
        self.managers = frozenset(managers)
        """The package managers of the image."""
        self.main = main
        self.daemons = frozenset(daemons)
        """Command lines that put themselves into the background."""
        self.mounts = mounts
        """Whether it may mount file systems (CAP_SYS_ADMIN)."""
        self.network = network
        self.asked_network = False
        """Whether the outcome depends on the network."""
        self.folders_count = False
        self.seconds = 0.0
        self.line = 1
        self.changes: list[tuple[float, str]] = []
        """When which file was changed, in seconds of the machine's clock."""

    def execute(self, argv: tuple[str, ...], depth: int = 0, stdin: str | None = "") -> Ran:
        """Run a program as the kernel would: no shell, no built-in. Code 127 if it doesn't exist."""
        if not argv or not argv[0]:
            raise NotJudged("an empty command")
        if self._is_server(argv):
            raise RunsOn
        if depth > _DEEPEST:
            raise NotJudged("shells inside shells inside shells")
        if argv in self.daemons:
            return Ran(0)
        name, trouble = self._program(argv[0])
        if trouble is not None:
            return trouble
        if name in SHELLS:
            return self._shell(name, argv[1:], depth, stdin)
        tool = running.manage_packages if name in self.managers else TOOLS[name]
        return tool(self, Call(name, argv[1:], stdin, depth))

    def _is_server(self, argv: tuple[str, ...]) -> bool:
        """Whether it is a command line that keeps running, its program by name or by its path in PATH."""
        folder, name = posixpath.split(argv[0])
        return argv in self.servers or (folder in BIN_FOLDERS and (name, *argv[1:]) in self.servers)

    def put(self, path: str, file: File | None) -> None:
        """Change a file, at the time of the clock."""
        self.files.put(path, file)
        self.changes.append((self.seconds, self.files.real(path)))

    def account(self, name: str) -> tuple[int, int] | None:
        """The IDs of an account that every image has. Raises `NotJudged` for any other, of usual names."""
        if "." in name:
            return None
        if name not in _ACCOUNTS:
            raise NotJudged(f"the user {name} of the image")
        return _ACCOUNTS[name], _ACCOUNTS[name]

    def group(self, name: str) -> int:
        """The ID of a group that every image has. Raises `NotJudged` for any other."""
        if name not in _GROUPS:
            raise NotJudged(f"the group {name} of the image")
        return _GROUPS[name]

    def reaches_network(self) -> bool:
        """Whether servers outside of the cluster answer."""
        self.asked_network = True
        return self.network

    def kill(self, call: Call) -> Ran:
        """What `kill` does, as a built-in of the shell."""
        return running.kill(self, call)

    def state(self) -> object:
        """Only files change here."""
        return None

    def path(self, word: str) -> str:
        """The absolute path that a word means."""
        return absolute(self, word)

    def search(self, name: str) -> str | None:
        """Where PATH has a program; None if nowhere. Raises `NotJudged` if that isn't known."""
        if "/" in name:
            file = self.files.at(self.path(name))
            return name if file is not None and file.allows(self.user, 1) else None
        if name in self.managers:
            return f"/usr/bin/{name}"
        unsure = True
        for folder in SEARCHED:
            path = posixpath.join(folder, name)
            if self.files.real(path) not in self.files.known:
                continue
            unsure = False
            file = self.files.at(path)
            if file is not None and file.allows(self.user, 1):
                return path
        if unsure and not self._is_foreign(name):
            raise UnknownProgram(f"/usr/bin/{name}")
        return None

    def _is_foreign(self, name: str) -> bool:
        """Whether it is a package manager of another distribution."""
        everyone = {one for managers in running.PACKAGE_MANAGERS.values() for one in managers}
        return bool(self.managers) and name in everyone

    def _program(self, word: str) -> tuple[str, Ran | None]:
        """The name of the tool that a word runs, or how running it ends if that isn't possible."""
        if any(char in " \t\n;\"'<>&|$()`" for char in word) or word in _NO_PROGRAMS or word.startswith("-"):
            return "", Ran(127, f"program {word!r} doesn't exist")
        if "/" not in word:
            return self._searched(word)
        path = self.path(word)
        folders = {self.files.real(folder + "/x") for folder in BIN_FOLDERS}
        managed = posixpath.basename(path)
        if managed in self.managers and self.files.real(posixpath.dirname(path) + "/x") in folders:
            return managed, None
        if self.files.is_folder(path):
            return "", Ran(126, f"{word} is a directory")
        if not self.files.is_known(path):
            raise NotJudged(f"the program {word}")
        known = self.files.real(path) in self.files.known
        return self._checked(
            word, self.files.at(path), known and self.files.real(path) not in self.files.lacking
        )

    def _searched(self, word: str) -> tuple[str, Ran | None]:
        if word in self.managers:
            return word, None
        there = [
            path
            for folder in SEARCHED
            if self.files.real(path := posixpath.join(folder, word)) in self.files.known
        ]
        files = [file for path in there if (file := self.files.at(path)) is not None]
        if not there and not self._is_foreign(word):
            raise NotJudged(f"the program {word}")
        usable = [file for file in files if file.allows(self.user, 1)]
        gone = any(self.files.real(path) not in self.files.lacking for path in there)
        return self._checked(word, next(iter(usable or files), None), gone)

    def _checked(self, word: str, file: File | None, gone: bool) -> tuple[str, Ran | None]:
        if file is None:
            return "", Ran(127, f"{word} {'no longer exists' if gone else 'does not exist in the image'}")
        if not file.allows(self.user, 1):
            return "", Ran(127, f"{word} is not executable")
        name = posixpath.basename(file.origin)
        if name not in TOOLS and name not in SHELLS:
            raise NotJudged(f"the program {word}")
        if file.content is not None:
            raise NotJudged(f"the script {word}")
        # A BusyBox or a shell decides by the name that it is called by.
        called = posixpath.basename(word)
        return called if called in SHELLS and name in SHELLS else name, None

    def _shell(self, name: str, args: tuple[str, ...], depth: int, stdin: str | None) -> Ran:
        options = ""
        rest = list(args)
        if not rest and stdin is None:
            raise TimedOut  # it waits for input
        while rest and re.fullmatch(r"-[ceuxl]+", rest[0]):
            options += rest.pop(0)[1:]
        if not rest and "c" not in options and stdin is not None:
            rest, options = [stdin], "c"
        if "c" in options and not rest:
            return Ran(2, f"{name} -c without a script")
        if rest and "c" not in options and not rest[0].startswith(("-", "+")):
            script = self.path(rest[0])
            if self.files.is_known(script) and self.files.at(script) is None:
                return Ran(127, f"there is no script {rest[0]}")
        if "c" not in options or not rest or rest[0].startswith(("-", "+")) or "l" in options:
            raise NotJudged(f"{name} {' '.join(args)}".strip())
        dash = self._is_dash(name)
        shell = Shell(self, (rest[1] if len(rest) > 1 else name, *rest[2:]), dash=dash, depth=depth)
        shell.errexit, shell.strict = "e" in options, "u" in options
        folder = self.folder
        try:
            return shell.run(rest[0], self.line)
        finally:
            self.folder = folder

    def _is_dash(self, name: str) -> bool:
        """Whether a shell is dash: `sh` is whatever the image links it to."""
        if name == "sh":
            target = self.search("sh") or ""
            name = posixpath.basename(self.files.final(target)) if target else name
        return name != "bash"
