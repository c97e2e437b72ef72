"""The fake answers as the real API server did: compared with the recordings of Kubernetes 1.36."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import websocket

from tests.cluster.fake_api import Fake
from tests.cluster.fake_store import GROUPS
from tests.patience import HANGS
from trainer.versions import Version

FOLDER = Path(__file__).parents[3] / "shared" / "api-recordings"
TOKENS = {"admin": "admin-token", "nobody": "nobody-token", "bad token": "wrong", "anonymous": ""}
POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "pod-ro", "namespace": "sun"},
       "spec": {"containers": [{"name": "pod-ro", "image": "busybox:1.32.0", "command": ["sh", "-c", "sleep 1d"],
                                "securityContext": {"readOnlyRootFilesystem": True}}]}}  # fmt: skip
SERVED = {plural for kinds in GROUPS.values() for plural in kinds.values()}


def exchanges(name: str) -> list[dict[str, Any]]:
    path = FOLDER / f"{name}.json"
    return json.loads(path.read_text())["exchanges"] if path.exists() else []


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fake]:
    """A cluster without custom resources, as the recorded one was."""
    for name in [one for one in GROUPS if one.partition("/")[0].endswith(("cilium.io", "istio.io"))]:
        monkeypatch.delitem(GROUPS, name)
    with Fake() as fake:
        restricted = {
            "pod-security.kubernetes.io/enforce": "restricted",
            "pod-security.kubernetes.io/enforce-version": f"v{Version(1, 35)}",
        }
        for name, labels in (("sun", {}), ("locked", restricted)):
            fake.store.create(
                {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
            )
        yield fake


def asked(fake: Fake, request: dict[str, Any]) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", int(urlsplit(fake.url).port or 0), timeout=HANGS)
    headers = {
        "Accept": request.get("accept", "application/json"),
        "Content-Type": request.get("content_type", "application/json"),
    }
    if token := TOKENS[request["as"]]:
        headers["Authorization"] = f"Bearer {token}"
    body = request.get("body")
    text = body if isinstance(body, str) or body is None else json.dumps(body)
    connection.request(request["method"], request["path"], text, headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, json.loads(content) if answer.getheader(
        "content-type"
    ) == "application/json" else content.decode()


def essence(body: Any) -> Any:
    """What of an answer the program relies on: all of a Status, of an object kind, spec and identity."""
    if not isinstance(body, dict):
        return body
    if body.get("kind") == "Status":
        causes = [
            {key: one.get(key) for key in ("reason", "message", "field")}
            for one in (body.get("details") or {}).get("causes", [])
        ]
        details = {**body["details"], "causes": causes} if causes else body.get("details")
        return {**body, "details": details}
    metadata = body.get("metadata") or {}
    kept: dict[str, Any] = {"kind": body.get("kind"), "name": metadata.get("name"), "namespace": metadata.get("namespace"),
            "uid": bool(metadata.get("uid")), "items": len(body.get("items", ()))}  # fmt: skip
    if body.get("kind") == "Pod":
        text = json.dumps(body.get("spec"), sort_keys=True)
        for one in body["spec"]["volumes"]:
            text = text.replace(one["name"], "TOKEN")
        kept["spec"] = json.loads(text)
        kept["ready"] = [
            one["status"]
            for one in (body.get("status") or {}).get("conditions", ())
            if one["type"] == "Ready"
        ]
    if "status" in body and "accessreview" in str(body.get("kind")).lower():
        kept["allowed"] = body["status"]["allowed"]
    return kept


DRY = (
    "dry-run-accepted",
    "dry-run-unknown-field",
    "dry-run-wrong-type",
    "dry-run-invalid",
    "missing",
    "unauthenticated",
)


@pytest.mark.parametrize("name", [*DRY, "forbidden", "create-get-list"])
def test_answers_as_recorded(server: Fake, name: str) -> None:
    if name == "forbidden":
        server.store.create(POD)
    differing = []
    for one in exchanges(name):
        if one["request"]["path"].endswith("upgrade") or "Table" in one["request"].get("accept", ""):
            continue
        status, body = asked(server, one["request"])
        wanted = one["response"]
        if (status, essence(body)) != (wanted["status"], essence(wanted["body"])):
            differing.append(
                (one["request"]["path"], status, essence(body), wanted["status"], essence(wanted["body"]))
            )
    assert differing == []


def test_what_exists_already(server: Fake) -> None:
    server.store.create(POD)
    for one in exchanges("dry-run-existing")[:2]:
        status, body = asked(server, one["request"])
        assert status == one["response"]["status"]
        assert essence(body).items() >= {"kind": one["response"]["body"]["kind"]}.items()
    changed = json.loads(json.dumps(POD))
    changed["spec"]["containers"][0]["securityContext"]["readOnlyRootFilesystem"] = False
    request = {"as": "admin", "method": "PATCH", "body": json.dumps(changed), "content_type": "application/apply-patch+yaml",
               "path": "/api/v1/namespaces/sun/pods/pod-ro?dryRun=All&force=true"}  # fmt: skip
    status, body = asked(server, request)
    assert (status, body["reason"]) == (422, "Invalid")
    assert [one["reason"] for one in body["details"]["causes"]] == ["FieldValueForbidden"]


def test_refused_by_pod_security(server: Fake) -> None:
    recorded = exchanges("dry-run-pod-security")
    if recorded:
        status, body = asked(server, recorded[0]["request"])
        wanted = recorded[0]["response"]["body"]
        assert (status, body["reason"], body["details"]) == (403, wanted["reason"], wanted["details"])
        assert body["message"].split(": ")[:2] == wanted["message"].split(": ")[:2]
    status, body = asked(server, {"as": "admin", "method": "POST", "path": "/api/v1/namespaces/locked/pods?dryRun=All",
                                  "body": {**POD, "metadata": {"name": "pod-ro", "namespace": "locked"}}})  # fmt: skip
    assert 'violates PodSecurity "restricted:v1.35": ' in body["message"]


@pytest.mark.parametrize("one", exchanges("access-reviews")[:3])
def test_access_reviews(server: Fake, one: dict[str, Any]) -> None:
    status, body = asked(server, one["request"])
    assert (status, essence(body)) == (one["response"]["status"], essence(one["response"]["body"]))


@pytest.mark.parametrize("one", exchanges("discovery"), ids=lambda one: one["request"]["path"])
def test_discovery(server: Fake, one: dict[str, Any]) -> None:
    status, body = asked(server, one["request"])
    if status == 404:
        assert one["request"]["path"] == "/apis/authorization.k8s.io/v1"
        return
    fields = ("name", "singularName", "namespaced", "kind")
    recorded = {
        item["name"]: {field: item[field] for field in fields}
        for item in one["response"]["body"]["resources"]
    }
    for item in body["resources"]:
        assert {field: item[field] for field in fields} == recorded[item["name"]]


@pytest.mark.parametrize("one", exchanges("exec"), ids=lambda one: one["request"]["path"][-30:])
def test_exec_frames(server: Fake, one: dict[str, Any]) -> None:
    server.store.create(POD)
    request, wanted = one["request"], one["response"]
    connection: Any = websocket.WebSocket()
    headers = ["Authorization: Bearer admin-token"]
    address = server.url.replace("http", "ws") + request["path"]
    if wanted["status"] != 101:
        with pytest.raises(websocket.WebSocketBadStatusException) as caught:
            connection.connect(address, header=headers, subprotocols=[request["upgrade"]])
        connection.shutdown()
        assert caught.value.status_code == wanted["status"]
        return
    connection.connect(address, header=headers, subprotocols=[request["upgrade"]])
    assert connection.subprotocol == wanted["subprotocol"]
    frames: dict[int, str] = {}
    while True:
        opcode, data = connection.recv_data()
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            break
        frames[data[0]] = frames.get(data[0], "") + data[1:].decode()
    connection.shutdown()
    texts: dict[int, str] = {}
    for frame in wanted["frames"]:
        if "channel" in frame:
            texts[frame["channel"]] = texts.get(frame["channel"], "") + frame["text"]
    ours, theirs = json.loads(frames.pop(3)), json.loads(texts.pop(3))
    assert frames == texts
    assert {key: value for key, value in ours.items() if key != "metadata"} == {
        key: value for key, value in theirs.items() if key != "metadata"
    }
