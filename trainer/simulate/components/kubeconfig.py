"""A kubeconfig: do its names resolve, to which server does a context lead, and with which identity?

Follows https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/ and
the validation of client-go v1.35 (`tools/clientcmd/validation.go`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from trainer.manifests.model import Manifest, Path
from trainer.manifests.values import indexed
from trainer.verdict import Location, Problem

MASTERS = "system:masters"
"""The group that can do everything."""

DATA = "data"
"""Instead of a file's name: the content is embedded in the kubeconfig."""

_CLUSTER_FILES = ("certificate-authority",)
_USER_FILES = ("client-certificate", "client-key", "tokenFile")


class Reference(msgspec.Struct, frozen=True):
    """A file that the kubeconfig names."""

    field: str
    path: str
    location: Location


class Access(msgspec.Struct, frozen=True):
    """What one context gives: the server, how it is verified, and the identity.

    `problems` say why kubectl can't use the context.
    """

    context: str
    server: str = ""
    insecure: bool = False
    authority: str = ""
    """The certificate authority's file, `data` if it is embedded in the kubeconfig; empty: not set."""
    certificate: str = ""
    """The client certificate, in the same form."""
    namespace: str = ""
    user: str = ""
    credentials: tuple[str, ...] = ()
    """Kinds of credentials: `certificate`, `token`, `password`, `exec`."""
    embedded: tuple[str, ...] = ()
    """The fields whose secret is embedded in the file."""
    common_name: str = ""
    """CN of the client certificate, if it is embedded in the file."""
    organizations: tuple[str, ...] = ()
    """O of the client certificate: the groups."""
    impersonates: str = ""
    """The user that kubectl impersonates (`as`), if the API server allows it."""
    location: Location | None = None
    places: Mapping[str, Location] = {}
    """Where each setting is written, or where it belongs: `server`, `user`, `token`, ..."""
    problems: tuple[Problem, ...] = ()

    def at(self, field: str) -> Location | None:
        """The place of a field of the context, its cluster or its user."""
        return self.places.get(field, self.location)

    @property
    def is_admin(self) -> bool:
        """Whether the client certificate has the group system:masters."""
        return MASTERS in self.organizations


def structure_problems(manifest: Manifest) -> list[Problem]:
    """What is wrong with the current context."""
    current = manifest.get("current-context", default="")
    if not current:
        where = manifest.where("current-context")
        return [Problem("the kubeconfig has no current-context", location=where)]
    return list(access(manifest, str(current)).problems)


def contexts(manifest: Manifest) -> list[Access]:
    """Every context of the kubeconfig."""
    return [access(manifest, name) for name, _, _ in _named(manifest, "contexts", "context")]


def access(manifest: Manifest, name: str) -> Access:
    """What a context gives; with its problems if names don't resolve."""
    problems = list(_repeated(manifest))
    entry = _entry(manifest, "contexts", "context", name)
    if entry is None:
        problems.append(
            Problem(f"context {name!r} doesn't exist", location=manifest.where("current-context"))
        )
        return Access(name, problems=tuple(problems))
    context, place = entry

    def refuse(message: str, *path: str | int) -> None:
        problems.append(Problem(message, location=manifest.where(*path)))

    user_name, cluster_name = str(context.get("user") or ""), str(context.get("cluster") or "")
    cluster, user = _entry(manifest, "clusters", "cluster", cluster_name), None
    if cluster is None:
        refuse(f"context {name!r} names the cluster {cluster_name!r}, which doesn't exist", *place, "cluster")
    else:
        if not cluster[0].get("server"):
            refuse(f"cluster {cluster_name!r} has no server", *cluster[1], "server")
        if cluster[0].get("insecure-skip-tls-verify") is True and _file_or_data(
            cluster[0], "certificate-authority"
        ):
            message = "a certificate authority and insecure-skip-tls-verify exclude each other"
            refuse(message, *cluster[1], "insecure-skip-tls-verify")
    if user_name:
        user = _entry(manifest, "users", "user", user_name)
        if user is None:
            refuse(f"context {name!r} names the user {user_name!r}, which doesn't exist", *place, "user")
        else:
            for message, field in _user_problems(user_name, user[0]):
                refuse(message, *user[1], field)
    settings = cluster[0] if cluster else {}
    who = user[0] if user else {}
    common_name, organizations = _subject(who.get("client-certificate-data"))
    return Access(
        context=name,
        server=str(settings.get("server") or ""),
        insecure=settings.get("insecure-skip-tls-verify") is True,
        authority=_file_or_data(settings, "certificate-authority"),
        certificate=_file_or_data(who, "client-certificate"),
        namespace=str(context.get("namespace") or ""),
        user=user_name,
        credentials=tuple(_credentials(who)),
        embedded=tuple(field for field in ("client-key-data", "token", "password") if who.get(field)),
        common_name=common_name,
        organizations=organizations,
        impersonates=str(who.get("as") or ""),
        location=manifest.where(*place),
        places=_places(manifest, place, cluster[1] if cluster else (), user[1] if user else ()),
        problems=tuple(problems),
    )


def _repeated(manifest: Manifest) -> Iterator[Problem]:
    """Names that a list has twice: client-go doesn't load such a file (`clientcmd/api/v1/conversion.go`)."""
    for section in ("clusters", "users", "contexts"):
        known: set[str] = set()
        for index, entry in indexed(manifest.get(section)):
            name = str(entry.get("name") or "")
            if name in known:
                message = f"`{section}` has two entries with the name {name!r}"
                yield Problem(message, location=manifest.where(section, index, "name"))
            known.add(name)


_PLACES = (
    ("context", ("cluster", "user", "namespace")),
    ("cluster", ("server", "insecure-skip-tls-verify", "certificate-authority")),
    ("user", ("client-certificate", "client-certificate-data", "as", "token", "password", "client-key-data")),
)
"""Which of the three entries has a field."""


def _places(manifest: Manifest, context: Path, cluster: Path, user: Path) -> dict[str, Location]:
    """The place of every field of a context, its cluster and its user, or of the entry that lacks it."""
    entries = {"context": context, "cluster": cluster, "user": user}
    found = {
        field: manifest.where(*entries[owner], field)
        for owner, fields in _PLACES
        if entries[owner]
        for field in fields
    }
    return found | ({"credentials": manifest.where(*user)} if user else {})


def _user_problems(name: str, user: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    certificate = user.get("client-certificate") or user.get("client-certificate-data")
    key = user.get("client-key") or user.get("client-key-data")
    if certificate and not key:
        yield f"user {name!r} has a client certificate and no client key", "client-key"
    if key and not certificate:
        yield f"user {name!r} has a client key and no client certificate", "client-certificate"
    methods = [field for field in ("token", "username") if user.get(field)]
    if len(methods) > 1:
        yield f"user {name!r} has more than one way to log in: keep token or username", "token"
    more = next((field for field in ("as-groups", "as-user-extra") if user.get(field)), "")
    if more and not user.get("as"):
        yield f"user {name!r} impersonates groups or extra fields without a user", more
    plugin = user.get("exec")
    if isinstance(plugin, dict) and not plugin.get("command"):
        yield f"the exec plugin of user {name!r} has no command", "exec"


def file_references(manifest: Manifest) -> list[Reference]:
    """The files that clusters and users name; relative paths start at the kubeconfig's directory.

    A field with a data field beside it (`client-key-data`) is ignored.
    """
    found: list[Reference] = []
    for section, inner, fields in (("clusters", "cluster", _CLUSTER_FILES), ("users", "user", _USER_FILES)):
        for _, entry, place in _named(manifest, section, inner):
            found += [
                Reference(field, str(entry[field]), manifest.where(*place, field))
                for field in fields
                if entry.get(field) and not entry.get(f"{field}-data")
            ]
    return found


def _credentials(user: Mapping[str, Any]) -> Iterator[str]:
    if user.get("client-certificate") or user.get("client-certificate-data"):
        yield "certificate"
    if user.get("token") or user.get("tokenFile"):
        yield "token"
    if user.get("username"):
        yield "password"
    if user.get("exec"):
        yield "exec"


def _file_or_data(entry: Mapping[str, Any], field: str) -> str:
    return DATA if entry.get(f"{field}-data") else str(entry.get(field) or "")


def _subject(data: Any) -> tuple[str, tuple[str, ...]]:
    """CN and O of an embedded client certificate; empty if it is unreadable."""
    if not isinstance(data, str) or not data:
        return "", ()
    from trainer.manifests.x509 import certificate, common_name, decoded, organizations, readable

    try:
        found = certificate(decoded(data))
        with readable():
            return common_name(found.subject), organizations(found.subject)
    except ValueError:
        return "", ()


def _named(manifest: Manifest, section: str, inner: str) -> Iterator[tuple[str, dict[str, Any], Path]]:
    for index, entry in indexed(manifest.get(section)):
        if isinstance(entry.get(inner), dict):
            yield str(entry.get("name", "")), entry[inner], (section, index, inner)


def _entry(manifest: Manifest, section: str, inner: str, name: str) -> tuple[dict[str, Any], Path] | None:
    return next(
        ((value, place) for known, value, place in _named(manifest, section, inner) if known == name), None
    )
