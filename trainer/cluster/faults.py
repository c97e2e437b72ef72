"""What goes wrong on the way to a cluster, in words: what happened, to which call, and what to do.

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
from trainer.safe_text import clean, one_line

LONGEST = 600
"""Characters that are kept of a server's message."""

_CANNOT = regex(
    r'User "(?P<user>[^"]*)" cannot (?P<verb>\S+) (?:resource|path) "(?P<what>[^"]*)"'
    r'(?: in API group "(?P<group>[^"]*)")?(?: in the namespace "(?P<space>[^"]*)")?'
)


class Unreachable(ClusterError):
    """No answer came: nobody there, a certificate that doesn't hold, silence, a broken connection."""


class Interrupted(ClusterError):
    """The person in front of the program cancelled."""


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
        """Whether the same call may work in a moment: too many requests, or the server's own trouble."""
        return self.status == 429 or self.status >= 500


def refused(status: int, body: bytes | str | None, *, doing: str, context: str) -> Refused:
    """The API server's refusal in words. `doing` says what was tried: `list pods in Namespace sun`."""
    answer = _status_of(body)
    said = one_line(clean(str(answer.get("message") or "")), LONGEST)
    causes = mappings(mapping_at(answer, "details").get("causes"))
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
            f"the cluster of context {context} does not know you (401 Unauthorized)",
            "renew the credentials in your kubeconfig",
        )
    if status == 403:
        return _forbidden(said, doing)
    if status == 404:
        return f"cannot {doing}: not found{_colon(said)}", ""
    if status == 409:
        return f"cannot {doing}: it exists already, or was changed meanwhile{_colon(said)}", ""
    if status in (400, 422):
        return f"the API server refuses to {doing}{_colon(said)}", ""
    if status == 429:
        return f"cannot {doing}: the API server has too many requests (429)", "try again in a moment"
    if 300 <= status < 400:
        return f"cannot {doing}: the server redirects elsewhere ({status}), which is not followed", ""
    if status >= 500:
        return (
            f"cannot {doing}: the API server has a fault of its own ({status}){_colon(said)}",
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
    """An exception of the network or of TLS in words. `seconds` is the timeout of the call."""
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
        cause = "the name is not known" if "resol" in text.lower() or "gaierror" in names else _errno(error)
        return Unreachable(
            f"{where} cannot be reached: {cause}",
            remedy="is the cluster running, and the context the right one?",
        )
    if names & {"LocationParseError", "InvalidURL", "LocationValueError", "URLSchemeUnknown"}:
        return Unreachable(f"{server!r} is no address of an API server", remedy="mend it in your kubeconfig")
    return Unreachable(
        f"{where} dropped the connection while the program tried to {doing}", remedy="try again"
    )


def timed_out(*, doing: str, server: str, seconds: float) -> Unreachable:
    """The API server took longer than it may."""
    return Unreachable(
        f"the API server at {server} did not answer within {seconds:g} s (tried to {doing})",
        remedy="is it well? --timeout allows more seconds",
    )


_STRANGER = "its certificate is signed by an authority that your kubeconfig doesn't name"


def _certificate(text: str, where: str) -> Unreachable:
    lower = text.lower()
    known = {
        "has expired": "its certificate has expired",
        "not yet valid": "its certificate is not valid yet: look at the clock",
        "hostname mismatch": "its certificate is for another name",
        "doesn't match": "its certificate is for another name",
        "ip address mismatch": "its certificate is for another address",
        "self-signed": _STRANGER,
        "unable to get local issuer": _STRANGER,
        "wrong version number": "it does not speak TLS: the address in the kubeconfig should begin with http",
        "tls alert": "it refuses your client certificate: it may have expired",
        "alert": "it refuses your client certificate: it may have expired",
    }
    why = next(
        (words for sign, words in known.items() if sign in lower), "its certificate cannot be verified"
    )
    return Unreachable(f"{where} is not trusted: {why}", remedy="renew it, or mend your kubeconfig")


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
