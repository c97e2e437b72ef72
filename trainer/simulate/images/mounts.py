"""The mounts of an instruction RUN: `--mount=type=secret,id=token,target=/run/token`.

Follows `frontend/dockerfile/instructions/commands_runmount.go` and `dockerfile2llb/convert_runmount.go` and
`convert_secrets.go` of moby/buildkit at 73ed682 (2026-08).
"""

from __future__ import annotations

import posixpath

import msgspec

from trainer.simulate.images.expansion import Refused

TYPES = ("bind", "cache", "tmpfs", "secret", "ssh")
_NAMES = {"src": "source", "dst": "target", "destination": "target", "ro": "readonly", "rw": "readwrite"}
_KEYS = frozenset(
    "type from source target readonly readwrite id sharing required size mode uid gid env".split()
)
_OWNED = frozenset({"secret", "ssh", "cache"})


class Mount(msgspec.Struct, frozen=True):
    """A mount."""

    type: str
    source: str = ""
    """In the context or stage; of a secret: its ID."""
    target: str = ""
    """An absolute or relative path; empty for a secret that is a variable only."""
    origin: str = ""
    """The stage or image in `from=`."""
    env: str = ""
    """The variable with the secret."""
    required: bool = False
    mode: int = 0o400
    uid: int = 0
    gid: int = 0


def read_mount(text: str) -> Mount:
    """The mount of a flag, with its variables replaced. Raises `Refused`."""
    values: dict[str, str] = {}
    for field in _fields(text):
        key, equals, value = field.partition("=")
        key = _NAMES.get(key.lower(), key.lower())
        if not equals:
            if key not in ("readonly", "readwrite", "required"):
                raise Refused(f"the field {field!r} of --mount must be key=value")
            value = "true"
        if key not in _KEYS:
            raise Refused(f"--mount has no key {key!r}")
        values[key] = value
    kind = values.get("type", "bind").lower()
    if kind not in TYPES:
        raise Refused(f"unsupported mount type {values['type']!r}: it is {', '.join(TYPES)}")
    _check(kind, values)
    source = values.get("id") or values.get("source", "") if kind == "secret" else values.get("source", "")
    target = values.get("target", "")
    if kind == "secret":
        source = source or posixpath.basename(target)
        if not target and "env" not in values:
            target = f"/run/secrets/{posixpath.basename(source)}"
    return Mount(
        kind,
        source,
        target,
        values.get("from", ""),
        values.get("env", ""),
        values.get("required", "false").lower() in ("true", "1", "t"),
        int(values.get("mode", "0400"), 8),
        int(values.get("uid", "0")),
        int(values.get("gid", "0")),
    )


def _fields(text: str) -> list[str]:
    """Comma-separated fields; a field in double quotes may have commas."""
    found, field, quoted = [], "", False
    for char in text:
        if char == '"':
            quoted = not quoted
        elif char == "," and not quoted:
            found.append(field)
            field = ""
        else:
            field += char
    return [*found, field]


def _check(kind: str, values: dict[str, str]) -> None:
    for key in ("mode", "uid", "gid"):
        if key in values and kind not in _OWNED:
            raise Refused(f"{key} isn't allowed for mounts of type {kind}")
        if key in values and not values[key].isdecimal():
            raise Refused(f"invalid value {values[key]!r} for {key}")
    if set(values.get("mode", "")) & {"8", "9"}:
        raise Refused(f"invalid value {values['mode']!r} for mode")
    if "required" in values and kind not in ("secret", "ssh"):
        raise Refused(f"unexpected key 'required' for mount type {kind}")
    if "size" in values and kind != "tmpfs":
        raise Refused(f"unexpected key 'size' for mount type {kind}")
    if "sharing" in values and kind != "cache":
        raise Refused(f"invalid cache sharing set for a {kind} mount")
    if kind == "secret":
        if values.get("from"):
            raise Refused("a secret mount can't have from=")
        if not (values.get("source") or values.get("target") or values.get("id")):
            raise Refused("a secret mount needs id= or target=")
        if values.get("source") and values.get("id"):
            raise Refused("source and id can't both be set")
    elif kind != "ssh" and not values.get("target"):
        raise Refused(f"a {kind} mount needs target=")
