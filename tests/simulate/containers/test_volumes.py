"""Tests of `simulate.containers.volumes`."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.containers.volumes import (
    API_DATA,
    FLAGGED,
    GONE,
    MIGRATED,
    Access,
    pod_volumes,
    volume_of,
)
from trainer.simulate.workloads import PodTemplate, pod_templates
from trainer.simulate.world import World


def world_of(text: str) -> World:
    documents = parse(text.encode(), "pod.yaml").documents
    return World(tuple(Manifest(document.value, document) for document in documents))


def access_of(source: str, others: str = "") -> tuple[Access, str]:
    text = (
        f"kind: Pod\nmetadata: {{name: p, namespace: default}}\nspec: {{volumes: [{{name: v, {source}}}]}}\n"
    )
    world = world_of(text + others)
    pod = pod_templates(world.objects)[0]
    volume = volume_of(pod_volumes(world, pod), "v", pod, ("spec",))
    return volume.access, volume.because


@each_row("kind", sorted(API_DATA | {"image"}))
def test_what_comes_from_the_api_or_an_image_is_read_only(kind):
    assert access_of(f"{kind}: {{}}")[0] is Access.READ_ONLY


@each_row("kind", sorted(FLAGGED | {"persistentVolumeClaim"}))
def test_a_flag_of_the_volume_makes_it_read_only(kind):
    assert access_of(f"{kind}: {{readOnly: true}}")[0] is Access.READ_ONLY
    assert access_of(f"{kind}: {{readOnly: false}}")[0] is Access.WRITABLE
    assert access_of(f"{kind}: {{}}")[0] is Access.WRITABLE


@each_row("kind", sorted(MIGRATED))
def test_a_migrated_volume_hands_its_flag_to_the_driver_only(kind):
    assert access_of(f"{kind}: {{readOnly: true}}")[0] is Access.NOT_GUARANTEED
    assert access_of(f"{kind}: {{}}")[0] is Access.WRITABLE


@each_row("source", ["emptyDir: {}", "emptyDir: {medium: Memory}", "hostPath: {path: /etc}"])
def test_a_volume_without_a_flag_is_writable(source):
    assert access_of(source)[0] is Access.WRITABLE


def test_a_volume_without_a_source_is_an_empty_dir():
    world = world_of("kind: Pod\nspec: {volumes: [{name: v}]}")
    assert pod_volumes(world, PodTemplate(world.objects[0], ()))["v"].type == "emptyDir"


CLAIM = """---
kind: PersistentVolumeClaim
metadata: {name: data, namespace: default}
spec: {accessModes: [%s]}
"""


def test_the_access_mode_read_only_many_is_no_write_protection():
    source = "persistentVolumeClaim: {claimName: data}"
    assert access_of(source, CLAIM % "ReadOnlyMany")[0] is Access.NOT_GUARANTEED
    assert access_of(source, CLAIM % "ReadWriteOnce")[0] is Access.WRITABLE
    assert access_of(source, CLAIM % "ReadWriteOnce, ReadOnlyMany")[0] is Access.WRITABLE
    assert access_of("persistentVolumeClaim: {claimName: data, readOnly: true}", CLAIM % "ReadWriteOnce") == (
        Access.READ_ONLY,
        "persistentVolumeClaim.readOnly is true",
    )


def test_a_claim_template_of_an_ephemeral_volume_has_access_modes_too():
    template = "ephemeral: {volumeClaimTemplate: {spec: {accessModes: [%s]}}}"
    assert access_of(template % "ReadOnlyMany")[0] is Access.NOT_GUARANTEED
    assert access_of(template % "ReadWriteOnce")[0] is Access.WRITABLE


def test_claim_templates_of_a_stateful_set_are_volumes():
    world = world_of(
        "kind: StatefulSet\n"
        "metadata: {name: db, namespace: default}\n"
        "spec:\n"
        "  volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce]}}]\n"
        "  template: {spec: {volumes: [{name: data, configMap: {}}, {name: tmp, emptyDir: {}}]}}\n"
    )
    volumes = pod_volumes(world, pod_templates(world.objects)[0])
    assert {name: volume.type for name, volume in volumes.items()} == {
        "data": "persistentVolumeClaim",
        "tmp": "emptyDir",
    }


@each_row("kind", [*sorted(GONE), "quantumDisk"])
def test_an_unknown_or_gone_type_is_not_judged(kind):
    with pytest.raises(NotJudged, match=kind):
        access_of(f"{kind}: {{}}")


def test_huge_pages_and_a_missing_volume_are_not_judged():
    with pytest.raises(NotJudged, match="huge pages"):
        access_of("emptyDir: {medium: HugePages-2Mi}")
    world = world_of("kind: Pod\nspec: {}")
    with pytest.raises(NotJudged, match="doesn't declare"):
        volume_of({}, "v", PodTemplate(world.objects[0], ()), ("spec",))


@each_row("text", ["{volumes: null}", "{volumes: x}", "{volumes: [1, {name: 3, nfs: x}]}", "{}"])
def test_odd_data_does_not_crash(text):
    world = world_of(f"kind: Pod\nspec: {text}")
    assert len(pod_volumes(world, PodTemplate(world.objects[0], ()))) <= 1
