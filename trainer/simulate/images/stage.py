"""A stage while it is built: its files, layers, configuration and history, instruction by instruction.

Follows `dispatch` and what it calls in `dockerfile2llb/convert.go` of moby/buildkit at 73ed682 (2026-08):
what `docker history` shows, when a CMD is reset, whose variables count where.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable, Mapping
from copy import copy as shallow_copy
from typing import Self

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.images import accounts
from trainer.simulate.images.bases import Base, files_of
from trainer.simulate.images.copying import Missing, Options, Source, checked, copy, is_archive, owner_of
from trainer.simulate.images.dockerfile import Broken, Instruction, pairs, read_dockerfile, split_words
from trainer.simulate.images.expansion import expand
from trainer.simulate.images.files import ImageFiles, Layer, changed_folders, changes
from trainer.simulate.images.given import BuildGiven
from trainer.simulate.images.packages import Installed
from trainer.simulate.images.running import run
from trainer.simulate.images.tools import Network
from trainer.simulate.shell.filesystem import File

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
SHELL = ("/bin/sh", "-c")


class Context(msgspec.Struct, frozen=True):
    """The build context: files by path below `/`, and those that the ignore file leaves out."""

    files: Mapping[str, File]
    ignored: frozenset[str] = frozenset()

    def source(self) -> Source:
        """As the source of COPY."""
        folders = {
            "/".join(path.split("/")[:size]): (0, 0, 0o755)
            for path in self.files
            for size in range(2, path.count("/") + 1)
        }
        return Source(self.files, folders, self.ignored)


class Config(msgspec.Struct):
    """The configuration of an image."""

    env: dict[str, str] = {}
    user: str = ""
    workdir: str = ""
    entrypoint: tuple[str, ...] = ()
    cmd: tuple[str, ...] = ()
    shell: tuple[str, ...] = SHELL
    ports: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    labels: dict[str, str] = {}
    healthcheck: str = ""
    onbuild: tuple[str, ...] = ()
    lines: dict[str, int] = {}
    """Which line has last set what: `user`, `cmd`, ...; missing: the base has."""

    def copy(self) -> Config:
        """A copy, for separate changes."""
        twin = shallow_copy(self)
        twin.env, twin.labels, twin.lines = dict(self.env), dict(self.labels), dict(self.lines)
        return twin


class Stage:
    """One stage."""

    def __init__(
        self, name: str, line: int, given: BuildGiven, context: Context, network: Network, escape: str
    ) -> None:
        self.name, self.line, self.at = name, line, line
        self.given, self.context, self.network, self.escape = given, context, network, escape
        self.base: Base | None = None
        """The base image at its bottom; None for scratch."""
        self.files = ImageFiles()
        self.config = Config()
        self.layers: list[Layer] = []
        """Its layers, those of the stages that it builds on first; the base image is the first of all."""
        self.installed = Installed()
        self.globals: Mapping[str, str] = {}
        self.arguments: dict[str, str] = {}
        """The values of ARG that count."""
        self.known_arguments: dict[str, str] = {}
        """What the history of RUN shows of them."""
        self.triggers: list[Instruction] = []
        self.cmd_set = False
        self.unheeded: list[tuple[int, str]] = []
        """The lines and words of commands that failed without stopping the build."""

    @classmethod
    def on(
        cls,
        base: Base | None,
        name: str,
        line: int,
        given: BuildGiven,
        context: Context,
        globals_: Mapping[str, str],
        escape: str,
        tampered: bool,
    ) -> Self:
        """A stage on a base image, or on nothing."""
        stage = cls(name, line, given, context, Network(given.downloads, tampered=tampered), escape)
        stage.base, stage.globals = base, globals_
        stage.config.env = {"PATH": PATH}
        if base is not None:
            one = base.given
            stage.files = files_of(base, given)
            stage.installed = Installed(dict.fromkeys(one.packages, ""))
            stage.config.env |= one.env
            stage.config.user, stage.config.workdir = one.user, one.workdir
            stage.config.entrypoint, stage.config.cmd = one.entrypoint, one.cmd
            stage.layers = [Layer(0, f"FROM {base.reference}", dict(stage.files.known))]
            stage.triggers = [
                _retold(trigger, line)
                for text in one.onbuild
                for trigger in read_dockerfile(text).instructions
            ]
        return stage

    def continued(self, name: str, line: int) -> Stage:
        """A stage that builds on this one."""
        stage = Stage(name, line, self.given, self.context, self.network, self.escape)
        stage.base, stage.globals = self.base, self.globals
        stage.files, stage.installed = self.files.copy(), self.installed.copy()
        stage.config, stage.layers = self.config.copy(), list(self.layers)
        stage.arguments, stage.known_arguments = dict(self.arguments), dict(self.known_arguments)
        stage.triggers = [
            _retold(one, line) for text in self.config.onbuild for one in read_dockerfile(text).instructions
        ]
        stage.config.onbuild = ()
        return stage

    @property
    def family(self) -> str:
        """The distribution of its base."""
        return self.base.given.family if self.base else "none"

    @property
    def variables(self) -> dict[str, str]:
        """What words of instructions may use: ENV wins over ARG where it came last, as in the state."""
        return {**self.config.env, **self.arguments}

    def expanded(self, word: str) -> str:
        """A word with its variables replaced."""
        return expand(word, self.variables, self.escape)

    def history(self, instruction: Instruction, text: str) -> None:
        """Add an instruction that changes no files to the history."""
        self.layers.append(Layer(instruction.line, text, empty=True))

    def commit(
        self, instruction: Instruction, before: ImageFiles, text: str, saw: frozenset[str] = frozenset()
    ) -> None:
        """Add a layer with what an instruction has changed, and with the secrets that it `saw`."""
        folders = changed_folders(before, self.files)
        self.layers.append(Layer(instruction.line, text, changes(before, self.files), folders, saw=saw))

    def dispatch(self, one: Instruction, origin: Callable[[str], Stage]) -> None:
        """Carry out an instruction. Raises `Broken`, `Refused` and `NotJudged`."""
        self.at = one.line
        match one.name:
            case "RUN":
                run(self, one, origin)
            case "COPY" | "ADD":
                self._copy(one, origin)
            case "ENV" | "LABEL":
                self._pairs(one)
            case "ARG":
                self._argument(one)
            case "CMD" | "ENTRYPOINT":
                self._command(one)
            case "EXPOSE" | "VOLUME":
                self._lists(one)
            case "USER" | "WORKDIR" | "SHELL" | "STOPSIGNAL" | "MAINTAINER" | "HEALTHCHECK" | "ONBUILD":
                self._setting(one)

    def _pairs(self, one: Instruction) -> None:
        found = [(self.expanded(key), self.expanded(value)) for key, value in pairs(one, self.escape)]
        for key, value in found:
            if not key:
                raise Broken(one.line, f"{one.name} names can't be blank.")
            if one.name == "LABEL":
                self.config.labels[key] = value
            else:
                self.config.env[key] = value
                self.arguments.pop(key, None)
            self.config.lines[f"{one.name.lower()} {key}"] = one.line
        self.history(one, f"{one.name} " + " ".join(f"{key}={value}" for key, value in found))

    def _argument(self, one: Instruction) -> None:
        words = split_words(one.rest, self.escape)
        if not words:
            raise Broken(one.line, "ARG requires at least one argument.")
        told = []
        for word in words:
            key, equals, value = word.partition("=")
            found: str | None = self.expanded(value) if equals else self.globals.get(key)
            if key in self.given.args:
                found = self.given.args[key]
            if found is not None:
                self.arguments[key] = found
            self.known_arguments[key] = found or ""
            told.append(key if found is None else f"{key}={found}")
        self.history(one, f"ARG {' '.join(told)}")

    def _command(self, one: Instruction) -> None:
        words = one.words
        if words is None:
            words = (*self.config.shell, one.rest) if one.rest else self.config.shell
        if one.name == "CMD":
            self.config.cmd, self.cmd_set = words, True
        else:
            self.config.entrypoint = words
            if not self.cmd_set:
                self.config.cmd = ()
        self.config.lines[one.name.lower()] = one.line
        self.history(one, f"{one.name} {json.dumps(list(words))}")

    def _lists(self, one: Instruction) -> None:
        words = list(one.words) if one.words is not None else one.rest.split()
        words = [inner for word in words for inner in self.expanded(word).split()]
        if not words:
            raise Broken(one.line, f"{one.name} requires at least one argument.")
        if one.name == "VOLUME":
            self.config.volumes += tuple(words)
        else:
            self.config.ports += tuple(port for word in words for port in _ports(word, one.line))
        self.history(one, f"{one.name} [{' '.join(words)}]")

    def _setting(self, one: Instruction) -> None:
        if not one.rest:
            raise Broken(one.line, f"{one.name} requires exactly one argument.")
        text = one.rest
        match one.name:
            case "USER":
                text = self.config.user = self.expanded(text)
            case "WORKDIR":
                return self._workdir(one)
            case "SHELL":
                if not one.words:
                    raise Broken(one.line, 'SHELL needs the exec form: SHELL ["/bin/bash", "-c"].')
                self.config.shell = one.words
            case "HEALTHCHECK":
                kind = text.split()[0].upper()
                if kind not in ("NONE", "CMD"):
                    raise Broken(one.line, f"HEALTHCHECK takes CMD or NONE, not {kind}.")
                self.config.healthcheck = text
            case "ONBUILD":
                self._trigger(one)
                return None
        self.config.lines[one.name.lower()] = one.line
        self.history(one, f"{one.name} {text}")
        return None

    def _trigger(self, one: Instruction) -> None:
        word = one.rest.split()[0].upper()
        if word in ("ONBUILD", "FROM", "MAINTAINER"):
            raise Broken(one.line, f"{word} isn't allowed as an ONBUILD trigger.")
        read_dockerfile(one.rest)
        self.config.onbuild += (one.rest,)
        self.config.lines["onbuild"] = one.line

    def _workdir(self, one: Instruction) -> None:
        path = posixpath.normpath(posixpath.join("/", self.config.workdir, self.expanded(one.rest)))
        before = self.files.copy()
        self.config.workdir = path
        if not self.files.is_folder(path):
            try:
                who = accounts.identity(self.files, self.config.user)
            except accounts.NoUser as error:
                raise Broken(
                    one.line, f"WORKDIR makes {path} for USER {self.config.user}: {error}."
                ) from None
            self.files.make_folders(path, (who.uid, who.gid, 0o755))
        self.config.lines["workdir"] = one.line
        self.commit(one, before, f"WORKDIR {path}")

    def _copy(self, one: Instruction, origin: Callable[[str], Stage]) -> None:
        words = list(one.words) if one.words is not None else one.rest.split()
        inline = {doc.name: doc for doc in one.heredocs}
        if len(words) < 2:
            raise Broken(
                one.line,
                f"{one.name} needs a source and a destination.",
                shown=f"{one.name} requires at least two arguments, but only one was provided",
            )
        before = self.files.copy()
        target = self.expanded(words[-1])
        chown, mode = self.expanded(one.flag("chown")), self.expanded(one.flag("chmod"))
        excluded = tuple(value for key, value in one.flags if key == "exclude")
        folder = self.config.workdir or "/"
        try:
            options = Options(
                owner_of(self.files, chown), _octal(mode), excluded, one.flag("parents") == "true"
            )
            paths: list[str] = []
            for word in words[:-1]:
                name = word.lstrip("0123456789").removeprefix("<<").removeprefix("-").strip("'\"")
                if "<<" in word and name in inline:
                    text = inline[name].text
                    if inline[name].expand:
                        text = expand(text, self.variables, "\\", quotes=False)
                    self._one_file(name, File(name, 0o644, content=text), target, options, folder)
                else:
                    paths.append(self.expanded(word))
            if one.name == "ADD":
                paths = [path for path in paths if not self._fetched(one, path, target, options, folder)]
            if paths:
                copy(self.files, self._source(one, origin), paths, target, options, folder)
        except Missing as error:
            raise Broken(one.line, f"{one.name} stops: {error}.", shown=str(error)) from None
        flags = "".join(f" --{key}={value}" for key, value in (("chown", chown), ("chmod", mode)) if value)
        self.commit(one, before, f"{one.name}{flags} {' '.join([*words[:-1], target])} # buildkit")

    def _source(self, one: Instruction, origin: Callable[[str], Stage]) -> Source:
        name = one.flag("from")
        if not name or name.lower() == "context":
            return self.context.source()
        stage = origin(name)
        owners = stage.files.owners
        folders = {path: owners.get(path, (0, 0, 0o755)) for path in stage.files.made}
        live = stage.files.live()
        for link, real in stage.files.aliases.items():
            extra = {
                f"{link}{path[len(real) :]}": file
                for path, file in live.items()
                if path.startswith(f"{real}/")
            }
            live = {**live, **extra}
        behind = {path: _behind(stage.files, file) for path, file in live.items()}
        title = f"stage {stage.name}" if stage.line else name
        return Source({path: file for path, file in behind.items() if file is not None}, folders, title=title)

    def _one_file(self, name: str, file: File, target: str, options: Options, folder: str) -> None:
        copy(self.files, Source({f"/{name}": file}, {}), [name], target, options, folder)

    def _fetched(self, one: Instruction, path: str, target: str, options: Options, folder: str) -> bool:
        """Whether ADD has fetched a source from the network. Raises `NotJudged` for what it would unpack."""
        if path.startswith(("http://", "https://")) and not path.partition("#")[0].endswith(".git"):
            text = self.network.get(path)
            if text is None:
                raise Missing(f"{path}: 404 Not Found")
            checked(path, text, self.expanded(one.flag("checksum")))
            self._one_file(posixpath.basename(path), File(path, 0o600, content=text), target, options, folder)
            return True
        if path.startswith(("git@", "http://", "https://", "git://")):
            raise NotJudged(f"ADD {path}")
        if is_archive(path):
            raise NotJudged(f"ADD of the archive {path}")
        if one.flag("checksum"):
            raise Missing("--checksum needs a source on the network")
        return False


def _behind(files: ImageFiles, file: File) -> File | None:
    """A file as COPY takes it: links at its end are followed where they lead to a file."""
    return files.at(file.link) if file.link else file


def _octal(mode: str) -> str:
    if mode.isdecimal() and (set(mode) & {"8", "9"} or int(mode, 8) > 0o7777):
        raise Missing(f"invalid chmod parameter: {mode!r}. It should be an octal number up to 07777")
    return mode.lstrip("0")[-4:] or "0" if mode.isdecimal() else mode


def _ports(word: str, line: int) -> list[str]:
    """`8080`, `8080/tcp`, `8000-8002/udp` as single ports with their protocols."""
    text, _, protocol = word.partition("/")
    protocol = (protocol or "tcp").lower()
    first, dash, last = text.partition("-")
    good = first.isdecimal() and (last.isdecimal() or not dash) and protocol in ("tcp", "udp", "sctp")
    if not good or int(last or first) > 65_535 or int(last or first) < int(first):
        raise Broken(
            line, f"EXPOSE takes ports such as 8080/tcp, not {word!r}.", shown=f"invalid port {word}"
        )
    if int(last or first) - int(first) > 1000:
        raise NotJudged(f"EXPOSE {word}")
    return [f"{port}/{protocol}" for port in range(int(first), int(last or first) + 1)]


def _retold(trigger: Instruction, line: int) -> Instruction:
    """A trigger of ONBUILD at the line of the FROM that runs it."""
    return msgspec.structs.replace(trigger, line=line, lines=())
