"""How a card or a question names Pods, addresses, subjects and objects: one parser for all.

====================  ==========================================================
`sun/pod-ro`          one object or Pod: namespace/name
`sun/app=web`         Pods by label; several with commas: `sun/app=web,tier=db`
`*/app=web`           the same in every namespace; `sun/*` is every Pod in sun
`tier=trusted/app=a`  the same in every namespace with these labels; `tier=trusted/*`
`ip:203.0.113.7`      one address
`ip:203.0.113.0/24`   every address of a network that no Pod, node or Service has
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


Pairs = tuple[tuple[str, str], ...]


class PodSet(msgspec.Struct, frozen=True):
    """Pods: one by its name, or all with these labels (none: all).

    `namespace` may be `*`; with `namespace_labels` it is empty: every namespace that has them.
    """

    namespace: str
    name: str = ""
    labels: Pairs = ()
    namespace_labels: Pairs = ()

    def __str__(self) -> str:
        what = self.name or _written(self.labels) or ANY
        return f"{self.namespace or _written(self.namespace_labels)}/{what}"


class Address(msgspec.Struct, frozen=True):
    """One IPv4 or IPv6 address."""

    ip: str

    def __str__(self) -> str:
        return f"ip:{self.ip}"


class AddressBlock(msgspec.Struct, frozen=True):
    """Every address of a network that no Pod, node or Service has."""

    cidr: str

    def __str__(self) -> str:
        return f"ip:{self.cidr}"


class Outside(msgspec.Struct, frozen=True):
    """Any address outside the cluster: not of a Pod, node or Service."""

    def __str__(self) -> str:
        return "outside"


_ENDPOINTS = "namespace/name, namespace/label=value, ip:ADDRESS or outside"

Endpoint = PodSet | Address | AddressBlock | Outside


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
    """`sun/pod-ro`, `tier=trusted/app=web`, `ip:203.0.113.0/24`, `outside` and so on. Raises `UsageError`."""
    if text == "outside":
        return Outside()
    if text.startswith("ip:"):
        return _block(text) if "/" in text else Address(_address(text))
    namespace, rest = _halves(text, "an endpoint", _ENDPOINTS)
    homes: Pairs = ()
    if "." in namespace or "=" in namespace:  # no name of a namespace, but one or several labels
        written, rest = _labels_first(text)
        namespace, homes = "", _labels(text, written)
    if rest == ANY:
        return PodSet(namespace, namespace_labels=homes)
    if "=" not in rest:
        if homes:
            raise _refused(text, "an endpoint", _ENDPOINTS)
        return PodSet(namespace, name=rest)
    return PodSet(namespace, labels=_labels(text, rest), namespace_labels=homes)


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


def _labels_first(text: str) -> tuple[str, str]:
    """Labels of a namespace, and what follows the slash after them: a value has no slash."""
    key, equals, rest = text.partition("=")
    value, slash, pods = rest.partition("/")
    if not equals or not slash or not pods:
        raise _refused(text, "an endpoint", _ENDPOINTS)
    if "," in value:
        value, comma, more = rest.partition(",")
        following, pods = _labels_first(more)
        value += comma + following
    return f"{key}={value}", pods


def _written(labels: Pairs) -> str:
    return ",".join(f"{key}={value}" for key, value in labels)


def _labels(text: str, written: str) -> Pairs:
    return tuple(_label(text, part) for part in written.split(","))


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


def _block(text: str) -> AddressBlock:
    import ipaddress

    try:
        return AddressBlock(str(ipaddress.ip_network(text.removeprefix("ip:"))))
    except ValueError:
        raise _refused(text, "a network", "ip:203.0.113.0/24, without host bits") from None


def _refused(text: str, what: str, form: str) -> UsageError:
    return UsageError(f"{text!r} doesn't name {what}", remedy=f"write {form}")
