"""Run a command in a container: exec over WebSocket, and how it ended.

Follows https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/ (WebSockets,
v1.31 and later) and the channels of `v4.channel.k8s.io` and `v5.channel.k8s.io`: 1 is stdout, 2 is
stderr, 3 carries one Status with the exit code.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec

from trainer.cluster.faults import Interrupted, Unreachable, refused
from trainer.manifests.values import mapping, mapping_at, mappings
from trainer.safe_text import clean

if TYPE_CHECKING:
    from trainer.cluster.client import Cluster

PROTOCOLS = ("v5.channel.k8s.io", "v4.channel.k8s.io")
_STDOUT, _STDERR, _STATUS = 1, 2, 3
_LOOK_SECONDS = 0.2
_MOST_OUTPUT = 64 * 1024


class Ended(msgspec.Struct, frozen=True):
    """How a command ended. `code` is its exit code; None if it could not be started."""

    code: int | None
    out: str
    err: str
    message: str
    """The runtime's message if the command could not be started."""

    @property
    def succeeded(self) -> bool:
        """Exit code 0."""
        return self.code == 0

    @property
    def not_found(self) -> bool:
        """The container has no such program, or isn't allowed to run it."""
        if self.code in (126, 127):
            return True
        text = self.message.lower()
        return self.code is None and any(
            sign in text for sign in ("no such file", "not found", "permission denied", "executable file")
        )


def run_command(
    cluster: Cluster, pod: str, namespace: str, command: Sequence[str], container: str = ""
) -> Ended:
    """Run a command without input or terminal, and wait until it ends.

    Passes the gate, which lets exec pass only if it was confirmed. Raises `ClusterError` if the
    API server refuses, or the connection ends before the command's status arrives.
    """
    path = cluster.path("v1", "Pod", namespace, pod) + "/exec"
    query = [("command", word) for word in command]
    query += [("container", container)] if container else []
    query += [("stdout", "true"), ("stderr", "true"), ("stdin", "false"), ("tty", "false")]
    cluster.gate.admit("GET", path, query)
    doing = f"run a command in Pod {namespace}/{pod}"
    ended: Ended = cluster.bounded(lambda: _run(cluster, path, query, doing), doing)
    return ended


def _run(cluster: Cluster, path: str, query: list[tuple[str, str]], doing: str) -> Ended:
    import websocket

    configuration = cluster.configuration
    url = configuration.host.replace("http", "ws", 1) + path + "?" + urlencode(query)
    authorization = cluster.authorization()
    headers = [f"Authorization: {authorization}"] if authorization else []
    connection: Any = websocket.WebSocket(sslopt=_tls(configuration), skip_utf8_validation=True)
    connection.settimeout(cluster.seconds)
    try:
        connection.connect(
            url,
            header=headers,
            subprotocols=list(PROTOCOLS),
            redirect_limit=0,
            suppress_origin=True,
            **_proxy(configuration),
        )
        return _listen(connection, cluster, doing)
    except websocket.WebSocketBadStatusException as error:
        body = error.resp_body
        text = body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body or "")
        raise refused(error.status_code, text, doing=doing, context=cluster.context.name) from None
    finally:
        connection.shutdown()


def _listen(connection: Any, cluster: Cluster, doing: str) -> Ended:
    import websocket

    texts = {_STDOUT: b"", _STDERR: b""}
    deadline = time.monotonic() + cluster.seconds
    connection.settimeout(min(_LOOK_SECONDS, cluster.seconds))
    while time.monotonic() < deadline:
        if cluster.cancelled():
            raise Interrupted("cancelled")
        try:
            opcode, data = connection.recv_data()
        except websocket.WebSocketTimeoutException:
            continue
        except (websocket.WebSocketConnectionClosedException, OSError):
            break
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            break
        channel, content = (data[0], data[1:]) if data else (0, b"")
        if channel == _STATUS:
            return _ended(content, texts)
        if channel in texts and len(texts[channel]) < _MOST_OUTPUT:
            texts[channel] += content
    else:
        raise websocket.WebSocketTimeoutException
    raise Unreachable(
        f"the connection closed before the command ended (tried to {doing})", remedy="try again"
    )


def _ended(status: bytes, texts: dict[int, bytes]) -> Ended:
    try:
        value = msgspec.json.decode(status)
    except (msgspec.DecodeError, UnicodeDecodeError):
        value = {}
    value = mapping(value)
    out, err = (clean(texts[one].decode("utf-8", "replace")) for one in (_STDOUT, _STDERR))
    if value.get("status") == "Success":
        return Ended(0, out, err, "")
    causes = mappings(mapping_at(value, "details").get("causes"))
    codes = [str(one.get("message")) for one in causes if one.get("reason") == "ExitCode"]
    code = int(codes[0]) if codes and codes[0].isdigit() else None
    return Ended(code, out, err, "" if code is not None else clean(str(value.get("message") or "")))


def _tls(configuration: Any) -> dict[str, Any]:
    import ssl

    if not configuration.verify_ssl:
        found: dict[str, Any] = {"cert_reqs": ssl.CERT_NONE, "check_hostname": False}
    else:
        found = {"cert_reqs": ssl.CERT_REQUIRED}
        if configuration.ssl_ca_cert:
            found["ca_certs"] = configuration.ssl_ca_cert
    for field, key in (
        ("cert_file", "certfile"),
        ("key_file", "keyfile"),
        ("tls_server_name", "server_hostname"),
    ):
        if getattr(configuration, field, None):
            found[key] = getattr(configuration, field)
    return found


def _proxy(configuration: Any) -> dict[str, Any]:
    from urllib.parse import urlsplit

    if not configuration.proxy:
        return {"http_no_proxy": ["*"]}
    proxy = urlsplit(configuration.proxy)
    without = (configuration.no_proxy or "").split(",")
    kind = proxy.scheme if proxy.scheme.startswith("socks") else "http"
    return {"http_proxy_host": proxy.hostname, "http_proxy_port": proxy.port, "proxy_type": kind,
            "http_no_proxy": [one for one in without if one]}  # fmt: skip
