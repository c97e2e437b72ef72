"""Defaults of volumes."""

from __future__ import annotations

from typing import Any

from tests.table import each_row
from trainer.manifests.defaults.volumes import default_source, default_volume


@each_row(
    ("volume", "stored"),
    [
        ({"name": "a"}, {"name": "a", "emptyDir": {}}),
        ({"emptyDir": {"medium": "Memory"}}, {"emptyDir": {"medium": "Memory"}}),
        ({"secret": {"secretName": "s"}}, {"secret": {"secretName": "s", "defaultMode": 420}}),
        ({"configMap": {"defaultMode": 256}}, {"configMap": {"defaultMode": 256}}),
        ({"hostPath": {"path": "/a"}}, {"hostPath": {"path": "/a", "type": ""}}),
        (
            {"projected": {"sources": [{"serviceAccountToken": {"path": "t"}}]}},
            {
                "projected": {
                    "defaultMode": 420,
                    "sources": [{"serviceAccountToken": {"path": "t", "expirationSeconds": 3600}}],
                }
            },
        ),
        (
            {"downwardAPI": {"items": [{"path": "p", "fieldRef": {"fieldPath": "metadata.name"}}]}},
            {
                "downwardAPI": {
                    "defaultMode": 420,
                    "items": [{"path": "p", "fieldRef": {"fieldPath": "metadata.name", "apiVersion": "v1"}}],
                }
            },
        ),
        ({"image": {"reference": "a"}}, {"image": {"reference": "a", "pullPolicy": "Always"}}),
        (
            {"ephemeral": {"volumeClaimTemplate": {"spec": {"resources": {}}}}},
            {"ephemeral": {"volumeClaimTemplate": {"spec": {"resources": {}, "volumeMode": "Filesystem"}}}},
        ),
    ],
)
def test_default_volume(volume: dict[str, Any], stored: dict[str, Any]) -> None:
    default_volume(volume)
    assert volume == stored


def test_a_source_of_a_persistent_volume() -> None:
    spec: dict[str, Any] = {"hostPath": {"path": "/a"}, "iscsi": {}}
    default_source(spec)
    assert spec == {"hostPath": {"path": "/a", "type": ""}, "iscsi": {"iscsiInterface": "default"}}
