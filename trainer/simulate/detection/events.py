"""A recording: events of system calls with their fields, and what follows from these.

Each line is one event as a JSON object whose keys are names of fields, as `sysdig -j` and Falco's
`output_fields` write them. A field that isn't written follows from others where libsinsp computes it too
(falcosecurity/libs 0.25.4, `sinsp_filtercheck_*.cpp`): `proc.args` is `proc.cmdline` without the name,
`evt.is_open_read` follows from the flags. A field that some event has is unset in the events without it. Of a
field that the recording doesn't have at all, nothing is known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.detection.fields import ANCESTRY, NEVER_SET, FieldType

Facts = Mapping[str, Any]

OPENS = frozenset(("open", "openat", "openat2", "open_by_handle_at"))
_CATEGORIES = {
    "file": "open openat openat2 open_by_handle_at creat close unlink unlinkat rename renameat renameat2"
    " mkdir mkdirat rmdir link linkat symlink symlinkat chmod fchmod fchmodat chown fchown fchownat stat",
    "process": "execve execveat clone clone3 fork vfork procexit kill prctl setns unshare",
    "net": "connect accept accept4 bind listen socket shutdown",
    "user": "setuid setgid setresuid setresgid",
    "io-read": "read readv pread preadv recvfrom recvmsg",
    "io-write": "write writev pwrite pwritev sendto sendmsg",
}
_FD_TYPES = {"f": "file", "d": "directory", "4": "ipv4", "6": "ipv6", "u": "unix", "p": "pipe"}
_SIDES = {
    **{f"fd.{side}net": f"fd.{side}ip" for side in "csrl"},
    "fd.ip": "fd.cip fd.sip",
    "fd.net": "fd.cip fd.sip",
    "fd.port": "fd.cport fd.sport",
}
"""Fields that are compared with the addresses or ports of one or both ends."""


def unrecorded(name: str) -> NotJudged:
    """Nothing is known of a field: the recording doesn't have it, nor anything that it follows from."""
    return NotJudged(f"the field {name}, which the recorded events don't have")


class Event(msgspec.Struct, frozen=True, eq=False):
    """One event: its line in the recording, what is written of it, and which fields any event has."""

    line: int
    facts: Facts
    known: frozenset[str]

    def value(self, field: FieldType) -> Any:
        """The value of a field; None if it is unset. Raises `NotJudged` if nothing is known of it.

        Fields that match either end of a connection, or any ancestor, have a tuple of values.
        """
        name = f"{field.base}[{field.argument}]" if field.argument else field.base
        if field.base in ("evt.arg", "evt.rawarg"):
            name = f"{field.base}.{field.argument}"
        if name in self.facts:
            return self.facts[name]
        if field.base in ANCESTRY:
            return self._ancestors(field)
        if field.base in _SIDES:
            ends = (self.facts.get(end) for end in _SIDES[field.base].split())
            return tuple(end for end in ends if end is not None) or None
        if not field.argument and (rule := _DERIVED.get(field.base)):
            return rule(self.facts)
        if name in self.known or field.base.startswith(NEVER_SET) or _is_unset(field, self.known):
            return None
        raise unrecorded(name)

    def get(self, name: str) -> Any:
        """A written field, or None."""
        return self.facts.get(name)

    @property
    def type(self) -> str:
        """The name of the event: `openat`."""
        return str(self.facts.get("evt.type", ""))

    @property
    def title(self) -> str:
        """The event in words: its number, time, place and process."""
        facts = self.facts
        pod = facts.get("k8s.pod.name")
        where = f"Pod {facts.get('k8s.ns.name')}/{pod}" if pod else "the host"
        if not pod and facts.get("container.id", "host") != "host":
            where = f"container {facts['container.id']}"
        what = facts.get("fd.name") if self.type not in ("execve", "execveat") else ""
        command = f"`{facts.get('proc.cmdline', '')}`" + (f" on {what}" if what else "")
        return f"event {facts.get('evt.num')} ({_time(facts)}, {where}, {self.type}: {command})"

    def _ancestors(self, field: FieldType) -> Any:
        own = field.base.replace("proc.a", "proc.", 1)
        if field.argument == "0":
            return self.facts.get(own)
        parent = own.replace("proc.", "proc.p", 1)
        found = [self.facts.get(parent)]
        level = 2
        while (key := f"{field.base}[{level}]") in self.facts:
            found.append(self.facts[key])
            level += 1
        if parent not in self.known:
            raise unrecorded(field.base)
        if field.argument == "1":
            return found[0]
        if field.argument and f"{field.base}[2]" in self.known:
            return None
        if field.argument or (f"{field.base}[2]" not in self.known and field.base != "proc.aname"):
            raise unrecorded(f"{field.base}[{field.argument}]" if field.argument else field.base)
        return tuple(one for one in found if one is not None) or None


def _is_unset(field: FieldType, known: frozenset[str]) -> bool:
    """Whether a parameter of other events is unset here: an `execve` has no `evt.arg.flags`."""
    return field.base == "evt.arg" and not field.argument.isdigit() and f"evt.arg.{field.argument}" in known


@lru_cache(maxsize=8)
def recording(file: str, text: str) -> tuple[Event, ...]:
    """The events of a file. Raises `NotJudged` for a file that isn't a recording: the card's fault."""
    found: list[tuple[int, dict[str, Any]]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                found.append((number, msgspec.json.decode(line, type=dict[str, Any])))
            except msgspec.DecodeError as error:
                raise NotJudged(f"{file} line {number} isn't an event: {error}") from None
    known = frozenset(key for _, facts in found for key in facts)
    return tuple(Event(number, facts, known) for number, facts in found)


def _time(facts: Facts) -> str:
    return str(facts.get("evt.datetime", "")).partition(" ")[2]


def _seconds(facts: Facts) -> str:
    return _time(facts).partition(".")[0]


def _nanoseconds(facts: Facts) -> int:
    from datetime import UTC, datetime

    whole, _, rest = str(facts["evt.datetime"]).partition(".")
    moment = datetime.strptime(whole, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    return int(moment.timestamp()) * 10**9 + int(f"{rest:0<9}")


def _args(facts: Facts) -> str | None:
    name, command = facts.get("proc.name"), facts.get("proc.cmdline")
    if name is None or command is None:
        return None
    return str(command).removeprefix(str(name)).removeprefix(" ") or None


def _line(facts: Facts) -> str | None:
    exe = facts.get("proc.exe")
    return None if exe is None else f"{exe} {_args(facts) or ''}".rstrip()


def _flags(*words: str) -> Callable[[Facts], bool]:
    def has(facts: Facts) -> bool:
        flags = str(facts.get("evt.arg.flags", "")).split("|")
        return facts.get("evt.type") in OPENS and any(word in flags for word in (*words, "O_RDWR"))

    return has


def _file(part: int) -> Callable[[Facts], str | None]:
    def of(facts: Facts) -> str | None:
        name = facts.get("fd.name")
        if name is None or facts.get("fd.typechar") != "f":
            return None
        folder, _, file = str(name).rpartition("/")
        return (folder or "/", file)[part]

    return of


def _image(facts: Facts) -> str | None:
    repository, tag = facts.get("container.image.repository"), facts.get("container.image.tag")
    return repository if not tag else f"{repository}:{tag}"


def _end(remote: bool, what: str) -> Callable[[Facts], Any]:
    def of(facts: Facts) -> Any:
        client = bool(facts.get("fd.is_server")) is remote
        return facts.get(f"fd.{'c' if client else 's'}{what}")

    return of


def _category(facts: Facts) -> str:
    name = str(facts.get("evt.type"))
    return next((kind for kind, names in _CATEGORIES.items() if name in names.split()), "other")


_DERIVED: dict[str, Callable[[Facts], Any]] = {
    "evt.time": _time,
    "evt.time.s": _seconds,
    "evt.time.iso8601": lambda facts: f"{str(facts['evt.datetime']).replace(' ', 'T')}+0000",
    "evt.datetime.s": lambda facts: str(facts["evt.datetime"]).partition(".")[0],
    "evt.rawtime": _nanoseconds,
    "evt.rawtime.s": lambda facts: _nanoseconds(facts) // 10**9,
    "evt.rawtime.ns": lambda facts: _nanoseconds(facts) % 10**9,
    "evt.dir": lambda _: "<",  # since Falco 0.42, calls have no enter events any more
    "evt.source": lambda _: "syscall",
    "evt.is_async": lambda _: False,
    "evt.count": lambda _: 1,
    "evt.category": _category,
    "evt.failed": lambda facts: facts.get("evt.res", "SUCCESS") != "SUCCESS",
    "evt.is_open_read": _flags("O_RDONLY"),
    "evt.is_open_write": _flags("O_WRONLY"),
    "syscall.type": lambda facts: facts.get("evt.type"),
    "proc.args": _args,
    "proc.exeline": _line,
    "proc.cmdnargs": lambda facts: len((_args(facts) or "").split()),
    "fd.type": lambda facts: _FD_TYPES.get(str(facts.get("fd.typechar"))),
    "fd.directory": _file(0),
    "fd.filename": _file(1),
    "fd.lip": _end(False, "ip"),
    "fd.rip": _end(True, "ip"),
    "fd.lport": _end(False, "port"),
    "fd.rport": _end(True, "port"),
    "fs.path.name": lambda facts: facts.get("fd.name") if facts.get("evt.type") in OPENS else None,
    "container.image": _image,
}
"""Fields that follow from written ones."""
