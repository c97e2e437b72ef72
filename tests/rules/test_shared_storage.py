"""Tests of `rules.shared_storage`."""

from __future__ import annotations

import msgspec
import pytest

from tests.pictures import judging
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.rules import shared_storage
from trainer.rules.shared_storage import Params
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status

judge = judging(shared_storage)

POD = """\
kind: Pod
metadata: {name: p, namespace: sun}
spec:
  containers:
  - name: a
    volumeMounts: [{name: one, mountPath: /data}]
  - name: b
    volumeMounts: [{name: two, mountPath: /data/, readOnly: true}]
  volumes:
  - {name: one, persistentVolumeClaim: {claimName: c}}
  - {name: two, persistentVolumeClaim: {claimName: c, readOnly: true}}
  - {name: scratch, emptyDir: {}}
"""
CLAIM = {"persistentVolumeClaim": {"claimName": "c"}}


def judged(old: str = "", new: str = "", volume: dict[str, object] = CLAIM) -> Outcome:
    assert old in POD
    document = parse(POD.replace(old, new).encode() if old else POD.encode(), "pod.yaml").documents[0]
    params = {"object": "sun/p", "containers": ["a", "b"], "path": "/data", "volume": volume}
    return judge(World((Manifest(document.value, document),)), msgspec.convert(params, Params))


def test_two_volumes_of_one_claim_are_the_same() -> None:
    assert judged().status is Status.PASS


@each_row(
    ("old", "new", "message", "evidence"),
    [
        (
            "name: one, mountPath: /data",
            "name: one, mountPath: /data, subPath: x/../y/",
            "Container a has directory y of PersistentVolumeClaim c at /data, not all of PersistentVolumeClaim c.",
            "In container a of Pod sun/p, `ls /data` lists directory y of PersistentVolumeClaim c.",
        ),
        (
            "mountPath: /data/,",
            "mountPath: /mnt,",
            "Container b has directory data of the root filesystem of container b at /data, not all of "
            "PersistentVolumeClaim c.",
            "In container b of Pod sun/p, `ls /data` lists directory data of the root filesystem of container b.",
        ),
        (
            "{name: two, mountPath",
            "{name: scratch, mountPath",
            "Container b has emptyDir scratch at /data, not all of PersistentVolumeClaim c.",
            "In container b of Pod sun/p, `ls /data` lists emptyDir scratch.",
        ),
        (
            "claimName: c, readOnly",
            "claimName: d, readOnly",
            "Container b has PersistentVolumeClaim d at /data, not all of PersistentVolumeClaim c.",
            "In container b of Pod sun/p, `ls /data` lists PersistentVolumeClaim d.",
        ),
        (
            "{name: two, persistentVolumeClaim: {claimName: c, readOnly: true}}",
            "{name: two, hostPath: {path: /srv}}",
            "Container b has directory /srv of the node at /data, not all of PersistentVolumeClaim c.",
            "In container b of Pod sun/p, `ls /data` lists directory /srv of the node.",
        ),
        (
            "readOnly: true}]",
            "readOnly: true}, {name: scratch, mountPath: /data/x, readOnly: true}]",
            "A volume is mounted at /data/x in container b: the containers don't share all of /data.",
            "Container b of Pod sun/p doesn't see what container a writes to /data/x.",
        ),
        (
            "mountPath: /data}]",
            "mountPath: /data}, {name: scratch, mountPath: /data/x}]",
            "A volume is mounted at /data/x in container a: the containers don't share all of /data.",
            "Container b of Pod sun/p doesn't see what container a writes to /data/x.",
        ),
        (
            "  - name: b\n",
            "  - name: other\n",
            "Pod sun/p has no container b.",
            "The containers of Pod sun/p are: a, other.",
        ),
    ],
)
def test_fail(old: str, new: str, message: str, evidence: str) -> None:
    outcome = judged(old, new)
    assert outcome.status is Status.FAIL
    assert outcome.reasons[0].message == message
    assert outcome.evidence[0] == evidence


def test_a_read_only_volume_below_that_nobody_writes_is_fine() -> None:
    nested = "mountPath: /data}, {name: scratch, mountPath: /data/x, readOnly: true}]"
    assert judged("mountPath: /data}]", nested).status is Status.PASS


def test_the_volume_is_compared_as_in_fields() -> None:
    assert judged(
        "name: two, mount", "name: one, mount", {"persistentVolumeClaim": {"equals": {"claimName": "c"}}}
    ) == (Outcome(Status.PASS))
    wrong = judged(volume={"emptyDir": {}})
    assert (
        wrong.reasons[0].message
        == "Container a has PersistentVolumeClaim c at /data, not all of the required emptyDir volume."
    )


def test_a_sub_path_of_a_variable_is_not_judged() -> None:
    with pytest.raises(NotJudged, match="subPathExpr"):
        judged("mountPath: /data}", "mountPath: /data, subPathExpr: $(X)}")


def test_no_such_pod() -> None:
    document = parse(POD.encode(), "pod.yaml").documents[0]
    params = {"object": "moon/p", "containers": ["a"], "path": "/data", "volume": CLAIM}
    outcome = judge(World((Manifest(document.value, document),)), msgspec.convert(params, Params))
    assert outcome.status is Status.FAIL
