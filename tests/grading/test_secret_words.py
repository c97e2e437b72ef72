"""Tests of `grading.secret_words`: names and shapes that tell a secret."""

from __future__ import annotations

from tests.table import each_row
from trainer.grading.secret_words import (
    assigned,
    comment_tells,
    holds_document,
    is_harmless,
    is_long_random,
    is_secret_name,
    may_tell,
    shaped,
    without_shaped,
)

PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2lnbmF0dXJl-X_y"


@each_row(
    "name",
    ["password", "passwd", "db_password", "client-key-data", "id-token", "Token", "clientSecret", "tls.key", "DB_PASS",
     "AWS_SECRET_ACCESS_KEY", ".dockerconfigjson", "apiKey", "pasword", "credentials"],
)  # fmt: skip
def test_names_of_secrets(name: str) -> None:
    assert is_secret_name(name)
    assert may_tell(f"{name}: x")


@each_row(
    "name",
    ["secretName", "secretKeyRef", "automountServiceAccountToken", "imagePullSecrets", "TOKEN_FILE", "tokenTTL",
     "enable-bootstrap-token-auth", "bypass", "key", "name", "resources"],
)  # fmt: skip
def test_names_that_only_speak_of_secrets(name: str) -> None:
    assert not is_secret_name(name)


@each_row(
    "text",
    [
        PEM,
        JWT,
        "AKIAIOSFODNN7EXAMPLE",
        "ghp_abcdefghijklmnop1234",
        "glpat-abcdefghij123456",
        "abc123.0123456789abcdef",
        "$2y$10$abcdefghijklmnop",
    ],
)
def test_shapes(text: str) -> None:
    assert list(shaped(f"is {text} here")) == [text]
    assert without_shaped(f"is {text} here", "GONE") == "is GONE here"
    assert may_tell(text)


@each_row(
    "text",
    [
        "-----BEGIN PUBLIC KEY-----\nMIIabc\n-----END PUBLIC KEY-----",
        "Bearer tokens are read",
        "Basic authentication",
        "https://host:80/path",
        "busybox:1.32@sha256:0123",
        "com.example.json:json-bind@4.2.0",
        "`org.apache:log4j@2.14.1-rc1` isn't right",
        "NOPASSWD: /usr/bin/systemctl",
        "busybox:1.32.0",
        "policy.networkpolicies",
        "sha256:0123456789abcdef0123456789abcdef",
    ],
)
def test_what_is_no_shape(text: str) -> None:
    assert list(shaped(text)) == []


def test_parts_of_addresses_and_headers() -> None:
    assert without_shaped("get https://u:p@host/", "GONE") == "get https://GONE@host/"
    assert "s3cret" not in without_shaped("Authorization: Bearer s3cretValue", "GONE")


@each_row("host", ["10.0.0.1", "db", "4.example.com", "1:5432", "2.0/path", "1.2.3-a.example.com"])
def test_a_host_after_an_address_is_no_version(host: str) -> None:
    assert "s3cret" not in without_shaped(f"user:s3cret@{host}", "GONE")


@each_row(
    "text", ['{"auths":{}}', "auths: {}", "auth: dXNlcg==", "auths:", r"{\"auth\":\"x\"}", "{auth:'x'}"]
)
def test_documents_of_registries(text: str) -> None:
    assert holds_document(text)


@each_row("text", ["registry.example.com/shop/auth:1.12.0", "auth:latest", "auth:8080", "sbom/auth:1"])
def test_an_image_called_auth_is_no_document(text: str) -> None:
    assert not holds_document(text)


@each_row(
    ("text", "values"),
    [
        ("--password=a b", ["a"]),
        ("export TOKEN=a-1; run", ["a-1"]),
        ('{"token": "a b"}', ['"a b']),
        ("note password=x", ["x"]),
        ("ENV DB_PASSWORD a", ["a"]),
        ("--token a", []),  # an option needs a word before it, as in a command
        ("curl --token a", ["a"]),
        ("--token-auth-file=/etc/a", []),
        ("secretName: a", []),
        ("password: true", []),
        ("NPM_TOKEN=$(cat /run/secrets/t) npm ci", []),
        ('TOKEN="$(cat /run/secrets/t)" id=TOKEN TOKEN=a-1', ["a-1"]),
        ("_authToken=${NPM_TOKEN} PASSWORD=$P", []),
        ("TOKEN=${T:-a-1} PASSWORD=$(printf", ["${T:-a-1", "$(printf"]),
        ("password: /run/secrets/db", []),
        ("kubectl get secret db", []),
    ],
)
def test_what_a_text_gives_to_a_name(text: str, values: list[str]) -> None:
    assert [text[start:end] for start, end in assigned(text)] == values


def test_harmless_and_random_values() -> None:
    assert all(map(is_harmless, ("", "true", "no", "null", "10", "30s")))
    assert not any(map(is_harmless, ("1234", "hunter2", "x")))
    assert is_long_random("c2VjcmV0IGlzIHNlY3VyZQ==", "aes-key")
    assert not is_long_random("c2VjcmV0IGlzIHNlY3VyZQ==", "note")
    assert is_long_random("aB3" * 12, "note")
    assert not is_long_random("aB3" * 12, "caBundle")


def test_comments() -> None:
    assert comment_tells("# the password is x")
    assert not comment_tells("# a note")
