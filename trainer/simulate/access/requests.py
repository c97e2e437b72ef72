"""API requests as engines see them: who asks, which verb, on what; and their short written form.

Follows `authorizer.Attributes` of k8s.io/apiserver v1.35, and for the groups of a subject
https://kubernetes.io/docs/reference/access-authn-authz/authentication/.
"""

from __future__ import annotations

import msgspec

from trainer.errors import UsageError
from trainer.simulate.access.resources import split_resource
from trainer.simulate.names import parse_subject

ANY_NAME, ANY_NAMESPACE = "any-other", "any-other-namespace"
"""Stand for an object and a namespace that nobody names; titles leave the name out."""


class Identity(msgspec.Struct, frozen=True):
    """Who asks: the user name and every group that the API server would put the user in."""

    user: str
    groups: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """For people: `ServiceAccount ci/deployer`, `user jane`."""
        if self.user.startswith("system:serviceaccount:"):
            return "ServiceAccount " + self.user.removeprefix("system:serviceaccount:").replace(":", "/")
        return f"user {self.user}" if self.user else f"group {self.groups[0]}"


class Request(msgspec.Struct, frozen=True):
    """One API request. `path` is set for non-resource requests (`/healthz`), else `resource` is."""

    subject: Identity
    verb: str
    resource: str = ""
    group: str = ""
    subresource: str = ""
    namespace: str = ""
    name: str = ""
    path: str = ""

    @property
    def is_resource(self) -> bool:
        """Whether it asks for a resource of the API."""
        return not self.path

    @property
    def title(self) -> str:
        """For people: `jane: create secrets in prod`, `jane: get /healthz`."""
        if self.path:
            return f"{self.subject.title}: {self.verb} {self.path}"
        what = f"{self.resource}.{self.group}" if self.group else self.resource
        what += f"/{self.subresource}" if self.subresource else ""
        what += f" {self.name}" if self.name not in ("", ANY_NAME) else ""
        place = "any other namespace" if self.namespace == ANY_NAMESPACE else self.namespace
        where = f" in {place}" if place else ""
        return f"{self.subject.title}: {self.verb} {what}{where}"


def parse_identity(text: str, groups: tuple[str, ...] = ()) -> Identity:
    """`sa:ci/deployer`, `user:jane`, `group:developers`, with the groups that follow from it.

    Raises `UsageError` for anything else.
    """
    subject = parse_subject(text)
    if subject.kind == "ServiceAccount":
        return service_account(subject.namespace, subject.name, groups)
    if subject.kind == "User":
        given = "system:unauthenticated" if subject.name == "system:anonymous" else "system:authenticated"
        return Identity(subject.name, tuple(dict.fromkeys((*groups, given))))
    standing = () if subject.name == "system:unauthenticated" else ("system:authenticated",)
    return Identity("", tuple(dict.fromkeys((subject.name, *groups, *standing))))


def service_account(namespace: str, name: str, groups: tuple[str, ...] = ()) -> Identity:
    """The identity of a ServiceAccount with its three groups."""
    standing = ("system:serviceaccounts", f"system:serviceaccounts:{namespace}", "system:authenticated")
    return Identity(f"system:serviceaccount:{namespace}:{name}", (*groups, *standing))


def parse_request(who: Identity, do: str, namespace: str = "", name: str = "") -> Request:
    """`create secrets`, `get pods/log web-1`, `patch deployments.apps/scale`, `get /healthz`.

    `do` is a verb, a resource with its optional group and subresource or a path, and optionally an
    object's name. Raises `UsageError` where it has another form.
    """
    words = do.split()
    if len(words) not in (2, 3) or (len(words) == 3 and (name or words[1].startswith("/"))):
        raise UsageError(
            f"{do!r} is no request",
            remedy="write a verb and a resource or path: create secrets, get /healthz",
        )
    verb, what = words[0], words[1]
    if what.startswith("/"):
        return Request(who, verb, path=what)
    group, resource, subresource = split_resource(what)
    return Request(who, verb, resource, group, subresource, namespace, words[2] if len(words) == 3 else name)
