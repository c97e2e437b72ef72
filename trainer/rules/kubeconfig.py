"""Judges a kubeconfig: does its context lead to the right server, verified, with no more power
than required?

A client certificate that is embedded in the file is decoded: its organizations are the groups.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from trainer.match.leaks import leaks
from trainer.picture import Fact, Picture, nothing_to_see, of_facts
from trainer.rules import Live, Reads
from trainer.rules._component.answer import reasons_of
from trainer.rules._component.config_file import config_file
from trainer.simulate.components.kubeconfig import MASTERS, Access, access
from trainer.simulate.world import World
from trainer.verdict import Outcome, Reason

READS = Reads(Live.NEVER, kinds=("Config",))

Credential = Literal["certificate", "token", "password", "exec"]


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must hold for one context."""

    context: str = ""
    """The context to judge; omitted: the current one."""
    current: str = ""
    """The name that `current-context` must have."""
    server: str = ""
    """The server's address."""
    user: str = ""
    """The name of the user entry. It may not impersonate (`as`) another user."""
    namespace: str = ""
    """The context's namespace."""
    verified: bool = True
    """The server's certificate must be verified (no insecure-skip-tls-verify)."""
    admin: bool | None = None
    """Whether the client certificate must (true) or must not (false) have the group system:masters."""
    credentials: tuple[Credential, ...] = ()
    """The required kinds of credentials: certificate, token, password, exec."""
    embedded: bool | None = None
    """Whether secrets must (true) or must not (false) be embedded in the file."""
    leaked: tuple[str, ...] = ()
    """Secrets that must be nowhere in the file, not even in a comment or in base64."""
    file: str = ""
    """The file, if the answer has several."""


def judge(world: World, params: Params) -> Outcome:
    """FAIL with what kubectl can't use, and what is not as required."""
    manifest = config_file(world, "Config", params.file)
    if isinstance(manifest, Outcome):
        return manifest
    current = str(manifest.get("current-context", default=""))
    reasons: list[Reason] = []
    evidence: list[str] = []
    if params.current and current != params.current:
        evidence.append(f"Without --context kubectl uses {current or 'no context'}.")
        message = f"current-context is {current or 'not set'}; {params.current} is required."
        reasons.append(Reason(message, manifest.where("current-context")))
    name = params.context or params.current or current
    if not name:
        return Outcome.of([Reason("current-context is not set.", manifest.where("current-context"))])
    found = access(manifest, name)
    if found.problems:
        evidence.append(f"kubectl --context {name} reaches no API server.")
        return Outcome.of([*reasons, *reasons_of(found.problems, "kubectl can't use this context")], evidence)
    reasons += _reasons(params, found)
    file = manifest.document.file
    leaked = leaks({file: world.texts.get(file, "")}, world.documents, params.leaked)
    if leaked:
        reasons += [Reason("The leaked secret is still in this line.", place) for place in leaked]
        evidence.append("Whoever has the file has the secret.")
    if found.insecure and params.verified:
        evidence.append(f"kubectl trusts any server that answers at {found.server}.")
    if found.is_admin and params.admin is False:
        evidence.append(f"{found.common_name} is in {MASTERS}: it can do everything.")
    if reasons and not evidence:
        evidence.append(_use(found))
    return Outcome.of(reasons, evidence)


def picture(world: World, params: Params) -> Picture:
    """Where the context leads: server, identity, credentials and Namespace."""
    title = "What kubectl uses"
    manifest = config_file(world, "Config", params.file)
    if isinstance(manifest, Outcome):
        return nothing_to_see(title, manifest)
    current = str(manifest.get("current-context", default=""))
    place = manifest.where("current-context")
    facts = [Fact("current context", current or "none", _if(params.current), place)]
    name = params.context or params.current or current
    found = access(manifest, name) if name else None
    if found is not None and not found.problems:
        facts += _facts(params, found)
    return of_facts(title, facts, judge(world, params))


def _if(asked: object) -> bool | None:
    """Right, unless the outcome says something else; None if the check requires nothing."""
    return True if asked else None


def _facts(params: Params, found: Access) -> list[Fact]:
    groups = f", groups {', '.join(found.organizations)}" if found.organizations else ""
    identity = f"{found.common_name}{groups}" if found.common_name else "none in the file"
    checked = "not verified" if found.insecure else "verified"
    admin, having = params.admin is not None, ", ".join(found.credentials) or "none"
    return [
        Fact("server", found.server, _if(params.server), found.at("server")),
        Fact("server's certificate", checked, _if(params.verified), found.at("insecure-skip-tls-verify")),
        Fact("user", found.user, _if(params.user), found.at("user")),
        Fact("client certificate", identity, _if(admin), found.at("client-certificate-data")),
        Fact("credentials", having, _if(params.credentials), found.at("credentials")),
        Fact("Namespace", found.namespace or "default", _if(params.namespace), found.at("namespace")),
    ]


def _use(found: Access) -> str:
    """What kubectl does with the context: the server, the user, the credentials, the namespace."""
    having = " and ".join(found.credentials) or "no credentials"
    namespace = found.namespace or "default"
    acting = f", impersonating {found.impersonates}" if found.impersonates else ""
    return (
        f"kubectl uses {found.server} as user {found.user}{acting}, with {having}, in Namespace {namespace}."
    )


def _reasons(params: Params, found: Access) -> list[Reason]:
    reasons = []
    for field, wanted, value in (
        ("server", params.server.rstrip("/"), found.server.rstrip("/")),
        ("user", params.user, found.user),
        ("namespace", params.namespace, found.namespace),
    ):
        if wanted and wanted != value:
            message = f"The {field} of context {found.context} is {value or 'not set'}; {wanted} is required."
            reasons.append(Reason(message, found.at(field)))
    if found.impersonates and (params.user or params.admin is not None):
        message = (
            f"The user {found.user} impersonates {found.impersonates} (`as`): kubectl acts as that user."
        )
        reasons.append(Reason(message, found.at("as")))
    if params.verified and found.insecure:
        message = "insecure-skip-tls-verify is true: kubectl doesn't verify the server."
        reasons.append(Reason(message, found.at("insecure-skip-tls-verify")))
    if params.verified and not found.server.startswith("https://"):
        message = f"The server {found.server} is not https: nothing is verified."
        reasons.append(Reason(message, found.at("server")))
    if params.admin is not None and found.is_admin is not params.admin:
        has = "has" if found.is_admin else "doesn't have"
        reasons.append(
            Reason(f"The client certificate {has} the group {MASTERS}.", found.at("client-certificate-data"))
        )
    lacking = [kind for kind in params.credentials if kind not in found.credentials]
    reasons += [Reason(f"The user {found.user} has no {kind}.", found.at("credentials")) for kind in lacking]
    if params.embedded is False:
        reasons += [Reason(f"{field} is embedded in the file.", found.at(field)) for field in found.embedded]
    elif params.embedded and not found.embedded:
        reasons.append(Reason("No secret is embedded in the file.", found.at("credentials")))
    return reasons
