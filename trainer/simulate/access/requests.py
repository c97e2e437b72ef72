"""API requests as engines see them: subject, verb and object; and their short written form.

Follows `authorizer.Attributes` of k8s.io/apiserver v1.35, and for the groups of a subject
https://kubernetes.io/docs/reference/access-authn-authz/authentication/.
"""

from __future__ import annotations

import msgspec

from trainer.errors import UsageError
from trainer.simulate.access.resources import ALL, Resource, api_resources, find_resource, split_resource
from trainer.simulate.names import parse_subject

ANY_NAME, ANY_NAMESPACE, ANY_USER = "any-other", "any-other-namespace", "any-other-user"
"""Represent an object, a namespace and a user that nothing names; titles omit the object's name."""

ANY = "*"
ACCOUNT_PREFIX = "system:serviceaccount:"
VERBS = frozenset((*ALL, "use", "bind", "escalate", "impersonate", "approve", "sign", "attest", ANY))
"""Verbs of the API and of its authorizers.

See https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb and
https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/#authorization (v1.35).
"""


class Identity(msgspec.Struct, frozen=True):
    """The subject: the user name and every group that the API server would put the user in."""

    user: str
    groups: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """For people: `ServiceAccount ci/deployer`, `user jane`."""
        if self.user.startswith(ACCOUNT_PREFIX):
            return "ServiceAccount " + self.user.removeprefix(ACCOUNT_PREFIX).replace(":", "/")
        who = "any other user" if self.user == ANY_USER else f"user {self.user}"
        return who if self.user else f"group {self.groups[0]}"


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
        """Whether it is for a resource of the API."""
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

    A ServiceAccount may also be written as its user name, as for `kubectl --as`:
    `system:serviceaccount:ci:deployer`. Raises `UsageError` for anything else.
    """
    account = text.removeprefix("user:")
    if account.startswith(ACCOUNT_PREFIX):
        namespace, colon, name = account.removeprefix(ACCOUNT_PREFIX).partition(":")
        text = f"sa:{namespace}/{name}" if colon else text
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
    return Identity(f"{ACCOUNT_PREFIX}{namespace}:{name}", (*groups, *standing))


def parse_request(who: Identity, do: str, namespace: str = "", name: str = "") -> Request:
    """`create secrets`, `get pods/log web-1`, `patch deployments.apps/scale`, `get /healthz`.

    `do` is a verb, a resource with its optional group and subresource or a path, and optionally an
    object's name. As in kubectl, `get secrets/db` is Secret db: the text after the slash is a name
    if the resource has no such subresource. The result is the request as the API server sees it
    (`as_sent`). Raises `UsageError` for another form, and for an unknown verb, resource or
    subresource; a resource of a group that the API server doesn't have itself may be a custom one.
    """
    words = do.split()
    if len(words) not in (2, 3) or (len(words) == 3 and (name or words[1].startswith("/"))):
        raise UsageError(
            f"{do!r} is not a request",
            remedy="write a verb and a resource or path: create secrets, get /healthz",
        )
    verb, what = words[0], words[1]
    _check_verb(verb)
    if what.startswith("/"):
        return Request(who, verb, path=what)
    if "," in what:
        raise UsageError(f"{what!r} names several resources", remedy="ask about one resource at a time")
    name = words[2] if len(words) == 3 else name
    group, resource, subresource = split_resource(what)
    known = None if resource == ANY else _known(what, resource, group)
    if known and subresource and find_resource(f"{resource}/{subresource}", group) is None:
        if name:
            raise _unknown_subresource(known, subresource)
        subresource, name = "", subresource
    return as_sent(Request(who, verb, resource, group, subresource, namespace, name))


def as_sent(request: Request) -> Request:
    """The request with the namespace and name that reach the authorizer and the audit policy.

    Follows k8s.io/apiserver v1.35 `pkg/endpoints/request/requestinfo.go`: a create or deletecollection of
    whole objects has no name, a cluster-scoped resource has no namespace, and a request for one Namespace has
    that Namespace's name as its namespace. A list or watch with a name is one with a field selector.
    """
    if not request.is_resource:
        return request
    nameless = request.verb in ("create", "deletecollection") and not request.subresource
    name = "" if nameless else request.name
    namespace = request.namespace
    known = find_resource(request.resource, request.group)
    if known is not None and not known.namespaced:
        namespace = name if known.name == "namespaces" else ""
    return msgspec.structs.replace(request, namespace=namespace, name=name)


def _check_verb(verb: str) -> None:
    if verb in VERBS:
        return
    raise UsageError(f"{verb!r} is not a verb", remedy=_near(verb, sorted(VERBS - {ANY})))


def _known(what: str, resource: str, group: str) -> Resource | None:
    """The resource; None for a custom one. Raises `UsageError` for one that can't exist."""
    found = find_resource(resource, group)
    if found is not None:
        return found
    groups = {one.group for one in api_resources()}
    if group and group not in groups:
        return None
    names = [one.name for one in api_resources() if "/" not in one.name and group in ("", one.group)]
    raise UsageError(f"{what!r} is not a resource of the API", remedy=_near(resource, names))


def _unknown_subresource(resource: Resource, subresource: str) -> UsageError:
    names = [
        one.name.partition("/")[2]
        for one in api_resources()
        if one.group == resource.group and one.name.startswith(f"{resource.name}/")
    ]
    message = f"{resource.name} has no subresource {subresource!r}"
    return UsageError(message, remedy=_near(subresource, names) if names else "omit the subresource")


def _near(word: str, names: list[str]) -> str:
    import difflib

    near = difflib.get_close_matches(word, names, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(names)}"
