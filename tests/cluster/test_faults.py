"""Faults in words."""

from __future__ import annotations

import json
import socket
import ssl

from tests.table import each_row
from trainer.cluster.faults import Refused, Unreachable, refused, timed_out, unreachable


def words(status: int, message: str = "", **more: object) -> str:
    body = json.dumps({"kind": "Status", "message": message, **more})
    return str(refused(status, body, doing="list Pod objects", context="lab"))


@each_row(
    ("status", "message", "expected"),
    [
        (401, "Unauthorized", "the cluster of context lab rejects your credentials"),
        (404, 'pods "x" not found', 'cannot list Pod objects: not found: pods "x" not found'),
        (409, "", "it already exists, or was changed meanwhile"),
        (422, "Pod is invalid", "the API server refuses to list Pod objects: Pod is invalid"),
        (429, "", "too many requests (429)"),
        (503, "down", "an internal error (503): down"),
        (302, "", "doesn't follow redirects"),
        (418, "tea", "answered 418: tea"),
    ],
)
def test_each_status(status: int, message: str, expected: str) -> None:
    assert expected in words(status, message)


def test_forbidden_names_the_missing_permission() -> None:
    said = 'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "sun"'
    text = words(403, said)
    assert "user jane is not allowed to list pods in Namespace sun (403 Forbidden)" in text
    assert "ask for a role with the permission: list pods in Namespace sun" in text
    assert "violates PodSecurity" in words(403, 'pods "a" is forbidden: violates PodSecurity')


def test_a_namespace_that_is_being_deleted() -> None:
    details = {"causes": [{"reason": "NamespaceTerminating", "message": "x"}]}
    assert "the Namespace is being deleted" in words(403, "unable to create new content", details=details)


@each_row("body", [None, b"", b"\xff\xfe", "<html>", b"[1]", b'{"details": 3}'])
def test_odd_bodies_do_not_break_it(body: bytes | str | None) -> None:
    found = refused(500, body, doing="look", context="lab")
    assert found.passing
    assert found.message.startswith("cannot look")


def test_control_characters_of_a_server_are_stripped() -> None:
    assert "\x1b" not in words(400, "a\x1b[2Jb")


@each_row(
    ("error", "expected"),
    [
        (ConnectionRefusedError(111, "Connection refused"), "https://x: connection refused"),
        (socket.gaierror(-2, "Name or service not known"), "unknown host name"),
        (TimeoutError("timed out"), "did not answer within 2 s"),
        (ssl.SSLError("certificate verify failed: certificate has expired"), "its certificate has expired"),
        (ssl.SSLError("self-signed certificate"), "a CA that your kubeconfig doesn't name"),
        (ssl.SSLError("IP address mismatch, certificate is not valid"), "for another address"),
        (ConnectionResetError(104, "reset"), "dropped the connection"),
    ],
)
def test_exceptions_of_the_network(error: Exception, expected: str) -> None:
    found = unreachable(error, doing="look", server="https://x", seconds=2)
    assert isinstance(found, Unreachable)
    assert expected in str(found)


def test_silence() -> None:
    assert "within 0.5 s (tried to look)" in timed_out(doing="look", server="s", seconds=0.5).message


CANNOT = 'pods is forbidden: User "me" cannot create resource "pods" in API group "" in the namespace "sun"'


@each_row(
    ("status", "said", "about_object"),
    [
        (400, "strict decoding error: unknown field", True),
        (400, "admission webhook w does not support dry run", False),
        (401, "Unauthorized", False),
        (403, 'pods "a" is forbidden: violates PodSecurity "restricted:latest"', True),
        (403, "exceeded quota: q", True),
        (403, CANNOT, False),
        (403, 'user "me" is attempting to grant RBAC permissions not currently held', False),
        (403, "unable to create new content in namespace sun because it is being terminated", False),
        (404, 'namespaces "nowhere" not found', True),
        (409, "the object has been modified", False),
        (413, "request entity too large", True),
        (422, "spec.containers: Required value", True),
        (429, "too many requests", False),
        (500, "failed calling webhook", False),
        (503, "the server is currently unable to handle the request", False),
    ],
)
def test_whose_matter_an_answer_is(status: int, said: str, about_object: bool) -> None:
    assert Refused("no", status=status, said=said).about_object is about_object


def test_only_a_name_that_is_taken_exists() -> None:
    assert Refused("no", status=409, reason="AlreadyExists").exists
    assert not Refused("no", status=409, reason="Conflict").exists


def test_a_patch_that_cannot_be_decoded_is_told_without_the_patch() -> None:
    patch = 'patch: Invalid value: "map[metadata:map[a:{\\"x\\":\\"y\\"}] spec:map[]]": '
    reason = 'strict decoding error: unknown field "spec.foo", unknown field "spec.bar"'
    causes = [{"field": "patch", "message": patch.removeprefix("patch: ") + reason}]
    body = json.dumps({"message": f' "" is invalid: {patch}{reason}', "details": {"causes": causes}})
    found = refused(422, body, doing="try Pod a", context="lab")
    assert (found.said, found.causes) == (reason, ())
