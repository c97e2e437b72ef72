"""How a card or a question names Pods, addresses, subjects and objects: one parser for all.

====================  ==========================================================
`sun/pod-ro`          one object or Pod: namespace/name
`sun/app=web`         Pods by label; several with commas: `sun/app=web,tier=db`
`*/app=web`           the same in every namespace; `sun/*` is every Pod in sun
`ip:203.0.113.7`      one address
`outside`             any address outside the cluster: not of a Pod, node or Service
`sa:ci/deployer`      a ServiceAccount: namespace/name
`user:jane`           a user
`group:developers`    a group
====================  ==========================================================
"""

from __future__ import annotations

from typing import Literal

import msgspec

from trainer.errors import UsageError

ANY = "*"


class ObjectName(msgspec.Struct, frozen=True):
    """One namespaced object."""

    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


class PodSet(msgspec.Struct, frozen=True):
    """Pods: one by its name, or all with these labels (none: all). `namespace` may be `*`."""

    namespace: str
    name: str = ""
    labels: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        what = self.name or ",".join(f"{key}={value}" for key, value in self.labels) or ANY
        return f"{self.namespace}/{what}"


class Address(msgspec.Struct, frozen=True):
    """One IPv4 or IPv6 address."""

    ip: str

    def __str__(self) -> str:
        return f"ip:{self.ip}"


class Outside(msgspec.Struct, frozen=True):
    """Any address outside the cluster: not of a Pod, node or Service."""

    def __str__(self) -> str:
        return "outside"


Endpoint = PodSet | Address | Outside


class Subject(msgspec.Struct, frozen=True):
    """A subject. `namespace` is set only for ServiceAccounts."""

    kind: Literal["ServiceAccount", "User", "Group"]
    name: str
    namespace: str = ""

    def __str__(self) -> str:
        if self.kind == "ServiceAccount":
            return f"sa:{self.namespace}/{self.name}"
        return f"{self.kind.lower()}:{self.name}"


def parse_object(text: str) -> ObjectName:
    """`sun/pod-ro`. Raises `UsageError`."""
    namespace, name = _halves(text, "an object", "namespace/name, such as sun/pod-ro")
    if ANY in (namespace, name) or "=" in name:
        raise _refused(text, "one object", "namespace/name, such as sun/pod-ro")
    return ObjectName(namespace, name)


def parse_endpoint(text: str) -> Endpoint:
    """`sun/pod-ro`, `sun/app=web`, `*/app=web`, `sun/*`, `ip:203.0.113.7`, `outside`. Raises `UsageError`."""
    if text == "outside":
        return Outside()
    if text.startswith("ip:"):
        return Address(_address(text))
    namespace, rest = _halves(
        text, "an endpoint", "namespace/name, namespace/label=value, ip:ADDRESS or outside"
    )
    if rest == ANY:
        return PodSet(namespace)
    if "=" not in rest:
        return PodSet(namespace, name=rest)
    return PodSet(namespace, labels=tuple(_label(text, part) for part in rest.split(",")))


def parse_subject(text: str) -> Subject:
    """`sa:ci/deployer`, `user:jane`, `group:developers`. Raises `UsageError`."""
    prefix, _, rest = text.partition(":")
    if prefix == "sa":
        namespace, name = _halves(rest, "a ServiceAccount", "sa:namespace/name, such as sa:ci/deployer")
        return Subject("ServiceAccount", name, namespace)
    if prefix in ("user", "group") and rest:
        return Subject("User" if prefix == "user" else "Group", rest)
    raise _refused(text, "a subject", "sa:namespace/name, user:NAME or group:NAME")


def _halves(text: str, what: str, form: str) -> tuple[str, str]:
    namespace, slash, rest = text.partition("/")
    if not slash or not namespace or not rest or ("/" in rest and "=" not in rest):
        raise _refused(text, what, form)
    return namespace, rest


def _label(text: str, part: str) -> tuple[str, str]:
    key, equals, value = part.strip().partition("=")
    value = value.removeprefix("=")  # kubectl reads app==web as app=web
    if not equals or not key or key.endswith("!"):
        raise _refused(text, "labels", "label=value, several separated by commas")
    return key, value


def _address(text: str) -> str:
    import ipaddress

    try:
        return str(ipaddress.ip_address(text.removeprefix("ip:")))
    except ValueError:
        raise _refused(text, "an address", "ip:203.0.113.7 or ip:2001:db8::7") from None


def _refused(text: str, what: str, form: str) -> UsageError:
    return UsageError(f"{text!r} doesn't name {what}", remedy=f"write {form}")
