"""Encryption at rest: who writes, who reads, what the API server refuses."""

from __future__ import annotations

import base64

from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.components.encryption import KEY_BYTES, key_problem, matches, problems_of, storage_of

KEY = base64.b64encode(b"k" * 32).decode()
HEAD = "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n"


def configuration(resources: str, *providers: str) -> Manifest:
    text = HEAD + f"- resources: [{resources}]\n  providers:\n" + "".join(f"  - {p}\n" for p in providers)
    document = parse(text.encode(), "enc.yaml").documents[0]
    return Manifest(document.value, document)


def aescbc(*names: str, secret: str = KEY) -> str:
    return "aescbc: {keys: [" + ", ".join(f"{{name: {n}, secret: {secret}}}" for n in names) + "]}"


IDENTITY = "identity: {}"


def test_the_first_provider_and_key_write() -> None:
    storage = storage_of(configuration("secrets", aescbc("new", "old"), IDENTITY), "secrets")
    assert storage.writer.name == "aescbc:new"
    assert storage.writer.prefix == "k8s:enc:aescbc:v1:new:"
    assert storage.writer.location.line == 6
    assert storage.reads("aescbc:old")
    assert storage.reads("identity")
    assert not storage.reads("aescbc:gone")


def test_identity_first_means_no_encryption() -> None:
    storage = storage_of(configuration("secrets", IDENTITY, aescbc("k")), "secrets")
    assert not storage.writer.encrypts
    assert storage.reads("aescbc:k")


def test_other_resources_stay_plain() -> None:
    assert storage_of(configuration("secrets", aescbc("k")), "configmaps").writer.name == "identity"


def test_the_core_group_may_be_written_as_nothing() -> None:
    stored = storage_of(configuration("secrets.", aescbc("k")), "secrets")
    assert stored.writer.provider == "aescbc"
    assert storage_of(configuration("'*.'", aescbc("k")), "secrets").writer.provider == "aescbc"


def test_kms_and_secretbox() -> None:
    kms = "kms: {apiVersion: v2, name: vault, endpoint: unix:///var/run/kms.sock}"
    assert storage_of(configuration("secrets", kms), "secrets").writer.prefix == "k8s:enc:kms:v2:vault:"
    box = f"secretbox: {{keys: [{{name: k, secret: {KEY}}}]}}"
    assert storage_of(configuration("secrets", box), "secrets").writer.prefix == "k8s:enc:secretbox:v1:k:"
    assert problems_of(configuration("secrets", kms, box)) == []


@each_row(
    ("pattern", "resource", "expected"),
    [
        ("secrets", "secrets", True),
        ("*.", "secrets", True),
        ("*.", "deployments.apps", False),
        ("*.apps", "deployments.apps", True),
        ("*.*", "deployments.apps", True),
        ("deployments", "deployments.apps", False),
    ],
)
def test_patterns(pattern: str, resource: str, expected: bool) -> None:
    assert matches(pattern, resource) is expected


@each_row(
    ("resources", "provider", "message"),
    [
        ("secrets", aescbc("k", secret="bm90bG9uZw=="), "has 7 bytes: it must have 16 or 24 or 32"),
        ("secrets", aescbc("k", secret="plain-text!"), "is not base64"),
        ("secrets", "aescbc: {keys: [{name: k}]}", "needs a `secret`"),
        ("secrets", aescbc("k", "k"), "two keys have the name"),
        ("secrets", "aescbc: {keys: []}", "at least one key"),
        ("secrets", f"{{{aescbc('k')}, identity: {{}}}}", "exactly one provider"),
        ("secrets", "identity:", "write `identity: {}`"),
        ("secrets", "{}", "write `identity: {}`"),
        ("secrets", "rot13: {}", "is not a provider"),
        ("'*'", aescbc("k"), "is not a resource"),
        ("secrets, secrets", aescbc("k"), "listed twice"),
        ("secrets, secrets.", aescbc("k"), "listed twice"),
        ("'*.*', secrets", aescbc("k"), "already covers"),
        ("Secrets", aescbc("k"), "lower case"),
        ("serviceipallocations", aescbc("k"), "is not a resource of the API"),
        ("events.events.k8s.io", aescbc("k"), "stored as `events`"),
        ("secrets", "kms: {name: v, endpoint: /sock}", "unix:// socket"),
    ],
)
def test_what_the_server_refuses(resources: str, provider: str, message: str) -> None:
    problems = problems_of(configuration(resources, provider))
    assert any(message in problem.message for problem in problems)
    assert all(problem.location and problem.location.line for problem in problems)


def test_a_narrower_entry_must_come_first() -> None:
    wide = configuration("'*.apps'", aescbc("k"))
    text = (
        HEAD
        + "- {resources: ['*.apps'], providers: [{identity: {}}]}\n- {resources: [deployments.apps], providers: [{identity: {}}]}\n"
    )
    document = parse(text.encode(), "enc.yaml").documents[0]
    assert problems_of(wide) == []
    assert "put the narrower entry first" in problems_of(Manifest(document.value, document))[0].message


@given(st.sampled_from(sorted(KEY_BYTES)), st.binary(min_size=1, max_size=40))
def test_only_fitting_keys_pass_and_no_message_shows_one(provider: str, key: bytes) -> None:
    text = base64.b64encode(key).decode()
    problem = key_problem(provider, text)
    assert (problem == "") is (len(key) in KEY_BYTES[provider])
    assert len(text) < 8 or text not in problem


def test_a_long_list_of_resources_is_compared_once() -> None:
    """Not each name with all others."""
    compared = 0

    class Name(str):
        __slots__ = ()
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            nonlocal compared
            compared += 1
            return str.__eq__(self, other)

    one = configuration("r.example.com", "identity: {}")
    names = [Name(f"r{number}.example.com") for number in range(200)]
    value = {**one.data, "resources": [{**one.data["resources"][0], "resources": names}]}
    assert problems_of(Manifest(value, one.document)) == []
    assert compared < 20 * len(names)
