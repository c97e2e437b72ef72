"""Tests of `match.mismatch`: the sentence and the place of what isn't as expected."""

from __future__ import annotations

from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.match.mismatch import Mismatch, absent, no_such_item, reasons, wrong
from trainer.match.view import whole

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  securityContext: {}
  containers:
    - name: web
"""


def pod() -> Manifest:
    manifests, problems = manifests_of(parse(POD.encode(), "pod.yaml").documents)
    assert problems == []
    return manifests[0]


def told(found: Mismatch) -> str:
    return f"{found.location.line}:{found.location.column} {found.message}"


def test_what_is_missing_is_told_at_the_deepest_value_that_is_there() -> None:
    spec = whole(pod()).child("spec")
    assert told(absent(spec.child("hostPID"))) == "4:1 `spec` has no `hostPID`."
    assert told(absent(spec.child("affinity").child("podAffinity"))) == "4:1 `spec` has no `affinity`."


def test_what_pod_and_container_share_is_missing_in_both() -> None:
    web = whole(pod()).child("spec").child("containers").items()[0]
    assert told(absent(web.child("effectiveSecurityContext").child("runAsUser"))) == (
        "7:5 Neither container `web` nor its Pod sets `runAsUser`."
    )
    assert told(absent(web.child("securityContext").child("runAsUser"))) == (
        "7:5 Container `web` has no `securityContext`."
    )
    assert told(absent(web.child("image"))) == "7:5 Container `web` has no `image`."


def test_an_empty_item_is_told_by_its_place() -> None:
    text = POD.replace("    - name: web\n", "    -\n    - image: nginx\n")
    pod = manifests_of(parse(text.encode(), "pod.yaml").documents)[0][0]
    empty, unnamed = whole(pod).child("spec").child("containers").items()
    assert absent(empty).message == "`spec.containers[0]` is not set."
    assert absent(unnamed.child("effectiveSecurityContext").child("privileged")).message == (
        "`spec.containers[1].securityContext` has no `privileged`."
    )


def test_a_value_is_told_at_its_own_place() -> None:
    name = whole(pod()).child("metadata").child("name")
    assert told(wrong(name, "is `web`; `db` is required")) == (
        "3:12 `metadata.name` is `web`; `db` is required."
    )
    containers = whole(pod()).child("spec").child("containers")
    assert told(no_such_item(containers)) == "6:3 No item of `spec.containers` is as required."


def test_reasons_are_told_once_each_in_the_order_of_the_text() -> None:
    view = whole(pod())
    late = wrong(view.child("spec").child("containers"), "is short")
    early = wrong(view.child("kind"), "is `Pod`")
    found = reasons([late, early, late])
    assert [(one.message, one.location.line if one.location else 0) for one in found] == [
        ("`kind` is `Pod`.", 2),
        ("`spec.containers` is short.", 6),
    ]
