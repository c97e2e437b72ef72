"""Which storage a container has at a path."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.containers.mounts import container_writes
from trainer.simulate.containers.storage import Storage, storage_at
from trainer.simulate.containers.volumes import pod_volumes
from trainer.simulate.workloads import PodTemplate
from trainer.simulate.world import World

POD = """\
kind: StatefulSet
metadata: {name: p, namespace: sun}
spec:
  volumeClaimTemplates: [{metadata: {name: t}, spec: {accessModes: [ReadWriteOnce]}}]
  template:
    spec:
      containers:
      - name: a
        volumeMounts:
        - {name: h, mountPath: /host, subPath: log}
        - {name: c, mountPath: /claim/}
        - {name: t, mountPath: /own}
        - {name: e, mountPath: /claim/deep, subPath: ./x//y}
      volumes:
      - {name: h, hostPath: {path: /var/}}
      - {name: c, persistentVolumeClaim: {claimName: db}}
      - {name: e, emptyDir: {}}
"""


@each_row(
    ("path", "expected", "words"),
    [
        ("/host", Storage("hostPath", "", "/var/log"), "directory /var/log of the node"),
        ("/host/pods", Storage("hostPath", "", "/var/log/pods"), "directory /var/log/pods of the node"),
        ("/claim", Storage("persistentVolumeClaim", "db", "."), "PersistentVolumeClaim db"),
        ("/claim/a/", Storage("persistentVolumeClaim", "db", "a"), "directory a of PersistentVolumeClaim db"),
        ("/claim/deep/z", Storage("emptyDir", "e", "x/y/z"), "directory x/y/z of emptyDir e"),
        ("/own", Storage("persistentVolumeClaim", "t", "."), "PersistentVolumeClaim t"),
        ("/", Storage("root filesystem", "a", "."), "the root filesystem of container a"),
        (
            "/etc",
            Storage("root filesystem", "a", "etc"),
            "directory etc of the root filesystem of container a",
        ),
    ],
)
def test_storage(path: str, expected: Storage, words: str) -> None:
    document = parse(POD.encode(), "pod.yaml").documents[0]
    owner = Manifest(document.value, document)
    pod = PodTemplate(owner, ("spec", "template"))
    volumes = pod_volumes(World((owner,)), pod)
    place, container = next(pod.containers())
    found = storage_at(pod, volumes, container_writes(pod, volumes, place, container, {}), path)
    assert found == expected
    assert found.words == words
