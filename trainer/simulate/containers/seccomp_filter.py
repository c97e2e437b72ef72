"""A seccomp profile in a file (type Localhost): whether the runtime accepts it, and what it does to a call.

Follows containerd and runc, which nodes of kubeadm run: the file is decoded as JSON into `LinuxSeccomp`
of the OCI runtime specification 1.2 (specs-go/config.go) by Go's `encoding/json`, so names of fields
count in any case and unknown fields are ignored: `name`, `includes`, `excludes` and `archMap` of
Docker's format too (CRI-O reads those). Then `SetupSeccomp` of runc libcontainer/specconv/spec_linux.go
and `InitSeccomp` of libcontainer/seccomp/seccomp_linux.go (1.4), and `db_rule_add` of libseccomp
src/db.c (2.6): the first entry without arguments decides about its call.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from typing import Any

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.model import Document, Path, path_text
from trainer.manifests.values import indexed, items, mapping, mappings, texts
from trainer.simulate.containers.seccomp_arguments import OPERATORS, coverage
from trainer.simulate.containers.syscalls import system_calls
from trainer.verdict import Location

ALLOWS = frozenset({"SCMP_ACT_ALLOW", "SCMP_ACT_LOG"})
DENIES = frozenset(
    {
        "SCMP_ACT_ERRNO",
        "SCMP_ACT_KILL",
        "SCMP_ACT_KILL_PROCESS",
        "SCMP_ACT_KILL_THREAD",
        "SCMP_ACT_TRAP",
        "SCMP_ACT_TRACE",
    }
)
"""Without a tracer, SCMP_ACT_TRACE ends the call with ENOSYS."""

NOTIFY = "SCMP_ACT_NOTIFY"
NO_FILTER = "no filter"
"""The action of a profile with neither defaultAction nor syscalls: runc sets up nothing."""

ARCHITECTURES = tuple(
    f"SCMP_ARCH_{name}"
    for name in """X86 X86_64 X32 ARM AARCH64 MIPS MIPS64 MIPS64N32 MIPSEL MIPSEL64 MIPSEL64N32 PPC PPC64
    PPC64LE RISCV64 S390 S390X LOONGARCH64""".split()
)
FLAGS = tuple(f"SECCOMP_FILTER_FLAG_{name}" for name in ("LOG", "SPEC_ALLOW", "TSYNC", "WAIT_KILLABLE_RECV"))
"""What a profile may contain besides actions (`libcontainer/seccomp/config.go` of runc)."""

_LAST_ARGUMENT = 5

_PROFILE = {
    "defaultAction": "text",
    "defaultErrnoRet": "number",
    "architectures": "texts",
    "flags": "texts",
    "listenerPath": "text",
    "listenerMetadata": "text",
    "syscalls": "objects",
}
_ENTRY = {"names": "texts", "action": "text", "errnoRet": "number", "args": "objects"}
_ARGUMENT = {"index": "number", "value": "number", "valueTwo": "number", "op": "text"}
"""The fields of the runtime specification, and the JSON that Go decodes into them."""

_SHOULD_BE = {
    "text": "must be text",
    "number": "must be a whole number, 0 or more, without quotes",
    "texts": "must be a list of texts",
    "objects": "must be a list of objects",
}
_DOCKERS = {
    "name": "containerd reads `names`, a list, and ignores `name`, which CRI-O reads: "
    "this entry is about no call",
    "includes": "containerd ignores `includes`, which belongs to Docker's format: the entry always counts",
    "excludes": "containerd ignores `excludes`, which belongs to Docker's format: the entry always counts",
    "archMap": "containerd ignores `archMap`, which belongs to Docker's format: write `architectures`",
}


class Fate(msgspec.Struct, frozen=True):
    """What happens to a call: allowed or denied, by which action, decided where."""

    allowed: bool
    action: str
    location: Location
    by_arguments: bool = False
    """Whether the arguments of the call decide: then `action` holds for some of them only."""

    def is_always(self, wanted: str) -> bool:
        """Whether a call is `allowed` or `denied` whatever its arguments."""
        return not self.by_arguments and self.allowed is (wanted == "allowed")


def fate(profile: Document, syscall: str) -> Fate:
    """What a profile that the runtime accepts does to a call.

    Raises `NotJudged` if an agent decides.
    """
    value = mapping(profile.value)
    default = str(_field(value, "defaultAction") or NO_FILTER)
    place = profile.where(("defaultAction",))
    if default == NO_FILTER:
        return Fate(True, default, place)
    found = [
        (str(_field(entry, "action")), _arguments(entry), profile.where(("syscalls", index)))
        for index, entry in indexed(_field(value, "syscalls"))
        if syscall in texts(_field(entry, "names"))
    ]
    # The runtime skips entries that only repeat the default action.
    found = [one for one in found if one[0] != default]
    for action, _, where in found:
        if action == NOTIFY:
            raise NotJudged(f"the seccomp action {NOTIFY}: an agent decides", where)
    always = next((one for one in found if not one[1]), None)
    if always is not None:
        return Fate(always[0] in ALLOWS, always[0], always[2])
    other = [one for one in found if (one[0] in ALLOWS) is not (default in ALLOWS)]
    if not other:
        return Fate(default in ALLOWS, default, place)
    action, _, where = other[0]
    covered = coverage([arguments for _, arguments, _ in other])
    if covered == "none":
        return Fate(default in ALLOWS, default, place)
    if covered == "all" and len(other) == len(found):
        return Fate(action in ALLOWS, action, where)
    return Fate(action in ALLOWS, action, where, by_arguments=True)


def named_calls(profile: Document) -> list[str]:
    """The system calls that a profile's entries name, without names of no system call."""
    entries = mappings(_field(mapping(profile.value), "syscalls"))
    found = (name for entry in entries for name in texts(_field(entry, "names")))
    return [name for name in dict.fromkeys(found) if name in system_calls()]


def _arguments(entry: dict[str, Any]) -> list[tuple[int, str, int, int]]:
    """The conditions of an entry: index, operator, value, second value."""
    return [
        (
            int(_field(one, "index") or 0),
            str(_field(one, "op")),
            int(_field(one, "value") or 0),
            int(_field(one, "valueTwo") or 0),
        )
        for _, one in indexed(_field(entry, "args"))
    ]


def _field(owner: dict[str, Any], name: str) -> Any:
    """A field of a profile: the runtime's JSON reader accepts its name in any case, the exact one first."""
    return owner.get(_key(owner, name) or name)


def _key(owner: dict[str, Any], name: str) -> str | None:
    if name in owner:
        return name
    return next((key for key in owner if key.lower() == name.lower()), None)


def json_problem(text: str, file: str) -> tuple[str, Location] | None:
    """Why the runtime can't read a profile's text: it accepts only JSON, while kubectl also
    accepts YAML."""

    def refuse(word: str) -> None:
        raise json.JSONDecodeError(f"{word} is not JSON", text, max(text.find(word), 0))

    if text.startswith("\ufeff"):
        return "the file is not valid JSON: save it as UTF-8 without a byte order mark", Location(file, 1, 1)
    try:
        json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError as error:
        return f"the file is not valid JSON: {error.msg}", Location(file, error.lineno, error.colno)
    return None


def problems_of(profile: Document) -> list[tuple[str, Location]]:
    """What the runtime refuses in a profile, so that the container doesn't start."""
    value = profile.value
    if not isinstance(value, dict):
        return [("a seccomp profile must be a JSON object", profile.where())]
    found = list(_type_problems(value, _PROFILE, ()))
    if not found:
        found = list(_value_problems(value))
    return [(message, profile.where(path)) for message, path in found]


def ignored(profile: Document) -> list[tuple[str, Location]]:
    """Fields and names of calls that the runtime skips, and what that means."""
    value = mapping(profile.value)
    owners: list[tuple[dict[str, Any], dict[str, str], Path]] = [(value, _PROFILE, ())]
    for index, entry in indexed(_field(value, "syscalls")):
        owners.append((entry, _ENTRY, ("syscalls", index)))
        owners += [
            (one, _ARGUMENT, ("syscalls", index, "args", number))
            for number, one in indexed(_field(entry, "args"))
        ]
    found = []
    for owner, known, path in owners:
        lower = {name.lower() for name in known}
        for key in owner:
            if key.lower() not in lower and key != "comment":
                message = _DOCKERS.get(key, f"containerd ignores `{key}`: a profile has no such field here")
                found.append((message, profile.where((*path, key))))
    return [*found, *_unknown_calls(profile, value)]


def _unknown_calls(profile: Document, value: dict[str, Any]) -> Iterator[tuple[str, Location]]:
    """Names that no system call has: runc skips them without a word."""
    for index, entry in indexed(_field(value, "syscalls")):
        key = _key(entry, "names")
        for number, name in enumerate(texts(_field(entry, "names"))):
            if key is not None and name not in system_calls():
                near = difflib.get_close_matches(name, sorted(system_calls()), n=1, cutoff=0.8)
                hint = f": did you mean `{near[0]}`" if near else ""
                place = profile.where(("syscalls", index, key, number))
                yield f"`{name}` isn't a system call, so the runtime skips it{hint}{'?' * bool(near)}", place


def _type_problems(owner: dict[str, Any], fields: dict[str, str], path: Path) -> Iterator[tuple[str, Path]]:
    """Values that Go doesn't decode into the fields' types; null is fine everywhere."""
    for name, kind in fields.items():
        key = _key(owner, name)
        value = None if key is None else owner[key]
        if key is None or value is None:
            continue
        place = (*path, key)
        if not _fits(value, kind):
            yield f"`{path_text(place)}` {_SHOULD_BE[kind]}", place
        elif kind == "objects":
            inner = _ENTRY if name == "syscalls" else _ARGUMENT
            for index, item in enumerate(value):
                yield from _type_problems(mapping(item), inner, (*place, index))


def _fits(value: Any, kind: str) -> bool:
    if kind == "text":
        return isinstance(value, str)
    if kind == "number":
        return type(value) is int and 0 <= value < 2**64
    inner = str if kind == "texts" else dict
    return isinstance(value, list) and all(one is None or isinstance(one, inner) for one in value)


def _value_problems(value: dict[str, Any]) -> Iterator[tuple[str, Path]]:
    """What runc refuses in a decoded profile."""
    default, entries = _field(value, "defaultAction"), items(_field(value, "syscalls"))
    if not default and not entries:
        return
    if not default:
        yield "the profile has no defaultAction", ()
    elif default == NOTIFY:
        yield f"{NOTIFY} can't be the default action", ("defaultAction",)
    elif default not in ALLOWS | DENIES:
        yield f"{default!r} is not a seccomp action", ("defaultAction",)
    for field, known in (("architectures", ARCHITECTURES), ("flags", FLAGS)):
        for index, name in enumerate(items(_field(value, field))):
            if name not in known:
                yield f"{name!r} is not one of the {field} of a profile", (field, index)
    for index, entry in indexed(entries):
        for message, path in _entry_problems(entry, bool(_field(value, "listenerPath"))):
            yield message, ("syscalls", index, *path)


def _entry_problems(entry: dict[str, Any], has_listener: bool) -> Iterator[tuple[str, Path]]:
    action, names = _field(entry, "action"), texts(_field(entry, "names"))
    if not action:
        yield "an entry of syscalls has no action", ()
    elif action not in ALLOWS | DENIES | {NOTIFY}:
        yield f"{action!r} is not a seccomp action", ("action",)
    elif action == NOTIFY and names and not has_listener:
        yield f"{NOTIFY} needs listenerPath, the socket of an agent that decides", ("action",)
    elif action == NOTIFY and "write" in names:
        yield f"{NOTIFY} can't be used for write", ("action",)
    if "" in names:
        yield "an entry of syscalls names an empty call", ("names", names.index(""))
    for index, one in indexed(_field(entry, "args") if names else None):
        operator = _field(one, "op")
        if operator not in OPERATORS:
            known = ", ".join(sorted(OPERATORS))
            yield f"{operator or 'nothing'!r} is not an operator: write one of {known}", ("args", index, "op")
        if int(_field(one, "index") or 0) > _LAST_ARGUMENT:
            yield "a system call has the arguments 0 to 5", ("args", index, "index")
