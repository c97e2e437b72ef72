"""Runs the commands of RUN on the files of a stage: the `Host` of the shell and its tools.

Programs are found as the kernel finds them: through PATH, in the files of the stage. What a program does is
known for those of `trainer.simulate.shell`, for package managers and account tools, and for what the card
declares; any other raises `NotJudged`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.images import account_tools, accounts, folders, packages, tools
from trainer.simulate.images.accounts import Identity
from trainer.simulate.images.files import ImageFiles, loader_of, may, platform_of, program_name
from trainer.simulate.images.given import BuildGiven
from trainer.simulate.images.packages import Installed
from trainer.simulate.images.tools import Network, curl, run_tool, tool_for, wget
from trainer.simulate.shell.filesystem import SHELLS, File, Files
from trainer.simulate.shell.interpreter import Shell
from trainer.simulate.shell.process import Call, Ran, absolute
from trainer.simulate.shell.programs import TOOLS

_DEEPEST = 12
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_MANAGERS = {"apt": packages.apt, "apt-get": packages.apt, "apk": packages.apk}
_DOWNLOADERS = {"curl": curl, "wget": wget}
_LOOKING = frozenset({"du", "df", "nproc", "users", "locale"})
"""Commands that change nothing, and whose output isn't known."""
_ON_FOLDERS = {
    **dict.fromkeys(("chown", "chgrp", "chmod"), folders.change),
    "install": folders.install,
    "mkdir": folders.make,
}


class Failure(msgspec.Struct, frozen=True):
    """A command that failed."""

    command: str
    why: str
    code: int


class Machine:
    """A container of the build, as the shell sees it."""

    def __init__(
        self,
        files: ImageFiles,
        installed: Installed,
        build: BuildGiven,
        family: str,
        network: Network,
        who: Identity,
        environment: Mapping[str, str],
        folder: str,
    ) -> None:
        self.files: Files = files
        self.disk = files
        files.refusal, files.maker = self.refusal, (who.uid, who.gid, 0o755)
        self.installed, self.build, self.family, self.network = installed, build, family, network
        self.who = who
        self.user = who.uid
        self.environment = {"PATH": _PATH, "HOME": who.home, **environment}
        self.whole_environment = True
        self.folder = folder or "/"
        self.mounts = False
        self.folders_count = True
        self.seconds = 0.0
        self.deadline = float("inf")
        self.line = 1
        self.main: tuple[str, ...] = ()
        self.commands = 0
        self.failures: list[Failure] = []
        self.blamed = ""
        """The file because of which the latest program didn't start, if any."""

    def execute(self, argv: tuple[str, ...], depth: int = 0, stdin: str | None = "") -> Ran:
        """Run a program. Raises `NotJudged` for one that isn't known."""
        if depth > _DEEPEST:
            raise NotJudged("shells inside shells inside shells")
        self.commands += 1
        ran = self._run(argv, depth, stdin)
        if ran.code and ran.complaint:
            self.failures.append(Failure(" ".join(argv), ran.complaint, ran.code))
        return ran

    def _run(self, argv: tuple[str, ...], depth: int, stdin: str | None) -> Ran:
        path = self.search(argv[0])
        file = None if path is None else self.files.at(path)
        if path is None or file is None:
            return self._not_found(argv[0])
        self.blamed = path
        reachable = self.disk.searchable(path, self.user, self.who.groups)
        if not reachable or not may(file, self.user, self.who.groups, 1):
            return Ran(126, f"{argv[0]}: Permission denied")
        content = file.content
        if content is not None and not program_name(content):
            return self._script(path, content, argv, depth, stdin)
        loader = loader_of(content or "")
        if loader and self.files.at(loader) is None:
            return Ran(
                127, f"{argv[0]}: not found: it is dynamically linked, and its loader {loader} is missing"
            )
        if platform := platform_of(content or ""):
            return Ran(126, f"{argv[0]}: exec format error: it is built with {platform}")
        self.blamed = ""
        name = program_name(content)
        if name == "busybox":
            if posixpath.basename(argv[0]) == "busybox":
                argv = argv[1:] or ("true",)
            name = posixpath.basename(argv[0])
        return self._program(Call(name, argv[1:], stdin, depth), (name, *argv[1:]))

    def _not_found(self, name: str) -> Ran:
        """No such program: a directory, a file in PATH that can't be executed, or a file elsewhere."""
        self.blamed = ""
        if "/" in name:
            if self.files.is_folder(self.path(name)):
                return Ran(126, f"{name}: Permission denied: it is a directory")
            return Ran(127, f"{name}: not found")
        folders = self.environment.get("PATH", _PATH).split(":")
        for place in (posixpath.join(one, name) for one in folders):
            file = self.files.at(place)
            if file is not None and not file.executable:
                self.blamed = place
                return Ran(127, f"{name}: not found: {place} isn't executable, it has mode {file.mode:04o}")
        for place, file in self.disk.live().items():
            if posixpath.basename(place) == name and file.executable:
                self.blamed = place
                return Ran(127, f"{name}: not found: {posixpath.dirname(place)}, where it is, isn't in PATH")
        return Ran(127, f"{name}: not found")

    def _program(self, call: Call, argv: tuple[str, ...]) -> Ran:
        name = call.name
        if name in SHELLS:
            return self._shell(call)
        family = "alpine" if self.family == "alpine" and name.startswith("add") else "debian"
        known = account_tools.COMMANDS[family]
        if name in known:
            return self._as_root(call) or known[name](self.disk, call)
        if name in _MANAGERS:
            return self._as_root(call) or _MANAGERS[name](
                self.disk, self.installed, self.build.packages, call, online=self.network.online
            )
        if name in _DOWNLOADERS:
            return _DOWNLOADERS[name](self, call, self.network)
        if name in _ON_FOLDERS:
            return _ON_FOLDERS[name](self, call)
        if (ran := tools.usual(self, call, online=self.network.online)) is not None:
            return ran
        if (tool := tool_for(self.build.tools, argv)) is not None:
            return run_tool(self, tool[0], tool[1], call, self.build.secrets, self.family)
        if name in ("cp", "mv") and (ran := folders.copy(self, call)) is not None:
            return ran
        if name in _LOOKING:
            return Ran(0, "", None)
        if name in TOOLS:
            return TOOLS[name](self, call)
        raise NotJudged(f"the command {' '.join(argv)}")

    def _as_root(self, call: Call) -> Ran | None:
        if self.user == 0:
            return None
        return Ran(1, f"{call.name}: Permission denied: user {self.user} isn't root")

    def _script(self, path: str, content: str, argv: tuple[str, ...], depth: int, stdin: str | None) -> Ran:
        """A script: the kernel starts what its first line names; a shell runs those without such a line."""
        first = content.partition("\n")[0]
        words = first[2:].split() if first.startswith("#!") else ["/bin/sh"]
        if not words or self.files.at(words[0]) is None:
            return Ran(127, f"{argv[0]}: not found: its interpreter {words[0] if words else ''} is missing")
        return self.execute((*words, path, *argv[1:]), depth + 1, stdin)

    def _shell(self, call: Call) -> Ran:
        words, options = list(call.args), ""
        while words and words[0].startswith("-") and set(words[0][1:]) <= set("ceuxo"):
            options += words[0][1:]
            if words.pop(0).endswith("o") and words:
                options += {"pipefail": "P", "errexit": "e", "nounset": "u"}.get(words.pop(0), "?")
        if "c" in options and words:
            text: str | None = words.pop(0)
            arguments = tuple(words) or (call.name,)
        elif words and not words[0].startswith("-"):
            file = self.files.at(self.path(words[0]))
            if file is None:
                return Ran(127, f"{call.name}: {words[0]}: No such file or directory")
            text, arguments = file.content, tuple(words)
        elif not words or words == ["-"] or words[0] == "-s":
            text, arguments = call.stdin, (call.name, *words[2:])
        else:
            raise NotJudged(f"{call.name} {' '.join(call.args)}")
        if text is None or "?" in options:
            raise NotJudged(f"{call.name} {' '.join(call.args)}, whose script isn't known")
        shell = Shell(self, arguments, dash=call.name != "bash", depth=call.depth + 1)
        shell.errexit, shell.strict = "e" in options, "u" in options
        shell.pipefail = "P" in options
        folder = self.folder
        try:
            return shell.run(text, self.line)
        finally:
            self.folder = folder

    def refusal(self, path: str) -> str:
        """Why the user can't make, change or remove a file at a path; empty if it's possible."""
        if self.user == 0:
            return ""
        folder = posixpath.dirname(path)
        while folder != "/" and not self.files.is_folder(folder):
            folder = posixpath.dirname(folder)
        known = self.files.known.get(path)
        if known is not None and known.owner == self.user:
            return ""
        return "" if self.disk.writable(folder, self.user, self.who.groups) else "Permission denied"

    def put(self, path: str, file: File | None) -> None:
        """Change a file."""
        real = self.files.real(path)
        if file is not None and self.files.known.get(real) is None:
            file = msgspec.structs.replace(
                file, group=self.who.gid if file.owner == self.user else file.group
            )
        self.files.put(path, file)

    def kill(self, call: Call) -> Ran:
        """`kill`, as a built-in of the shell."""
        raise NotJudged(f"kill {' '.join(call.args)}")

    def state(self) -> object:
        """How many commands ran: each may have changed something."""
        return self.commands

    def account(self, name: str) -> tuple[int, int] | None:
        """The user and group ID of an account; None if it doesn't exist."""
        account = accounts.accounts(self.disk).get(name)
        return None if account is None else (account.uid, account.gid)

    def group(self, name: str) -> int | None:
        """The ID of a group; None if it doesn't exist."""
        return accounts.groups(self.disk).get(name)

    def reaches_network(self) -> bool:
        """Whether servers answer."""
        return self.network.online

    def path(self, word: str) -> str:
        """The absolute path that a word means."""
        return absolute(self, word)

    def search(self, name: str) -> str | None:
        """Where PATH has a program; None if nowhere."""
        return find_program(self.disk, name, self.environment.get("PATH", _PATH), self.folder)


def find_program(files: ImageFiles, name: str, path: str, folder: str) -> str | None:
    """The path of a program: through the directories of PATH, or from the current directory."""
    if "/" in name:
        place = name if name.startswith("/") else posixpath.join(folder, name)
        return place if not files.is_folder(place) and files.at(place) is not None else None
    for one in path.split(":"):
        place = posixpath.join(one, name)
        if one.startswith("/") and not files.is_folder(place):
            file = files.at(place)
            if file is not None and file.executable:
                return place
    return None
