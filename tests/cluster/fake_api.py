"""A small API server of our own over real HTTP or HTTPS: stores objects, and breaks where it is told to.

In tests: `with Fake() as fake: fake.kubeconfig(folder)`. By hand, for a look at every fault:

    python tests/cluster/fake_api.py FOLDER [--fault hang] [--tls] [--card pod-ro --answer FILE]
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import socket
import ssl
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import msgspec

from tests.cluster.fake_answers import ANONYMOUS, Call, answer_to
from tests.cluster.fake_shell import run_in
from tests.cluster.fake_store import Refusal, Store, not_found
from tests.patience import HANGS
from trainer.manifests.schema.kinds import is_config
from trainer.simulate.access.requests import Identity

TOKENS = {"admin-token": Identity("admin", ("system:masters", "system:authenticated")),
          "nobody-token": Identity("nobody", ("system:authenticated",))}  # fmt: skip
FAULTS = (
    "hang",
    "401",
    "403",
    "409",
    "429",
    "500",
    "drop",
    "garbage",
    "redirect",
    "exec-closed",
    "exec-hang",
)


class Seen(msgspec.Struct, frozen=True):
    """One request that arrived."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    user: str
    upgrade: bool = False

    @property
    def dry(self) -> bool:
        return ("dryRun", "All") in self.query

    @property
    def writes(self) -> bool:
        return self.method not in ("GET", "HEAD") and not self.dry and "accessreviews" not in self.path

    @property
    def execs(self) -> bool:
        return self.path.endswith("/exec")


class Fault(msgspec.Struct, frozen=True):
    """What goes wrong, and for which requests: by method and a part of the path. `after` requests pass before."""

    kind: str
    method: str = ""
    path: str = ""
    after: int = 0


class Fake:
    """The server. `log` has every request that arrived."""

    def __init__(
        self,
        store: Store | None = None,
        *,
        certificate: tuple[bytes, bytes] | None = None,
        folder: Path | None = None,
    ) -> None:
        self.store = store or Store()
        self.log: list[Seen] = []
        self.faults: list[Fault] = []
        self.lock = threading.RLock()
        self.closing = threading.Event()
        self.on_hang: Callable[[], None] = lambda: None
        """Called when a request begins to hang."""
        self._matched: dict[Fault, int] = {}
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.fake = self
        self._tls = certificate is not None
        if certificate is not None:
            assert folder is not None
            (folder / "server.pem").write_bytes(b"".join(certificate))
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(folder / "server.pem")
            self._server.tls = context

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Fake:
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    def kubeconfig(self, folder: Path, *, name: str = "practice", token: str = "admin-token",  # noqa: S107 - of the fake
 authority: bytes | None = None, current: str = "other") -> Path:  # fmt: skip
        """A kubeconfig for this server, whose current context is another one."""
        cluster: dict[str, Any] = {"server": self.url}
        if authority is not None:
            cluster["certificate-authority-data"] = base64.b64encode(authority).decode()
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": current,
            "clusters": [
                {"name": "fake", "cluster": cluster},
                {"name": "elsewhere", "cluster": {"server": "http://127.0.0.1:9"}},
            ],
            "users": [{"name": "me", "user": {"token": token}}],
            "contexts": [
                {"name": name, "context": {"cluster": "fake", "user": "me"}},
                {"name": "other", "context": {"cluster": "elsewhere", "user": "me"}},
            ],
        }
        path = folder / "kubeconfig"
        path.write_text(json.dumps(config))
        return path

    def break_with(self, kind: str, method: str = "", path: str = "", after: int = 0) -> None:
        self.faults = [Fault(kind, method, path, after)]
        self._matched = {}

    def fault_for(self, method: str, path: str) -> str:
        for fault in self.faults:
            if fault.method in ("", method) and fault.path in path:
                self._matched[fault] = self._matched.get(fault, 0) + 1
                if self._matched[fault] > fault.after:
                    return fault.kind
        return ""

    def apply(self, objects: Iterable[dict[str, Any]]) -> list[str]:
        """As `kubectl apply`: what is refused is left out. Returns the refusals' messages."""
        refused = []
        for data in objects:
            if is_config(str(data.get("apiVersion")), str(data.get("kind"))):
                continue
            try:
                self.store.apply(data)
            except Refusal as error:
                refused.append(str(error))
        return refused

    def writes(self) -> list[Seen]:
        return [seen for seen in self.log if seen.writes]

    def execs(self) -> list[Seen]:
        return [seen for seen in self.log if seen.execs]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    fake: Fake
    tls: ssl.SSLContext | None = None
    request_queue_size = 64

    def finish_request(self, request: Any, client_address: Any) -> None:
        if self.tls is not None:
            request.settimeout(HANGS)
            with self.tls.wrap_socket(request, server_side=True) as wrapped:
                super().finish_request(wrapped, client_address)
            return
        super().finish_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away, or refuses our certificate, is what tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass

    def do_GET(self) -> None:
        self._serve()

    do_POST = do_PATCH = do_PUT = do_DELETE = do_GET  # noqa: N815 - the names that http.server calls

    def _serve(self) -> None:
        fake = self.server.fake
        split = urlsplit(self.path)
        query = tuple(parse_qsl(split.query, keep_blank_values=True))
        length = int(self.headers.get("Content-Length") or 0)
        sent = self.rfile.read(length) if length else b""
        authorization = self.headers.get("Authorization") or ""
        user = TOKENS.get(authorization.removeprefix("Bearer "))
        with fake.lock:
            upgrade = "websocket" in (self.headers.get("Upgrade") or "").lower()
            fake.log.append(Seen(self.command, split.path, query, user.user if user else "", upgrade))
            fault = fake.fault_for(self.command, split.path)
        if self._broken(fault):
            return
        try:
            if user is None and authorization:
                raise Refusal(401, "Unauthorized", "Unauthorized")
            call = Call(
                self.command,
                split.path,
                dict(query),
                sent,
                user or ANONYMOUS,
                self.headers.get("Accept") or "",
                self.headers.get("Content-Type") or "",
            )
            with fake.lock:
                code, answer = answer_to(fake.store, call)
        except Refusal as error:
            self._send(error.code, error.body)
            return
        if upgrade:
            self._exec(answer, split.path, query, fault)
        else:
            self._send(code, answer)

    # -- faults

    def _hang(self) -> None:
        self.server.fake.on_hang()
        self.server.fake.closing.wait(HANGS)

    def _broken(self, fault: str) -> bool:
        if fault == "hang":
            self._hang()
            self.close_connection = True
        elif fault == "drop":
            self.wfile.write(
                b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"kind": '
            )
            self.wfile.flush()
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        elif fault == "garbage":
            self._send(200, "<html>welcome</html>")
        elif fault == "redirect":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:9/")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif fault.isdigit():
            reasons = {
                "401": "Unauthorized",
                "403": "Forbidden",
                "409": "AlreadyExists",
                "429": "TooManyRequests",
                "500": "InternalError",
            }
            message = {
                "403": 'pods is forbidden: User "me" cannot list resource "pods" in API group "" in the namespace "sun"'
            }
            refusal = Refusal(
                int(fault),
                reasons[fault],
                message.get(fault, f"injected {reasons[fault]}"),
                {"retryAfterSeconds": 1},
            )
            self._send(int(fault), refusal.body)
        else:
            return False
        return True

    # -- answers

    def _send(self, code: int, body: dict[str, Any] | str) -> None:
        content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(code)
        self.send_header(
            "Content-Type", "text/plain; charset=utf-8" if isinstance(body, str) else "application/json"
        )
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    # -- exec

    def _exec(self, pod: Any, path: str, query: tuple[tuple[str, str], ...], fault: str) -> None:
        offered = [one.strip() for one in (self.headers.get("Sec-WebSocket-Protocol") or "").split(",")]
        protocol = next((one for one in ("v5.channel.k8s.io", "v4.channel.k8s.io") if one in offered), "")
        key = (self.headers.get("Sec-WebSocket-Key") or "") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()  # noqa: S324
        head = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade",
                f"Sec-WebSocket-Accept: {accept}", f"Sec-WebSocket-Protocol: {protocol}", "", ""]  # fmt: skip
        self.wfile.write("\r\n".join(head).encode())
        self.close_connection = True
        self._frame(1, "")
        if fault == "exec-closed":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if fault == "exec-hang":
            self._hang()
            return
        command = [value for name, value in query if name == "command"]
        container = dict(query).get("container", "")
        code, out, err = run_in(pod, container, command)
        for channel, text in ((1, out), (2, err)):
            if text:
                self._frame(channel, text)
        self._frame(3, json.dumps(exec_status(code, err)))
        self.wfile.write(b"\x88\x02" + struct.pack(">H", 1000))
        self.wfile.flush()

    def _frame(self, channel: int, text: str) -> None:
        content = bytes([channel]) + text.encode()
        size = bytes([len(content)]) if len(content) < 126 else b"\x7e" + struct.pack(">H", len(content))
        self.wfile.write(b"\x82" + size + content)
        self.wfile.flush()


def exec_status(code: int | None, err: str = "") -> dict[str, Any]:
    if code == 0:
        return {"metadata": {}, "status": "Success"}
    if code is None:
        return {
            "metadata": {},
            "status": "Failure",
            "message": f"error executing command in container: {err}",
            "reason": "InternalError",
            "code": 500,
        }
    return {
        "metadata": {}, "status": "Failure", "reason": "NonZeroExitCode",
        "message": f"command terminated with non-zero exit code: command terminated with exit code {code}",
        "details": {"causes": [{"reason": "ExitCode", "message": str(code)}]},
    }  # fmt: skip


def main() -> None:
    """Serve until the process is ended; the kubeconfig is written to the folder."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fault", default="")
    parser.add_argument("--fault-path", default="")
    parser.add_argument("--token", default="admin-token")
    parser.add_argument("--certificate", choices=("good", "expired"))
    parser.add_argument("--no-nodes", action="store_true")
    parser.add_argument("--terminating", default="")
    parser.add_argument("--apply", type=Path, action="append", default=[])
    options = parser.parse_args()
    from tests.cluster.helpers import certificate, objects_in

    store = Store(nodes=0 if options.no_nodes else 1, runs=not options.no_nodes)
    pair = certificate(expired=options.certificate == "expired") if options.certificate else None
    with Fake(store, certificate=pair, folder=options.folder) as fake:
        for file in options.apply:
            for message in fake.apply(objects_in(file.read_bytes())):
                sys.stdout.write(f"refused: {message}\n")
        if options.terminating:
            store.terminating.add(options.terminating)
        if options.fault:
            fake.break_with(options.fault, path=options.fault_path)
        path = fake.kubeconfig(options.folder, token=options.token, authority=pair[0] if pair else None)
        sys.stdout.write(f"{path}\n")
        sys.stdout.flush()
        while True:
            time.sleep(3600)


__all__ = ["FAULTS", "Fake", "not_found"]

if __name__ == "__main__":
    main()
