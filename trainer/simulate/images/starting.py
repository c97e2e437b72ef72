"""What a container of an image runs: the program that ENTRYPOINT and CMD lead to, or why none starts.

Follows https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact (2026), and
execve(2): a script needs its interpreter, a dynamically linked program its loader.
"""

from __future__ import annotations

import posixpath

import msgspec

from trainer.simulate.images import accounts
from trainer.simulate.images.accounts import Identity, NoUser
from trainer.simulate.images.files import ImageFiles, may
from trainer.simulate.images.machine import Machine
from trainer.simulate.images.stage import Stage
from trainer.simulate.images.tools import Network
from trainer.simulate.shell.filesystem import SHELLS
from trainer.simulate.shell.process import Call, Ran, RunsOn, TimedOut
from trainer.simulate.shell.programs import TOOLS

_WRAPPERS = frozenset({"tini", "dumb-init", "tini-static"})


class Started(msgspec.Struct, frozen=True):
    """The program that runs on, or why nothing does."""

    program: str = ""
    """Its name: `shop`, `node`."""
    argv: tuple[str, ...] = ()
    folder: str = "/"
    who: Identity = Identity(0, 0, frozenset({0}), "/root")
    trouble: str = ""
    """Why no container starts, as the end of a sentence."""
    blamed: str = ""
    """The file because of which none starts, if any."""


class _Container(Machine):
    """A container at its start: the first program that isn't a tool of the shell is the server."""

    server: Started | None = None

    def _program(self, call: Call, argv: tuple[str, ...]) -> Ran:
        if call.name in _WRAPPERS:
            words = [arg for arg in call.args if arg not in ("--", "-g", "-v", "-s")]
            return self.execute(tuple(words), call.depth + 1, call.stdin)
        if call.name in SHELLS and not call.args:
            return Ran(0)  # a shell without a terminal reads an empty input, and ends
        if call.name in SHELLS or call.name in TOOLS:
            return super()._program(call, argv)
        self.server = Started(call.name, argv, self.folder, self.who)
        raise RunsOn


def start(stage: Stage) -> Started:
    """What a container of the image runs. Raises `NotJudged` for a start that isn't covered."""
    config = stage.config
    argv = (*config.entrypoint, *config.cmd)
    try:
        who = accounts.identity(stage.files, config.user)
    except NoUser as error:
        return Started(argv=argv, trouble=str(error))
    if not argv or not argv[0]:
        return Started(argv=argv, who=who, trouble="the image has neither ENTRYPOINT nor CMD")
    folder = config.workdir or "/"
    container = _Container(
        stage.files.copy(),
        stage.installed.copy(),
        stage.given,
        stage.family,
        Network(stage.given.downloads, online=False),
        who,
        config.env,
        folder,
    )
    try:
        ran = container.execute(argv)
    except RunsOn:
        if container.server is not None:
            return container.server
        raise
    except TimedOut:
        return Started(argv=argv, who=who, trouble="the command waits and never starts the application")
    why = container.failures[0].why if container.failures else ran.complaint
    if ran.code in (126, 127) and why:
        return Started(argv=argv, who=who, trouble=why, blamed=container.blamed)
    end = f"it ends at once with code {ran.code}"
    return Started(argv=argv, who=who, trouble=f"{end}: {why}" if why else end)


def script_of(stage: Stage, started: Started) -> str:
    """The path of the file that an interpreter runs; empty if it names none."""
    for word in started.argv[1:]:
        if not word.startswith("-"):
            path = posixpath.normpath(posixpath.join(started.folder, word))
            return path if stage.files.at(path) is not None else ""
    return ""


def readable(files: ImageFiles, path: str, who: Identity) -> bool:
    """Whether a user can read a file."""
    file = files.at(path)
    return (
        file is not None and may(file, who.uid, who.groups, 4) and files.searchable(path, who.uid, who.groups)
    )
