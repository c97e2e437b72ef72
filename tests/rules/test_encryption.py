"""Rule `encryption`."""

from __future__ import annotations

import base64

import msgspec

from tests.pictures import judging, lines_of
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.rules import encryption
from trainer.rules.encryption import Params
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status

judge = judging(encryption)

KEY = base64.b64encode(b"k" * 32).decode()
TEXT = """\
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
- resources: [secrets]
  providers:
  - %s
  - %s
"""
AES = f"aescbc: {{keys: [{{name: key1, secret: {KEY}}}]}}"
PLAIN = "identity: {}"


def outcome(first: str = AES, second: str = PLAIN, **params: object) -> Outcome:
    document = parse((TEXT % (first, second)).encode(), "enc.yaml").documents[0]
    manifest = Manifest(document.value, document)
    return judge(World((manifest,), answer=(manifest,)), msgspec.convert(params, Params))


def test_pass() -> None:
    assert outcome(writes={"secrets": "aescbc"}, reads={"secrets": ["identity"]}).status is Status.PASS
    assert outcome(writes={"secrets": "any"}).status is Status.PASS
    assert outcome(writes={"secrets": "aescbc:key1", "configmaps": "identity"}).status is Status.PASS


def test_identity_first() -> None:
    judged = outcome(PLAIN, AES, writes={"secrets": "aescbc"})
    assert judged.status is Status.FAIL
    assert judged.reasons[0].message.startswith("The first provider, identity, writes secrets")
    assert judged.reasons[0].location is not None
    assert judged.reasons[0].location.line == 6
    assert judged.evidence == ("A new object of secrets in etcd is in plain text.",)


def test_another_provider_and_lost_data() -> None:
    judged = outcome(
        AES, AES.replace("key1", "key2"), writes={"secrets": "secretbox"}, reads={"secrets": ["identity"]}
    )
    assert [reason.message for reason in judged.reasons] == [
        "secrets are written with aescbc:key1. Required: with secretbox.",
        "None of these providers reads secrets that were written in plain text.",
    ]
    assert judged.evidence[0] == "A new object of secrets in etcd begins with k8s:enc:aescbc:v1:key1:."


def test_a_configuration_that_does_not_load() -> None:
    judged = outcome(AES.replace(KEY, "c2hvcnQ="), writes={"secrets": "aescbc"})
    assert "does not start" in judged.reasons[0].message
    assert "c2hvcnQ" not in judged.reasons[0].message
    assert judged.evidence == ("kube-apiserver does not start with this file, and nothing answers kubectl.",)


def test_keys_that_must_stay_and_keys_that_must_go() -> None:
    assert outcome(AES, keys={"aescbc:key1": KEY}).status is Status.PASS
    assert outcome(AES, **{"other-keys": {"aescbc:key2": KEY}}).status is Status.PASS
    other = "A" * 43 + "="
    lost = outcome(AES, keys={"aescbc:key1": other})
    assert [reason.message for reason in lost.reasons] == ["aescbc:key1 isn't the existing key."]
    assert lost.evidence == ("Data that aescbc:key1 wrote before can no longer be decrypted.",)
    renamed = outcome(AES.replace("key1", "key2"), **{"other-keys": {"aescbc:key2": KEY}})
    assert [reason.message for reason in renamed.reasons] == [
        "aescbc:key2 is the old key under another name."
    ]
    assert KEY not in str(renamed)


MORE = f"""\
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
- resources: [secrets, %s]
  providers: [{AES}, {PLAIN}]
"""


def rest(more: str, **params: object) -> Outcome:
    document = parse((MORE % more).encode(), "enc.yaml").documents[0]
    manifest = Manifest(document.value, document)
    world = World((manifest,), answer=(manifest,))
    return judge(world, msgspec.convert({"rest": "identity", "free": ["secrets"], **params}, Params))


def test_all_other_resources() -> None:
    """Those of the API, custom ones, and whatever the file names."""
    for more in ("leases.coordination.k8s.io", "'*.apps'", "configmaps", "gadgets.example.org"):
        judged = rest(more)
        assert len(judged.reasons) == len(judged.evidence) == 1, more
        assert judged.reasons[0].message.endswith("Required: with identity.")
    assert rest("leases.coordination.k8s.io").evidence == (
        "A new object of leases.coordination.k8s.io in etcd begins with k8s:enc:aescbc:v1:key1:.",
    )
    assert rest("'*.example.com'").evidence[0].startswith("A new object of widgets.example.com in etcd")
    assert rest("'*.apps'").evidence[0].startswith("A new object of controllerrevisions.apps in etcd")
    assert rest("'*.acme.example'").evidence[0].startswith("A new object of widgets.acme.example in etcd")
    assert rest("deployments.v1").status is Status.PASS  # no group of resources is called v1
    assert rest("secret").status is Status.PASS  # no such resource, so nothing is written


def test_resources_that_are_free_or_asked_for_are_no_others() -> None:
    assert rest("configmaps", free=["secrets", "configmaps"]).status is Status.PASS
    assert rest("configmaps", writes={"configmaps": "aescbc"}).status is Status.PASS
    assert rest("secret", free=[]).evidence[0].startswith("A new object of secrets in etcd")
    assert rest("configmaps", rest="").status is Status.PASS
    assert (
        rest("configmaps", rest="any").reasons[0].message.startswith("endpoints are written in plain text.")
    )


def test_the_picture_has_writers_readers_and_keys() -> None:
    document = parse((TEXT % (PLAIN, AES)).encode(), "enc.yaml").documents[0]
    manifest = Manifest(document.value, document)
    asked = {
        "writes": {"secrets": "aescbc"},
        "reads": {"secrets": ["aescbc:key1"]},
        "keys": {"aescbc:key1": KEY},
    }
    found = encryption.picture(World((manifest,), answer=(manifest,)), msgspec.convert(asked, Params))
    assert lines_of(found) == [
        "new secrets | w:identity",
        "secrets written by aescbc:key1 | r:readable",
        "key aescbc:key1 | r:the existing key",
    ]
