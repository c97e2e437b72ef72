"""Do a component's probes succeed? They send requests without credentials, to a port and an address.

Follows
https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/ and
the kubelet's HTTP prober, v1.35: 200 to 399 is a success, everything else restarts the container (liveness,
startup). The usual trap: with `--anonymous-auth=false`, the probe of `/livez` gets 401.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.manifests.values import mapping_at, mappings
from trainer.simulate.components.anonymous_access import anonymous_get, answer
from trainer.simulate.components.static_pods import NodeFiles, StaticPod
from trainer.verdict import Location, Problem

_RESTARTING = ("startupProbe", "livenessProbe")
_ALL = ("", "0.0.0.0", "::")  # noqa: S104 - the words for every address
_LOCAL = ("127.0.0.1", "localhost", "::1")


def probe_problems(pod: StaticPod, node: NodeFiles, policy: Sequence[Manifest]) -> list[Problem]:
    """Why the kubelet would restart the component again and again; `policy` are the RBAC objects."""
    found = []
    for name in _RESTARTING:
        request = mapping_at(pod.container, name).get("httpGet")
        if isinstance(request, dict):
            found += [
                Problem(
                    f"the {name} of {pod.component} fails, so the kubelet restarts it again and again: {why}",
                    location=place or pod.where(name),
                )
                for why, place in _failures(pod, request, node, policy)
            ]
    return found


_Failure = tuple[str, Location | None]
"""Why a probe fails, and what decides; None: the probe itself."""


def _failures(
    pod: StaticPod, request: Mapping[str, Any], node: NodeFiles, policy: Sequence[Manifest]
) -> Iterator[_Failure]:
    if pod.component == "etcd":
        yield from _etcd_failures(pod, request)
        return
    command = pod.command
    port, wanted = command.number("secure-port"), _port(pod, request.get("port"))
    if wanted is not None and wanted != port:
        yield f"it probes port {wanted}, but the component serves {port}", command.location("secure-port")
        return
    if str(request.get("scheme", "HTTP")) != "HTTPS":
        yield "it uses HTTP, but the component serves only HTTPS", None
    bound, host = command.text("bind-address"), str(request.get("host") or "")
    if bound not in _ALL and host != bound and not (bound in _LOCAL and host in _LOCAL):
        asked = host or "the Pod's own address"
        place = command.location("bind-address")
        yield f"it probes {asked}, but the component listens only on {bound}", place
        return
    path = str(request.get("path") or "/").partition("?")[0]
    if pod.component == "kube-apiserver" and not _sends_credentials(request):
        try:
            got = answer(pod, node, anonymous_get(path), policy)
        except NotJudged:
            return
        if not got.allowed:
            flag = "anonymous-auth" if got.status == 401 else "authorization-mode"
            place = got.location or command.location(flag)
            yield f"GET {path} without credentials is answered with {got.status} ({got.because})", place
    elif pod.component != "kube-apiserver":
        allowed = command.texts("authorization-always-allow-paths")
        if not any(path == one or (one.endswith("*") and path.startswith(one[:-1])) for one in allowed):
            place = command.location("authorization-always-allow-paths")
            yield f"GET {path} without credentials is not allowed", place


def _etcd_failures(pod: StaticPod, request: Mapping[str, Any]) -> Iterator[_Failure]:
    port = _port(pod, request.get("port"))
    scheme = str(request.get("scheme", "HTTP")).lower()
    host = str(request.get("host") or "")
    if port is None:
        return
    for flag in ("listen-metrics-urls", "listen-client-http-urls", "listen-client-urls"):
        for url in filter(None, pod.command.text(flag).split(",")):
            parts = urlsplit(url.strip())
            if _port_of(parts.netloc) != port:
                continue
            here = parts.hostname or ""
            if here not in _ALL and host != here and not (here in _LOCAL and host in _LOCAL):
                continue
            if parts.scheme != scheme:
                yield f"it uses {scheme}, but etcd listens on {url}", pod.command.location(flag)
            elif scheme == "https" and (
                pod.command.flag("client-cert-auth") or pod.command.text("trusted-ca-file")
            ):
                yield f"it has no client certificate, and {url} requires one", pod.command.location(flag)
            return
    place = pod.command.location("listen-metrics-urls")
    yield f"etcd doesn't listen at {host or 'the Pod'}:{port}", place


def _port_of(netloc: str) -> int | None:
    _, _, port = netloc.rpartition(":")
    return int(port) if port.isdigit() else None


def _port(pod: StaticPod, port: Any) -> int | None:
    """The number of a probe's port; a name refers to one of the container's ports."""
    if isinstance(port, int):
        return port
    if isinstance(port, str) and port.isdigit():
        return int(port)
    for one in mappings(pod.container.get("ports")):
        if one.get("name") == port and isinstance(one.get("containerPort"), int):
            return int(one["containerPort"])
    return None


def _sends_credentials(request: Mapping[str, Any]) -> bool:
    headers = mappings(request.get("httpHeaders"))
    return any(str(one.get("name", "")).lower() == "authorization" for one in headers)
