"""A connection to one context: every call goes through the gate, has a timeout, and fails with a message.

The `kubernetes` client is imported here on use only (it takes half a second). Its own discovery is
not used: it writes a cache file and has no timeouts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from trainer.cluster.bounded import Late, run_within
from trainer.cluster.faults import Refused, Unreachable, refused, timed_out, unreachable
from trainer.cluster.gate import Consent, Gate, Query
from trainer.cluster.guard import Limits, check_names, check_size
from trainer.cluster.kubeconfig import Context, Kubeconfig, read_kubeconfig
from trainer.errors import ClusterError, TrainerError
from trainer.manifests.values import mapping_at

SECONDS = 10.0
"""Seconds that one call may take."""
MANAGER = "cks-trainer"
"""The field manager that the API server remembers for what was created."""
_PAGE = 500
_MOST_PAGES = 40
_MOST_BYTES = 64 * 1024 * 1024


class Kind(msgspec.Struct, frozen=True):
    """What discovery says about a kind."""

    api_version: str
    kind: str
    resource: str
    namespaced: bool
    listed: bool = True
    """Its objects can be listed."""


class KindMissing(ClusterError):
    """The cluster serves no such kind: its CustomResourceDefinition is missing, or the version."""


def never() -> bool:
    """Never cancels."""
    return False


class Cluster:
    """One open connection. Close it, or use it as a context manager."""

    def __init__(
        self,
        context: Context,
        gate: Gate,
        client: Any,
        *,
        seconds: float = SECONDS,
        cancelled: Callable[[], bool] = never,
        tidy: Callable[[], None] | None = None,
    ) -> None:
        self.context = context
        self.gate = gate
        self.seconds = seconds
        self.cancelled = cancelled
        self._client = client
        self._tidy = tidy
        self._kinds: dict[str, dict[str, Kind]] = {}

    @classmethod
    def open(
        cls,
        name: str,
        consent: Consent | None = None,
        *,
        limits: Limits | None = None,
        seconds: float = SECONDS,
        cancelled: Callable[[], bool] = never,
        environ: Mapping[str, str] | None = None,
        kubeconfig: Kubeconfig | None = None,
    ) -> Cluster:
        """Connect to the context of this name, and make sure that it answers and is for practice.

        Raises `UsageError` for an unknown context, a plugin that is not allowed, and a cluster that looks
        like production; `ClusterError` for everything that is wrong with the cluster or the kubeconfig.
        """
        consent, limits = consent or Consent(), limits or Limits()
        gate = Gate(name, consent)
        kubeconfig = kubeconfig or read_kubeconfig(environ)
        context = kubeconfig.context(name)
        check_names(context, consent.typed, limits)
        from trainer.cluster.credentials import credentials_of

        credentials = credentials_of(
            kubeconfig,
            context,
            plugins=consent.plugins,
            bounded=lambda work: _within(work, context, seconds, cancelled, "read your credentials"),
        )
        try:
            client = credentials.client()
            cluster = cls(context, gate, client, seconds=seconds, cancelled=cancelled, tidy=credentials.close)
            cluster.version()
            cluster.check_size(limits)
        except BaseException:
            credentials.close()
            raise
        return cluster

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections and remove the credentials' files."""
        self._client.rest_client.close()
        if self._tidy is not None:
            self._tidy()

    @property
    def configuration(self) -> Any:
        """The client's configuration, for exec."""
        return self._client.configuration

    def authorization(self) -> str:
        """The Authorization header, or an empty text if a certificate replaces it."""
        return self.configuration.get_api_key_with_prefix("BearerToken") or ""

    # -- what the cluster is

    def version(self) -> str:
        """The server's version: `v1.36.2`."""
        answer = self.request("GET", "/version", doing="read the version")
        return str(answer.get("gitVersion") or "unknown")

    def check_size(self, limits: Limits) -> None:
        """Raise `LooksLikeProduction` for a cluster that is too big; a number is unknown if
        listing is forbidden."""
        nodes, namespaces = self.try_list("v1", "Node"), self.try_list("v1", "Namespace")
        check_size(
            self.context.name,
            self.gate.consent.typed,
            limits,
            nodes=None if nodes is None else len(nodes),
            namespaces=namespaces,
        )

    def try_list(self, api_version: str, kind: str, namespace: str = "") -> list[dict[str, Any]] | None:
        """The objects of a kind, or None if listing them is forbidden."""
        try:
            return self.list(api_version, kind, namespace)
        except Refused as error:
            if error.status in (403, 404):
                return None
            raise

    def kind(self, api_version: str, kind: str) -> Kind:
        """What the cluster serves for a kind. Raises `KindMissing`."""
        parts = api_version.split("/")
        try:
            found = None if {"", ".", ".."} & {*parts} else self.kinds(api_version).get(kind)
        except Refused as error:
            if error.status != 404:
                raise
            found = None
        if found is None:
            raise KindMissing(
                f"the cluster has no kind {kind} in apiVersion {api_version}",
                remedy="is its CustomResourceDefinition installed?",
            )
        return found

    def kinds(self, api_version: str) -> dict[str, Kind]:
        """What the cluster serves in an apiVersion, by kind. Raises `Refused` with 404 for none."""
        if api_version not in self._kinds:
            path = _root(api_version) + "/".join(quote(part, safe="") for part in api_version.split("/"))
            answer = self.request("GET", path, doing=f"look up the resources of {api_version}")
            self._kinds[api_version] = {
                str(one.get("kind")): Kind(
                    api_version,
                    str(one.get("kind")),
                    str(one.get("name")),
                    bool(one.get("namespaced")),
                    "list" in (one.get("verbs") or ()),
                )
                for one in answer.get("resources") or ()
                if isinstance(one, dict) and "/" not in str(one.get("name"))
            }
        return self._kinds[api_version]

    # -- objects

    def get(self, api_version: str, kind: str, name: str, namespace: str = "") -> dict[str, Any] | None:
        """One object as the server has it, or None if it doesn't exist."""
        path = self.path(api_version, kind, namespace, name)
        try:
            return self.request("GET", path, doing=_words("get", kind, name, namespace))
        except Refused as error:
            if error.status == 404:
                return None
            raise

    def list(
        self, api_version: str, kind: str, namespace: str = "", *, selector: str = ""
    ) -> list[dict[str, Any]]:
        """All objects of a kind, in a namespace or everywhere, with a label selector; page by page."""
        path = self.path(api_version, kind, namespace)
        query = [("labelSelector", selector)] if selector else []
        found: list[dict[str, Any]] = []
        token = ""
        for _ in range(_MOST_PAGES):
            page = [*query, ("limit", str(_PAGE)), *([("continue", token)] if token else [])]
            answer = self.request("GET", path, page, doing=_words("list", kind, "", namespace))
            items = answer.get("items") or ()
            found += [
                {**one, "apiVersion": api_version, "kind": kind} for one in items if isinstance(one, dict)
            ]
            token = str((answer.get("metadata") or {}).get("continue") or "")
            if not token:
                return found
        raise ClusterError(f"the cluster has more {kind} objects than cks-trainer reads")

    def create(self, data: Mapping[str, Any], *, dry: bool = False) -> dict[str, Any]:
        """Create an object; with `dry` the server only tries it, with strict field validation."""
        kind, name, namespace = _identity(data)
        path = self.path(str(data.get("apiVersion")), kind, namespace)
        query = [("dryRun", "All")] if dry else []
        query += [("fieldValidation", "Strict"), ("fieldManager", MANAGER)]
        doing = _words("try" if dry else "create", kind, name, namespace)
        return self.request("POST", path, query, body=data, doing=doing)

    def patch(
        self, live: Mapping[str, Any], patch: Mapping[str, Any], content_type: str, *, dry: bool = False
    ) -> dict[str, Any]:
        """Change exactly this object (by its uid); with `dry` the server only tries it. The server
        refuses it with 409 if the object was replaced meanwhile."""
        kind, name, namespace = _identity(live)
        path = self.path(str(live.get("apiVersion")), kind, namespace, name)
        query = [("dryRun", "All")] if dry else []
        query += [("fieldValidation", "Strict"), ("fieldManager", MANAGER)]
        metadata = {**mapping_at(patch, "metadata"), "uid": mapping_at(live, "metadata").get("uid")}
        body = {**patch, "metadata": metadata}
        doing = _words("try" if dry else "update", kind, name, namespace)
        return self.request("PATCH", path, query, body=body, doing=doing, content_type=content_type)

    def delete(self, data: Mapping[str, Any]) -> None:
        """Delete exactly this object (by its uid); one that is already gone isn't an error."""
        kind, name, namespace = _identity(data)
        path = self.path(str(data.get("apiVersion")), kind, namespace, name)
        body: dict[str, Any] = {
            "apiVersion": "v1",
            "kind": "DeleteOptions",
            "propagationPolicy": "Background",
        }
        if kind == "Pod":  # a practice Pod needs no grace period
            body["gracePeriodSeconds"] = 1
        if uid := (data.get("metadata") or {}).get("uid"):
            body["preconditions"] = {"uid": uid}
        try:
            self.request("DELETE", path, body=body, doing=_words("delete", kind, name, namespace))
        except Refused as error:
            if error.status not in (404, 409):
                raise

    def review(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Ask the server's authorizer: an access review. Returns its `status`."""
        path = f"/apis/authorization.k8s.io/v1/{str(data['kind']).lower()}s"
        answer = self.request("POST", path, body=data, doing="check what is allowed")
        return mapping_at(answer, "status")

    def log_text(self, pod: str, namespace: str, container: str = "", lines: int = 1000) -> str:
        """The last lines of a container's log."""
        path = self.path("v1", "Pod", namespace, pod) + "/log"
        query = [("tailLines", str(lines)), *([("container", container)] if container else [])]
        raw = self.raw("GET", path, query, doing=_words("read the log of", "Pod", pod, namespace))
        return raw.decode("utf-8", "replace")

    def path(self, api_version: str, kind: str, namespace: str = "", name: str = "") -> str:
        """The path of a kind, or of one object. Raises `KindMissing`."""
        served = self.kind(api_version, kind)
        space = ["namespaces", namespace] if served.namespaced and namespace else []
        parts = [*api_version.split("/"), *space, served.resource, *([name] if name else [])]
        return _root(api_version) + "/".join(quote(part, safe="") for part in parts)

    # -- calls

    def request(
        self,
        method: str,
        path: str,
        query: Query = (),
        *,
        doing: str,
        body: Any = None,
        content_type: str = "application/json",
    ) -> dict[str, Any]:
        """Make a call and return the JSON object of the answer. Raises `ClusterError`."""
        raw = self.raw(method, path, query, body=body, doing=doing, content_type=content_type)
        try:
            value = msgspec.json.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError):
            value = None
        if not isinstance(value, dict):
            server = self.context.server
            raise Unreachable(
                f"what answers at {server} is not a Kubernetes API server", remedy="the right context?"
            )
        return value

    def raw(
        self,
        method: str,
        path: str,
        query: Query = (),
        *,
        doing: str,
        body: Any = None,
        content_type: str = "application/json",
    ) -> bytes:
        """Make a call through the gate and return the bytes of the answer. Raises `ClusterError`."""
        self.gate.admit(method, path, query)
        content: bytes = self.bounded(
            lambda: self._send(method, path, query, doing, body, content_type), doing
        )
        return content

    def bounded(self, work: Callable[[], Any], doing: str) -> Any:
        """Run something that talks to the cluster within the time of one call. Raises `ClusterError`."""
        return _within(work, self.context, self.seconds, self.cancelled, doing)

    def _send(self, method: str, path: str, query: Query, doing: str, body: Any, content_type: str) -> bytes:
        from kubernetes.client.exceptions import ApiException

        client = self._client
        headers = {"Accept": "application/json", "Content-Type": content_type}
        arguments = client.param_serialize(
            method,
            path,
            query_params=list(query),
            header_params=headers,
            body=body,
            auth_settings=["BearerToken"],
        )
        try:
            answer = client.call_api(*arguments, _request_timeout=self.seconds).response
            try:
                content = _content(answer)
            except BaseException:
                answer.close()
                raise
            answer.release_conn()
        except ApiException as error:
            if not error.status:  # the client's word for a failed TLS handshake
                raise
            raise refused(error.status, error.body, doing=doing, context=self.context.name) from None
        if not 200 <= answer.status <= 299:
            raise refused(answer.status, content, doing=doing, context=self.context.name)
        return content


def _content(answer: Any) -> bytes:
    parts, size = [], 0
    for part in answer.stream(65536):
        parts.append(part)
        size += len(part)
        if size > _MOST_BYTES:
            raise ClusterError(f"the cluster's answer is larger than {_MOST_BYTES // 1024 // 1024} MiB")
    return b"".join(parts)


def _within(
    work: Callable[[], Any], context: Context, seconds: float, cancelled: Callable[[], bool], doing: str
) -> Any:
    try:
        return run_within(work, seconds, cancelled)
    except Late:
        raise timed_out(doing=doing, server=context.server, seconds=seconds) from None
    except TrainerError:
        raise
    except Exception as error:
        raise unreachable(error, doing=doing, server=context.server, seconds=seconds) from None


def _root(api_version: str) -> str:
    return "/apis/" if "/" in api_version else "/api/"


def _identity(data: Mapping[str, Any]) -> tuple[str, str, str]:
    metadata = mapping_at(data, "metadata")
    return str(data.get("kind")), str(metadata.get("name") or ""), str(metadata.get("namespace") or "")


def _words(verb: str, kind: str, name: str, namespace: str) -> str:
    what = f"{kind} {name}".strip() if name else f"{kind} objects"
    return f"{verb} {what}" + (f" in Namespace {namespace}" if namespace else "")
