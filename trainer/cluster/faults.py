"""Errors on the way to a cluster, as messages: what happened, to which call, and what to do.

Follows the `Status` objects of the API server (v1.35,
https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/) and the exceptions
of urllib3 that the client lets through.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trainer.errors import ClusterError
from trainer.manifests.values import mapping, mapping_at, mappings
from trainer.patterns import regex
from trainer.safe_text import one_line

LONGEST = 600
"""The most characters that are kept of a server's message."""

_CANNOT = regex(
    r'User "(?P<user>[^"]*)" cannot (?P<verb>\S+) (?:resource|path) "(?P<what>[^"]*)"'
    r'(?: in API group "(?P<group>[^"]*)")?(?: in the namespace "(?P<space>[^"]*)")?'
)

_PATCH = regex(r'(?:\s*"" is invalid: )?patch: Invalid value: "(?:[^"\\]|\\.)*": ')
"""How a patch is refused that can't be decoded: with all of the patch before the reason."""


class Unreachable(ClusterError):
    """No answer: nothing listens, an invalid certificate, a timeout, a broken connection."""


class Interrupted(ClusterError):
    """The person at the keyboard canceled."""


class Refused(ClusterError):
    """The API server answered with an error.

    `status` is the HTTP status, `reason` and `causes` are the Status object's, `said` is its message.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        reason: str = "",
        said: str = "",
        causes: Sequence[dict[str, Any]] = (),
        remedy: str = "",
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.status = status
        self.reason = reason
        self.said = said
        self.causes = tuple(causes)

    @property
    def passing(self) -> bool:
        """Whether the same call may work in a moment: too many requests, or a server error."""
        return self.status == 429 or self.status >= 500

    @property
    def exists(self) -> bool:
        """Whether an object of that name is there already."""
        return self.status == 409 and self.reason == "AlreadyExists"

    @property
    def about_object(self) -> bool:
        """Whether the server refuses what the object says: its author's matter.

        Not so are credentials and permissions of the person at the keyboard, races (409), namespaces that
        are being deleted, an overloaded or broken server, and a webhook that a dry run can't call.
        """
        if self.status == 403:
            permission = _CANNOT.search(self.said) is not None or "not currently held" in self.said
            return not permission and not _terminating(self.said, self.causes)
        if self.status == 400:
            return "does not support dry run" not in self.said
        return self.status in (404, 413, 422)


def refused(status: int, body: bytes | str | None, *, doing: str, context: str) -> Refused:
    """The API server's refusal as a message. `doing` says what was tried: `list pods in Namespace sun`."""
    answer = _status_of(body)
    said = one_line(_PATCH.sub("", str(answer.get("message") or "")), LONGEST)
    causes = [
        one for one in mappings(mapping_at(answer, "details").get("causes")) if one.get("field") != "patch"
    ]
    reason = str(answer.get("reason") or "")
    message, remedy = _words(status, said, causes, doing, context)
    return Refused(message, status=status, reason=reason, said=said, causes=causes, remedy=remedy)


def _words(
    status: int, said: str, causes: Sequence[dict[str, Any]], doing: str, context: str
) -> tuple[str, str]:
    if _terminating(said, causes):
        return (
            f"cannot {doing}: the Namespace is being deleted ({said})",
            "wait until it is gone, then try again",
        )
    if status == 401:
        return (
            f"the cluster of context {context} rejects your credentials (401 Unauthorized)",
            "renew the credentials in your kubeconfig",
        )
    if status == 403:
        return _forbidden(said, doing)
    if status == 404:
        return f"cannot {doing}: not found{_colon(said)}", ""
    if status == 409:
        return f"cannot {doing}: it already exists, or was changed meanwhile{_colon(said)}", ""
    if status in (400, 422):
        return f"the API server refuses to {doing}{_colon(said)}", ""
    if status == 429:
        return f"cannot {doing}: the API server gets too many requests (429)", "try again in a moment"
    if 300 <= status < 400:
        return (
            f"cannot {doing}: the server redirects ({status}), and cks-trainer doesn't follow redirects",
            "",
        )
    if status >= 500:
        return (
            f"cannot {doing}: the API server has an internal error ({status}){_colon(said)}",
            "try again, or look at the control plane",
        )
    return f"cannot {doing}: the API server answered {status}{_colon(said)}", ""


def _forbidden(said: str, doing: str) -> tuple[str, str]:
    found = _CANNOT.search(said)
    if found is None:
        return f"the API server refuses to {doing}{_colon(said)}", ""
    group = f".{found['group']}" if found["group"] else ""
    where = f" in Namespace {found['space']}" if found["space"] else ""
    lacks = f"{found['verb']} {found['what']}{group}{where}"
    return (
        f"cannot {doing}: user {found['user']} is not allowed to {lacks} (403 Forbidden)",
        f"ask for a role with the permission: {lacks}",
    )


def _terminating(said: str, causes: Sequence[dict[str, Any]]) -> bool:
    named = any(one.get("reason") == "NamespaceTerminating" for one in causes)
    return named or "because it is being terminated" in said


def _colon(said: str) -> str:
    return f": {said}" if said else ""


def _status_of(body: bytes | str | None) -> dict[str, Any]:
    import msgspec

    if not body:
        return {}
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
        return {"message": text[:LONGEST].strip()}
    return mapping(value)


def unreachable(error: BaseException, *, doing: str, server: str, seconds: float) -> Unreachable:
    """An exception of the network or of TLS as a message. `seconds` is the timeout of the call."""
    text = " ".join(str(one) for one in _chain(error))
    names = {type(one).__name__ for one in _chain(error)}
    where = f"the API server at {server}"
    if (
        "certificate" in text.lower()
        or "CERTIFICATE" in text
        or names & {"SSLError", "SSLCertVerificationError"}
    ):
        return _certificate(text, where)
    if names & {"ReadTimeoutError", "ConnectTimeoutError", "TimeoutError", "WebSocketTimeoutException"}:
        return timed_out(doing=doing, server=server, seconds=seconds)
    if names & {"NewConnectionError", "ConnectionRefusedError", "NameResolutionError", "gaierror"}:
        cause = "unknown host name" if "resol" in text.lower() or "gaierror" in names else _errno(error)
        return Unreachable(
            f"cannot reach {where}: {cause}",
            remedy="is the cluster running, and is this the right context?",
        )
    if names & {"LocationParseError", "InvalidURL", "LocationValueError", "URLSchemeUnknown"}:
        return Unreachable(
            f"{server!r} is not the address of an API server", remedy="fix it in your kubeconfig"
        )
    return Unreachable(f"{where} dropped the connection (tried to {doing})", remedy="try again")


def timed_out(*, doing: str, server: str, seconds: float) -> Unreachable:
    """The API server took too long."""
    return Unreachable(
        f"the API server at {server} did not answer within {seconds:g} s (tried to {doing})",
        remedy="is it healthy? --timeout allows more time",
    )


_STRANGER = "its certificate is signed by a CA that your kubeconfig doesn't name"


def _certificate(text: str, where: str) -> Unreachable:
    lower = text.lower()
    known = {
        "has expired": "its certificate has expired",
        "not yet valid": "its certificate is not valid yet: check the clock",
        "hostname mismatch": "its certificate is for another name",
        "doesn't match": "its certificate is for another name",
        "ip address mismatch": "its certificate is for another address",
        "self-signed": _STRANGER,
        "unable to get local issuer": _STRANGER,
        "wrong version number": "it does not speak TLS: the address in the kubeconfig should begin with http",
        "tls alert": "it refuses your client certificate: it may have expired",
        "alert": "it refuses your client certificate: it may have expired",
    }
    why = next((words for sign, words in known.items() if sign in lower), "cannot verify its certificate")
    return Unreachable(f"cannot trust {where}: {why}", remedy="renew it, or fix your kubeconfig")


def _errno(error: BaseException) -> str:
    for one in _chain(error):
        if isinstance(one, OSError) and one.strerror:
            return one.strerror.lower()
    return "connection refused"


def _chain(error: BaseException) -> list[BaseException]:
    """The exception and what it came from, at most ten."""
    found: list[BaseException] = []
    waiting: list[Any] = [error]
    while waiting and len(found) < 10:
        one = waiting.pop(0)
        if not isinstance(one, BaseException) or any(one is other for other in found):
            continue
        found.append(one)
        waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
    return found
