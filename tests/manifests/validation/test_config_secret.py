"""Tests of `manifests.validation.config_secret`: ConfigMap and Secret."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from tests.table import each_row

Paths = Callable[..., list[str]]
Make = Callable[..., dict[str, Any]]


def coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@each_row(
    ("fields", "paths"),
    [
        ({}, []),
        ({"data": {"a.b_c-d": "e"}}, []),
        ({"data": {"a/b": "c"}}, ["data[a/b]"]),
        ({"data": {"..a": "c"}}, ["data[..a]"]),
        ({"binaryData": {"a": coded("x")}}, []),
        ({"binaryData": {"a": "no base64"}}, ["binaryData.a"]),
        ({"data": {"a": "b"}, "binaryData": {"a": "eA=="}}, ["binaryData.a"]),
        ({"data": {"a": "x" * (1024 * 1024 + 1)}}, [""]),
    ],
)
def test_config_maps(paths_of: Paths, api_object: Make, fields: dict[str, Any], paths: list[str]) -> None:
    assert paths_of(api_object("ConfigMap", **fields)) == paths


TLS = "kubernetes.io/tls"


@each_row(
    ("fields", "paths"),
    [
        ({"data": {"a": coded("x")}}, []),
        ({"type": "anything/else", "stringData": {"a": "x"}}, []),
        ({"data": {"a": "x!"}}, ["data.a"]),
        ({"data": {"a b": coded("x")}}, ["data[a b]"]),
        ({"data": {"a": coded("x" * (1024 * 1024 + 1))}}, ["data"]),
        ({"type": TLS, "data": {"tls.crt": "", "tls.key": ""}}, []),
        ({"type": TLS, "stringData": {"tls.crt": "a", "tls.key": "b"}}, []),
        ({"type": TLS, "data": {"tls.crt": ""}}, ["data[tls.key]"]),
        ({"type": TLS}, ["data[tls.crt]", "data[tls.key]"]),
        ({"type": "kubernetes.io/basic-auth", "stringData": {"username": "a"}}, []),
        ({"type": "kubernetes.io/basic-auth", "stringData": {"user": "a"}}, ["stringData"]),
        ({"type": "kubernetes.io/ssh-auth", "data": {"ssh-privatekey": ""}}, ["data.ssh-privatekey"]),
        ({"type": "kubernetes.io/dockerconfigjson", "stringData": {".dockerconfigjson": "{}"}}, []),
        (
            {"type": "kubernetes.io/dockerconfigjson", "data": {".dockerconfigjson": coded("[]")}},
            ["data[.dockerconfigjson]"],
        ),
        (
            {"type": "kubernetes.io/dockerconfigjson", "data": {".dockerconfigjson": coded("{")}},
            ["data[.dockerconfigjson]"],
        ),
        ({"type": "kubernetes.io/dockercfg"}, ["data[.dockercfg]"]),
        (
            {"type": "kubernetes.io/service-account-token"},
            ["metadata.annotations[kubernetes.io/service-account.name]"],
        ),
    ],
)
def test_secrets(paths_of: Paths, api_object: Make, fields: dict[str, Any], paths: list[str]) -> None:
    assert paths_of(api_object("Secret", **fields)) == paths


def test_a_token_secret_names_its_account(paths_of: Paths, api_object: Make) -> None:
    secret = api_object("Secret", type="kubernetes.io/service-account-token")
    secret["metadata"]["annotations"] = {"kubernetes.io/service-account.name": "a"}
    assert paths_of(secret) == []


def test_messages_never_have_the_value(messages_of: Paths, api_object: Make) -> None:
    secret = api_object(
        "Secret",
        type="kubernetes.io/dockerconfigjson",
        data={"a": "hunter2!", ".dockerconfigjson": coded("hunter2")},
    )
    found = messages_of(secret)
    assert len(found) == 2
    assert all("hunter2" not in message and coded("hunter2") not in message for message in found)


def test_base64_may_have_line_breaks(paths_of: Paths, api_object: Make) -> None:
    assert paths_of(api_object("Secret", data={"a": "eHh4\neHh4\r\n"})) == []
