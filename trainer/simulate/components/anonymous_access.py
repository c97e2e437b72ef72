"""Which requests without credentials pass the API server's authentication, and which it answers.

Follows https://kubernetes.io/docs/reference/access-authn-authz/authentication/#anonymous-requests (v1.35):
`--anonymous-auth` is true by default; an AuthenticationConfiguration with `anonymous` replaces it, its
`conditions` name the only paths (whole, no patterns). An anonymous request that passes is
`system:anonymous` in `system:unauthenticated` and still needs authorization. With AlwaysAllow among the
modes the API server turns `--anonymous-auth` off itself (`ApplyAuthorization` of
`pkg/kubeapiserver/options/authentication.go`).
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.manifests.values import mappings
from trainer.simulate.access.authorizer import Authorizer
from trainer.simulate.access.requests import Request, parse_identity
from trainer.simulate.components.authorization import ASKED, DENIED, WEBHOOK, webhook_answers
from trainer.simulate.components.files import configuration
from trainer.simulate.components.static_pods import NodeFiles, StaticPod
from trainer.verdict import Location

ANONYMOUS = "system:anonymous"


class Anonymous(msgspec.Struct, frozen=True):
    """Who can send requests without credentials: nobody, everybody, or everybody on some paths.

    `because` says what decides, `location` where that is written (None: a default).
    """

    enabled: bool
    paths: tuple[str, ...]
    """The only paths, if there are conditions; empty means all, if enabled."""
    because: str
    location: Location | None

    def admits(self, path: str) -> bool:
        """Whether a request for a path passes authentication."""
        return self.enabled and (not self.paths or path in self.paths)


class Answer(msgspec.Struct, frozen=True):
    """The outcome of a request: `allowed`, or refused with the HTTP `status` 401 or 403."""

    allowed: bool
    status: int
    because: str
    location: Location | None = None


def anonymous_of(pod: StaticPod, node: NodeFiles) -> Anonymous:
    """The anonymous access of a kube-apiserver.

    Raises `NotJudged` for an AuthenticationConfiguration whose text isn't known.
    """
    command = pod.command
    if command.text("authentication-config"):
        manifest = configuration(pod, "authentication-config", node)
        if manifest is None:
            raise NotJudged(
                "an AuthenticationConfiguration that is not among the files",
                command.location("authentication-config"),
            )
        settings = manifest.get("anonymous")
        if isinstance(settings, dict):
            return _configured(manifest, settings)
    written = command.location("anonymous-auth")
    if not command.flag("anonymous-auth"):
        return Anonymous(False, (), "--anonymous-auth is false", written)
    if not command.text("authorization-config") and "AlwaysAllow" in authorization_modes(pod, node):
        because = "the authorization mode AlwaysAllow disables anonymous requests"
        return Anonymous(False, (), because, command.location("authorization-mode"))
    how = "--anonymous-auth is true" + ("" if written else " by default")
    return Anonymous(True, (), how, written)


def _configured(manifest: Manifest, settings: dict[str, object]) -> Anonymous:
    paths = tuple(str(one.get("path")) for one in mappings(settings.get("conditions")))
    enabled = settings.get("enabled") is True
    text = f"the AuthenticationConfiguration has anonymous.enabled: {str(enabled).lower()}"
    text += f" for {', '.join(paths)}" if enabled and paths else ""
    return Anonymous(enabled, paths, text, manifest.where("anonymous"))


def authorization_modes(pod: StaticPod, node: NodeFiles) -> tuple[str, ...]:
    """The authorizers in their order: of --authorization-config, --authorization-mode, or the default."""
    command = pod.command
    if command.text("authorization-config"):
        manifest = configuration(pod, "authorization-config", node)
        if manifest is None:
            raise NotJudged(
                "an AuthorizationConfiguration that is not among the files",
                command.location("authorization-config"),
            )
        return tuple(str(one.get("type")) for one in manifest.get("authorizers", default=[]))
    return command.texts("authorization-mode") or ("AlwaysAllow",)


def answer(pod: StaticPod, node: NodeFiles, request: Request, policy: Sequence[Manifest]) -> Answer:
    """What the API server does with a request; `policy` are the RBAC objects.

    Raises `NotJudged` if a webhook, an ABAC policy or the Node authorizer would decide.
    """
    if request.subject.user == ANONYMOUS:
        anonymous = anonymous_of(pod, node)
        if not anonymous.admits(request.path):
            return Answer(False, 401, anonymous.because, anonymous.location)
        because, place = anonymous.because, anonymous.location
    else:
        because, place = "", None
    where = pod.command.location("authorization-mode")
    config = configuration(pod, "authorization-config", node)
    for index, mode in enumerate(authorization_modes(pod, node)):
        if mode == "AlwaysAllow":
            return Answer(
                True, 200, because or "the authorization mode AlwaysAllow allows everything", place or where
            )
        if mode == "AlwaysDeny":
            return Answer(False, 403, "the authorization mode AlwaysDeny denies everything", where)
        if mode == "RBAC":
            grant = Authorizer(policy).decide(request).grant
            if grant is not None:
                return Answer(True, 200, because or grant.title, place)
        elif mode == "Node" and "system:nodes" not in request.subject.groups:
            continue
        elif (
            mode == WEBHOOK
            and config is not None
            and (said := webhook_answers(config, index, request)) != ASKED
        ):
            if said == DENIED:
                place = config.where("authorizers", index, "webhook", "matchConditions")
                return Answer(False, 403, "a match condition fails, and failurePolicy is Deny", place)
        else:
            raise NotJudged(f"a request that the authorization mode {mode} could decide", where)
    return Answer(False, 403, "no authorization mode allows it", where)


def anonymous_get(path: str) -> Request:
    """`GET path` without credentials."""
    return Request(parse_identity(f"user:{ANONYMOUS}"), "get", path=path)
