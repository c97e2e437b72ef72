"""Annotations of ingress-nginx: what each one does to a request, and which Ingresses the controller refuses.

Follows ingress-nginx v1.15 with its default settings (internal/ingress/annotations, docs/user-guide
/nginx-configuration/annotations-risk.md, `CheckIngress` of internal/ingress/controller): the list of names,
how values are read, and what its admission webhook refuses: every `*-snippet`, and a path of type Prefix or
Exact with a character that a plain path doesn't have (`strict-validate-path-type`).

Three kinds of annotations: `settings_of` reads those that are judged; `NOT_JUDGED` can change which client
gets which answer and raise `NotJudged` where a request meets them; all others (timeouts, buffers, headers,
cookies, logs, limits) leave the answer to a single request as it is. The controller ignores a name that it
doesn't know, and so do we.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.manifests.values import indexed, mapping, mapping_at
from trainer.patterns import regex
from trainer.simulate.network.addresses import Span, atoms, parse_address, parse_cidr
from trainer.verdict import Location

NGINX = "nginx.ingress.kubernetes.io/"
CONTROLLER = "k8s.io/ingress-nginx"

NOT_JUDGED = (
    "default-backend",
    "mirror-target",
    "ssl-passthrough",
)
"""Names that can change the answer and are not evaluated: other Services, TLS without the controller."""

_LOGINS = {
    "auth-type": "after a login (`auth-type`)",
    "auth-url": "if `auth-url` allows it",
    "auth-tls-secret": "with a client certificate (`auth-tls-secret`)",
}
_TRUE, _FALSE = ("1", "t", "T", "TRUE", "true", "True"), ("0", "f", "F", "FALSE", "false", "False")
"""What Go's `strconv.ParseBool` reads."""
_PLAIN_PATH = regex(r"/[A-Za-z0-9._\-/]*\Z")


class Settings(msgspec.Struct, frozen=True, eq=False):
    """What the annotations of one Ingress set; the defaults are those of the controller."""

    ssl_redirect: bool = True
    force_ssl_redirect: bool = False
    regex: bool = False
    rewrite: str = ""
    aliases: tuple[str, ...] = ()
    www: bool = False
    """`from-to-www-redirect`: the host with or without `www.` redirects to this one."""
    sent_to: str = ""
    """The URL of a redirect for every request."""
    app_root: str = ""
    """The path to which a request for `/` is redirected."""
    only: str = ""
    """Which clients get an answer, as the end of a sentence; empty: all."""
    protocol: str = "HTTP"
    """How the controller speaks to the Service."""
    canary: Literal["", "none", "some"] = ""
    """Whether this is a canary Ingress: it gets no request of its host's paths, or some of them."""
    places: dict[str, Location] = {}
    """Where the annotations are, by name without the prefix."""

    def place(self, *names: str) -> Location | None:
        """Where the first of these annotations is."""
        return next((self.places[name] for name in names if name in self.places), None)

    def require_judged(self) -> None:
        """Raise `NotJudged` for an annotation that can change the answer and is not evaluated."""
        for name in NOT_JUDGED:
            if name in self.places:
                raise NotJudged(f"the annotation {NGINX}{name}", self.places[name])


def settings_of(ingress: Manifest) -> Settings:
    """The annotations of an Ingress. A value that the controller can't read is as if it were not set."""
    notes = _notes(ingress)
    if not notes:
        return Settings()
    places = {name: ingress.where("metadata", "annotations", NGINX + name) for name in notes}
    if _flag(notes, "ssl-passthrough", default=False) is False:
        places.pop("ssl-passthrough", None)
    return Settings(
        ssl_redirect=_flag(notes, "ssl-redirect", default=True),
        force_ssl_redirect=_flag(notes, "force-ssl-redirect", default=False),
        regex=_flag(notes, "use-regex", default=False),
        rewrite=notes.get("rewrite-target", ""),
        aliases=_aliases(notes, places),
        www=_flag(notes, "from-to-www-redirect", default=False),
        sent_to=notes.get("temporal-redirect", "") or notes.get("permanent-redirect", ""),
        app_root=notes.get("app-root", ""),
        only=_only(notes),
        protocol=notes.get("backend-protocol", "HTTP").upper(),
        canary=_canary(notes),
        places=places,
    )


Taken = Mapping[tuple[str, str], Sequence[Manifest]]
"""The Ingresses that have a host and path."""


def hosts_and_paths(ingress: Manifest) -> list[tuple[str, str]]:
    """The host and path of each entry; an empty host is every host."""
    return [(host, path) for host, path, _, _ in _paths(ingress)]


def refusal(ingress: Manifest, taken: Taken) -> tuple[str, Location] | None:
    """Why the controller's admission webhook refuses an Ingress, and where; None if it takes it.

    `taken` says which Ingresses of the same controller exist already.
    """
    for name in _notes(ingress):
        if name.endswith("-snippet"):
            message = f"ingress-nginx refuses the annotation `{name}`: snippets are disabled by default"
            return message, ingress.where("metadata", "annotations", NGINX + name)
    for host, path, kind, place in _paths(ingress):
        if kind != "ImplementationSpecific" and not _PLAIN_PATH.match(path):
            message = (
                f"ingress-nginx refuses the path `{path}` with pathType {kind}: a regular expression "
                "needs ImplementationSpecific"
            )
            return message, place
        for other in taken.get((host, path), ()):
            if _clash(_notes(ingress), _notes(other)):
                where = f"the host `{host}`" if host else "every host"
                message = f"ingress-nginx refuses {where} with the path `{path}`: {other.title} has it"
                return message, place
    return None


def _clash(one: dict[str, str], other: dict[str, str]) -> bool:
    """Whether two Ingresses can't share a path: neither says anything of a canary, or both are one."""
    if "canary" in one and "canary" in other:
        return _flag(one, "canary", default=False) and _flag(other, "canary", default=False)
    return "canary" not in one and "canary" not in other


def _notes(ingress: Manifest) -> dict[str, str]:
    """The annotations of the controller by their name, as texts."""
    written = mapping(ingress.metadata.get("annotations"))
    return {
        key.removeprefix(NGINX): value
        for key, value in written.items()
        if isinstance(key, str) and key.startswith(NGINX) and isinstance(value, str)
    }


def _paths(ingress: Manifest) -> list[tuple[str, str, str, Location]]:
    """Host, path, type and place of every path."""
    return [
        (
            str(rule.get("host") or ""),
            str(entry.get("path") or "/"),
            str(entry.get("pathType") or "ImplementationSpecific"),
            ingress.where("spec", "rules", index, "http", "paths", position),
        )
        for index, rule in indexed(ingress.get("spec", "rules"))
        for position, entry in indexed(mapping_at(rule, "http").get("paths"))
    ]


def _flag(notes: dict[str, str], name: str, *, default: bool) -> bool:
    value = notes.get(name)
    return True if value in _TRUE else False if value in _FALSE else default


def _canary(notes: dict[str, str]) -> Literal["", "none", "some"]:
    if not _flag(notes, "canary", default=False):
        return ""
    by_request = notes.get("canary-by-header") or notes.get("canary-by-cookie")
    return "some" if by_request or notes.get("canary-weight", "0") not in ("", "0") else "none"


def _aliases(notes: dict[str, str], places: dict[str, Location]) -> tuple[str, ...]:
    found = tuple(part.strip().lower() for part in notes.get("server-alias", "").split(",") if part.strip())
    for alias in found:
        if alias.startswith("~"):
            raise NotJudged(f"the alias {alias} in {NGINX}server-alias", places["server-alias"])
    return found


def _only(notes: dict[str, str]) -> str:
    """The clients that get an answer, after "is answered only ..."; empty: all."""
    found = [words for name, words in _LOGINS.items() if notes.get(name)]
    if notes.get("auth-tls-verify-client") == "off":
        found = [words for words in found if "certificate" not in words]
    for name in ("allowlist-source-range", "whitelist-source-range"):
        if name in notes:
            if not _covers_all(spans := _spans(notes[name])):
                found.append(f"for clients in {notes[name]}" if spans else "for no client at all")
            break
    if _spans(notes.get("denylist-source-range", "")):
        found.append(f"for clients that are not in {notes['denylist-source-range']}")
    return " and ".join(found)


def _spans(text: str) -> list[Span]:
    found = []
    for part in text.split(","):
        address = parse_address(part.strip())
        span = Span(address.family, address.number, address.number) if address else parse_cidr(part.strip())
        if span:
            found.append(span)
    return found


def _covers_all(spans: list[Span]) -> bool:
    """Whether every IPv4 client is in one of these ranges."""
    return all(
        any(span.family == 4 and span.low <= piece.low <= span.high for span in spans)
        for piece in atoms(4, spans)
    )
