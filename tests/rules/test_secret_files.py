"""Rule `secret-files`."""

from __future__ import annotations

import re

import msgspec
import pytest

from tests.pictures import judging
from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.rules import secret_files
from trainer.rules.secret_files import Params
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status

judge = judging(secret_files)

SECRET = "kind: Secret\nmetadata: {name: db, namespace: sun}\ndata: {user: dQ==, pass: cA==}\n"
POD = """\
kind: Pod
metadata: {name: web, namespace: sun}
spec:
  containers:
  - name: a
    volumeMounts: [{name: v, mountPath: /etc/db}]
  - name: b
  volumes:
  - name: v
    secret: {secretName: db, defaultMode: 256, items: [{key: pass, path: pass}]}
"""
WANTED = {
    "files": {"/etc/db/pass": "pass"},
    "containers": ["a"],
    "mode": "0400",
    "environment": "none",
    "rest": "none",
}


def outcome(text: str = POD, **params: object) -> Outcome:
    documents = [parse(one.encode(), "pod.yaml").documents[0] for one in (text, SECRET)]
    world = World(tuple(Manifest(document.value, document) for document in documents))
    return judge(world, msgspec.convert({"object": "sun/web", "secret": "db"} | WANTED | params, Params))


def test_pass() -> None:
    assert outcome().status is Status.PASS


@each_row(
    ("old", "new", "message", "evidence"),
    [
        (
            "path: pass",
            "path: p",
            "Container a has the key pass at /etc/db/p, not at /etc/db/pass.",
            "In container a of Pod sun/web, `cat /etc/db/pass`: No such file or directory.",
        ),
        (
            "key: pass",
            "key: user",
            "/etc/db/pass contains the key user, not pass.",
            "In container a of Pod sun/web, `cat /etc/db/pass` prints the value of user.",
        ),
        (
            "key: pass",
            "key: gone",
            "The Secret db has no key gone.",
            "Container a of Pod sun/web does not start: the kubelet can't set up the volume.",
        ),
        (
            ", items: [{key: pass, path: pass}]",
            "",
            "Container a has the key user at /etc/db/user: not required.",
            "In container a of Pod sun/web, `cat /etc/db/user` prints the value.",
        ),
        (
            "defaultMode: 256",
            "defaultMode: 416",
            "/etc/db/pass has the mode 0640; 0400 is required.",
            "In container a of Pod sun/web, `ls -lL /etc/db/pass` shows -rw-r-----.",
        ),
        (
            "- name: b",
            "- name: b\n    volumeMounts: [{name: v, mountPath: /etc/db}]",
            "Container b has the key pass at /etc/db/pass: not required.",
            "In container b of Pod sun/web, `cat /etc/db/pass` prints the value.",
        ),
        (
            "- name: b",
            "- name: b\n    env: [{name: P, valueFrom: {secretKeyRef: {name: db, key: pass}}}]",
            "Container b has the key pass in its environment.",
            "In container b of Pod sun/web, `env` prints P with the value.",
        ),
    ],
)
def test_fail(old: str, new: str, message: str, evidence: str) -> None:
    judged = outcome(POD.replace(old, new))
    assert judged.status is Status.FAIL
    assert judged.reasons[0].message == message
    assert judged.reasons[0].location is not None
    assert evidence in judged.evidence


def test_all_ordinary_containers_where_none_is_named() -> None:
    judged = outcome(containers=[])
    assert judged.reasons[0].message == "Container b has no file of the Secret at /etc/db/pass."


def test_what_is_not_asked_does_not_fail() -> None:
    loose = {"rest": "ignored", "environment": "ignored", "mode": ""}
    text = POD.replace(", items: [{key: pass, path: pass}]", "").replace(
        "- name: b", "- name: b\n    envFrom: [{secretRef: {name: db}}]"
    )
    assert outcome(text, **loose).status is Status.PASS


@each_row(
    ("old", "new", "path", "evidence"),
    [
        ("256", "420", "volumes[0].secret.defaultMode", "`ls -lL /etc/db/pass` shows -rw-r--r--"),
        ("path: pass", "path: pass, mode: 420", "volumes[0].secret.items[0].mode", "shows -rw-r--r--"),
        (", defaultMode: 256", "", "volumes[0].secret.items[0]", "shows -rw-r--r--"),
        ("spec:", "spec:\n  securityContext: {fsGroup: 1}", "securityContext.fsGroup", "shows -r--r-----"),
        (
            "name: b",
            "name: b\n    volumeMounts: [{name: v, mountPath: /b}]",
            "containers[1].volumeMounts[0]",
            "cat /b/pass",
        ),
        ("/etc/db}", "/etc}", "containers[0].volumeMounts[0]", "No such file"),
        ("path: pass}", "path: p}", "volumes[0].secret.items[0]", "No such file"),
        ("pass}]", "pass}, {key: no, path: no}]", "volumes[0].secret.items[1]", "does not start"),
    ],
)
def test_the_place_is_what_decides(old: str, new: str, path: str, evidence: str) -> None:
    judged = outcome(POD.replace(old, new))
    place = judged.reasons[0].location
    assert place is not None
    assert place.path == f"spec.{path}"
    assert evidence in judged.evidence[0]


def test_no_pod() -> None:
    assert outcome(object="sun/other").status is Status.FAIL


def test_modes_with_a_group_of_the_file_system() -> None:
    group = outcome(POD.replace("spec:\n", "spec:\n  securityContext: {fsGroup: 1000}\n", 1), mode="0400")
    assert (
        "has the mode 0440, because fsGroup lets a group read it; 0400 is required."
        in group.reasons[0].message
    )


def test_a_mode_that_is_written_in_decimal() -> None:
    group = "spec:\n  securityContext: {fsGroup: 1000}\n"
    for text in (POD, POD.replace("spec:\n", group, 1)):
        decimal = outcome(re.sub(r"(defaultMode|mode): \d+", "defaultMode: 440", text), mode="0440")
        told = [one.message for one in decimal.reasons if "has the mode" in one.message]
        assert told
        assert all(
            "has the mode 0670, because 440 without a leading 0 is a decimal number; 0440 is required." in one
            for one in told
        )


def test_a_mode_that_is_none_is_the_cards_error() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"object": "sun/web", "secret": "db", "mode": "rw"}, Params)
