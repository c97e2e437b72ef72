"""Facts by their kind: what may be written for one, and which forms mean the same.

- `object`: `namespace/name`, with the resource in any usual place (`shop/pod/web`, `pod/web` has no
  namespace), or `{namespace: shop, name: web}`.
- `name`: the name of an object, also with its resource (`csr/web`).
- `user`: as in audit logs; a ServiceAccount also as `namespace/name` or `sa:namespace/name`.
- `time`: RFC 3339 (https://www.rfc-editor.org/rfc/rfc3339), any time zone (without one, UTC), compared to
  the second; also as in access logs, or as Unix time in seconds, milliseconds, microseconds or nanoseconds.
- `image`: as container runtimes read it. `package`: name and version, also as a package URL
  (https://github.com/package-url/purl-spec). `address`: IPv4 or IPv6. `digest`: with or without its
  algorithm.
- `word`: upper and lower case are the same; `number`: a whole number; `path`: an absolute path; `file`: the
  name of a file, with or without its directories; `text`: as it is.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import Any, Literal, cast

import msgspec

from trainer.errors import UsageError
from trainer.patterns import regex

Kind = Literal[
    "object",
    "name",
    "user",
    "time",
    "image",
    "package",
    "address",
    "digest",
    "word",
    "number",
    "path",
    "file",
    "text",
]

_NAME = regex(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")
_RESOURCE = regex(
    r"(?i)(pods?|po|deployments?|deploy|daemonsets?|ds|statefulsets?|sts|cronjobs?|cj|jobs?|replicasets?|rs"
    r"|secrets?|configmaps?|cm|services?|svc|serviceaccounts?|sa|rolebindings?|roles?)(\.[a-z0-9.]+)?"
)
_DIGEST = regex(r"(?i)(?:(sha\d+):)?([0-9a-f]{32,})")
_PACKAGE = regex(r"(@?[^\s@=:]+(?::[^\s@=:]+)?)(?:\s+|@|==?|:)v?([0-9][^\s@=:]*(?::[^\s@=:]+)?)")


class Unfit(msgspec.Struct, frozen=True):
    """Why a value isn't a fact of its kind, as the rest of a sentence, and what to write."""

    why: str


def canonical(kind: Kind, value: Any) -> str | Unfit:
    """The one form of a fact that all forms of it have, or why the value isn't one."""
    if isinstance(value, dict):
        return _of_mapping(kind, value)
    if isinstance(value, bool):
        value = str(value).lower()
    if isinstance(value, int | float):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        return Unfit("is empty" if value is None or value == "" else "isn't a text")
    return _FORMS[kind](value.strip())


_JOINED = {"object": ("namespace", "/"), "user": ("namespace", "/"), "package": ("version", "@")}
"""The part of a fact that has a key of its own, and what joins it with the other part."""


def _of_mapping(kind: Kind, value: dict[str, Any]) -> str | Unfit:
    parts = {
        str(key).lower(): str(item) for key, item in value.items() if isinstance(item, str | int | float)
    }
    if len(parts) != len(value):
        return Unfit("has parts that aren't texts")
    parts = {key: item for key, item in parts.items() if key not in ("kind", "apiversion", "apigroup")}
    if len(parts) == 1:
        return canonical(kind, *parts.values())
    key, sign = _JOINED.get(kind, ("", ""))
    if len(parts) == 2 and key in parts:
        named = parts.pop(key)
        (other,) = parts.values()
        return canonical(kind, f"{other}{sign}{named}" if sign == "@" else f"{named}{sign}{other}")
    return Unfit("is a mapping; write one text for each fact")


def _object(text: str) -> str | Unfit:
    kind, _, rest = text.partition(" ")
    parts = (rest.strip() if _RESOURCE.fullmatch(kind) else text).split("/")
    if len(parts) == 3:
        places = [place for place, part in enumerate(parts[:2]) if _RESOURCE.fullmatch(part)]
        if places:
            del parts[places[-1]]
    if len(parts) == 2 and all(_NAME.fullmatch(part) for part in parts):
        return "/".join(parts)
    return Unfit("isn't a Namespace and a name; write namespace/name")


def _name(text: str) -> str | Unfit:
    resource, sign, name = text.lower().rpartition("/")
    if not _NAME.fullmatch(name) or (sign and not _NAME.fullmatch(resource)):
        return Unfit("isn't the name of an object")
    return name


_UNIX = (10, 13, 16, 19)
"""Digits of a Unix time in seconds, milliseconds, microseconds and nanoseconds."""
_ACCOUNT = "system:serviceaccount:"
_ACCOUNT_PREFIX = regex(r"(?i)(?:serviceaccounts?|sa)(?:[:/]\s*|\s+)")
_USER_PREFIX = regex(r"(?i)^user(?::\s*|\s+)")


def _user(text: str) -> str | Unfit:
    account = _ACCOUNT_PREFIX.match(text)
    bare = text[account.end() :] if account else text
    if bare.count("/") == 1 and not bare.startswith("/"):
        return f"{_ACCOUNT}{bare.replace('/', ':')}"
    if account and bare.count(":") == 1:
        return f"{_ACCOUNT}{bare}"
    return _USER_PREFIX.sub("", text)


def _time(text: str) -> str | Unfit:
    from datetime import UTC, datetime  # only some cards ask for a time

    if text.isdecimal() and text.isascii() and len(text) in _UNIX:
        # The first ten digits are the seconds, from 2001 to 2286.
        return datetime.fromtimestamp(int(text[:10]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    try:
        moment = datetime.fromisoformat(text.upper().replace(" ", "T", 1).replace(" ", ""))
    except ValueError:
        bare = text.strip("[]")
        try:
            moment = datetime.strptime(bare, "%d/%b/%Y:%H:%M:%S" + " %z" * (" " in bare))
        except ValueError:
            return Unfit("isn't a time; write it as 2026-01-31T08:00:00Z")
    if moment.tzinfo is None:  # as in YAML 1.1, and in all material
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _image(text: str) -> str | Unfit:
    from trainer.simulate.containers.images import normalise

    try:
        return str(normalise(text.removeprefix("docker://")))
    except UsageError as error:
        return Unfit(f"isn't an image: {error.message}")


def package_url(value: Any) -> str:
    """The canonical form of a package URL, with its ecosystem; empty for any other value."""
    from urllib.parse import unquote

    if isinstance(value, dict) and len(value) == 1:
        (value,) = value.values()
    text = value.strip() if isinstance(value, str) else ""
    scheme, _, rest = unquote(text.partition("?")[0].partition("#")[0]).partition(":")
    kind, _, path = rest.lstrip("/").partition("/")
    return f"pkg:{kind.lower()}/{path}" if scheme.lower() == "pkg" and path else ""


def _package(text: str) -> str | Unfit:
    if url := package_url(text):
        kind, _, path = url.removeprefix("pkg:").partition("/")
        # Packages of distributions have a vendor in front, which isn't part of their name.
        text = (
            path.rpartition("/")[2]
            if kind in ("apk", "deb", "rpm")
            else path.replace("/", ":" if kind == "maven" else "/")
        )
    found = _PACKAGE.fullmatch(text)
    return (
        f"{found[1]}@{found[2]}" if found else Unfit("isn't a package with its version; write name@version")
    )


def _address(text: str) -> str | Unfit:
    from ipaddress import ip_address

    try:
        address = ip_address(text)
    except ValueError:
        return Unfit("isn't an IP address")
    return str(getattr(address, "ipv4_mapped", None) or address)


def _digest(text: str) -> str | Unfit:
    found = _DIGEST.fullmatch(text)
    return found[2].lower() if found else Unfit("isn't a digest")


def _number(text: str) -> str | Unfit:
    return str(int(text)) if text.isdecimal() and text.isascii() else Unfit("isn't a whole number")


def _path(text: str) -> str | Unfit:
    return posixpath.normpath(text) if text.startswith("/") else Unfit("isn't an absolute path")


def _file(text: str) -> str | Unfit:
    return posixpath.basename(text) or Unfit("is a directory; write the name of a file")


def _word(text: str) -> str:
    return " ".join(text.lower().removesuffix("()").split())


def _text(text: str) -> str:
    return " ".join(text.split())


_FORMS = cast(
    "dict[str, Callable[[str], str | Unfit]]",
    {
        "object": _object,
        "name": _name,
        "user": _user,
        "time": _time,
        "image": _image,
        "package": _package,
        "address": _address,
        "digest": _digest,
        "word": _word,
        "number": _number,
        "path": _path,
        "file": _file,
        "text": _text,
    },
)
