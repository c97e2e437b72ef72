"""Tests of `simulate.containers.mounts`: where a process of each container may write."""

# ruff: noqa: S108 - the paths of containers, no files of ours
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.containers.mounts import ROOT, ContainerWrites, pod_writes, resolve
from trainer.simulate.containers.volumes import Access
from trainer.simulate.shell.paths import is_within, normalise
from trainer.simulate.workloads import pod_templates
from trainer.simulate.world import World


def writes_of(text: str) -> list[ContainerWrites]:
    documents = parse(text.encode(), "pod.yaml").documents
    world = World(tuple(Manifest(document.value, document) for document in documents))
    return pod_writes(world, pod_templates(world.objects)[0])


def one(container: str, pod: str = "") -> ContainerWrites:
    text = "kind: Pod\nmetadata: {name: p, namespace: default}\n"
    text += f"spec: {{containers: [{{name: c, {container}}}], {pod}}}"
    return writes_of(text)[0]


VOLUMES = (
    "volumes: [{name: e, emptyDir: {}}, {name: c, configMap: {name: x}}, {name: h, hostPath: {path: /}},"
    " {name: i, configMap: {name: x, items: [{key: a, path: sub/a}]}},"
    " {name: p, persistentVolumeClaim: {claimName: x}},"
    " {name: r, persistentVolumeClaim: {claimName: x, readOnly: true}}]"
)


def mounted(*mounts: str, root: str = "true", pod: str = "") -> ContainerWrites:
    listed = ", ".join(f"{{{mount}}}" for mount in mounts)
    context = f"securityContext: {{readOnlyRootFilesystem: {root}}}"
    return one(f"{context}, volumeMounts: [{listed}]", f"{VOLUMES}, {pod}")


@each_row(
    ("context", "access"),
    [
        ("{}", Access.WRITABLE),
        ("null", Access.WRITABLE),
        ("{readOnlyRootFilesystem: null}", Access.WRITABLE),
        ("{readOnlyRootFilesystem: false}", Access.WRITABLE),
        ("{readOnlyRootFilesystem: true}", Access.READ_ONLY),
    ],
)
def test_the_root_filesystem(context, access):
    container = one(f"securityContext: {context}")
    assert container.root.access is access
    assert container.place_of("/etc/passwd") == container.root
    assert container.root.type == ROOT


def test_every_kind_of_container_is_looked_at():
    found = writes_of(
        "kind: Pod\n"
        "metadata: {name: p, namespace: default}\n"
        "spec:\n"
        "  initContainers: [{name: a, securityContext: {readOnlyRootFilesystem: true}}]\n"
        "  containers: [{name: b}]\n"
        "  ephemeralContainers: [{name: c}]\n"
    )
    assert [(c.title, c.root.access) for c in found] == [
        ("init container a of Pod default/p", Access.READ_ONLY),
        ("container b of Pod default/p", Access.WRITABLE),
        ("ephemeral container c of Pod default/p", Access.WRITABLE),
    ]


@each_row(
    ("mount", "access"),
    [
        ("name: e, mountPath: /tmp", Access.WRITABLE),
        ("name: e, mountPath: /tmp, readOnly: true", Access.READ_ONLY),
        ("name: e, mountPath: tmp", Access.WRITABLE),
        ("name: e, mountPath: //tmp/./, subPath: a", Access.WRITABLE),
        ("name: e, mountPath: /tmp, subPathExpr: $(POD)", Access.WRITABLE),
        ("name: c, mountPath: /tmp, readOnly: false", Access.READ_ONLY),
        ("name: p, mountPath: /tmp", Access.WRITABLE),
        ("name: r, mountPath: /tmp, readOnly: false", Access.READ_ONLY),
        ("name: h, mountPath: /tmp", Access.WRITABLE),
        ("name: h, mountPath: /tmp, readOnly: true", Access.WRITABLE),
        ("name: h, mountPath: /tmp, readOnly: true, recursiveReadOnly: IfPossible", Access.WRITABLE),
        ("name: h, mountPath: /tmp, readOnly: true, recursiveReadOnly: Enabled", Access.READ_ONLY),
        ("name: h, mountPath: /tmp, readOnly: true, subPath: srv/www", Access.READ_ONLY),
    ],
)
def test_a_mount(mount, access):
    container = mounted(mount)
    assert container.place_of("/tmp/x").access is access
    assert container.place_of("/tmp").path == "/tmp"
    assert container.place_of("/tmpx").access is Access.READ_ONLY


@each_row(
    ("source", "because"),
    [
        ("{path: /}", "readOnly doesn't apply to mounts below / on the node"),
        (
            "{path: /var/lib/kubelet/}",
            "readOnly doesn't apply to mounts below /var/lib/kubelet on the node",
        ),
        ("{path: /run/containerd/containerd.sock}", "readOnly doesn't prevent writing to the socket"),
        ("{path: /run/engine, type: Socket}", "readOnly doesn't prevent writing to the socket /run/engine"),
        ("{path: /etc/ssl}", "the mount is readOnly"),
    ],
)
def test_what_a_read_only_mount_of_the_node_protects(source, because):
    mount = "volumeMounts: [{name: h, mountPath: /host, readOnly: true}]"
    place = one(mount, f"volumes: [{{name: h, hostPath: {source}}}]").place_of("/host/x")
    assert place.because.startswith(because)
    assert (place.access is Access.READ_ONLY) is (because == "the mount is readOnly")


def test_the_deepest_mount_wins():
    container = mounted(
        "name: e, mountPath: /data", "name: c, mountPath: /data/conf/", "name: p, mountPath: /data/conf/x"
    )
    assert [
        container.place_of(p).access for p in ("/data/a", "/data/conf", "/data/conf/y", "/data/conf/x/y")
    ] == [
        Access.WRITABLE,
        Access.READ_ONLY,
        Access.READ_ONLY,
        Access.WRITABLE,
    ]
    assert [place.path for place in container.below("/data")] == ["/data/conf", "/data/conf/x"]
    assert [place.path for place in container.below("/")] == ["/data", "/data/conf", "/data/conf/x"]


def test_nothing_can_be_mounted_into_a_flat_read_only_volume():
    below = mounted("name: c, mountPath: /conf", "name: e, mountPath: /conf/cache").place_of("/conf/cache")
    assert not below.startable
    assert (
        mounted("name: i, mountPath: /conf", "name: e, mountPath: /conf/sub").place_of("/conf/sub").startable
    )
    assert mounted("name: e, mountPath: /a", "name: c, mountPath: /a/b").place_of("/a/b").startable


def test_a_mount_over_the_root_decides_everywhere():
    assert mounted("name: e, mountPath: //").place_of("/etc").type == "emptyDir"


def test_two_mounts_at_one_place_are_not_judged():
    with pytest.raises(NotJudged, match="two different volumes mounted at /a"):
        mounted("name: e, mountPath: /a", "name: c, mountPath: /a/")
    assert len(mounted("name: e, mountPath: /a", "name: p, mountPath: /a/").mounts) == 2


def test_block_devices():
    container = one(
        "volumeDevices: [{name: p, devicePath: /dev/xvda}, {name: r, devicePath: /dev/xvdb}]", VOLUMES
    )
    assert [(d.path, d.access) for d in container.devices] == [
        ("/dev/xvda", Access.WRITABLE),
        ("/dev/xvdb", Access.READ_ONLY),
    ]


@each_row(
    ("context", "remount"),
    [
        ("{privileged: true}", "privileged"),
        ("{privileged: false}", ""),
        ("{capabilities: {add: [SYS_ADMIN]}}", "capability SYS_ADMIN"),
        ("{capabilities: {add: [CAP_SYS_ADMIN]}}", "capability SYS_ADMIN"),
        ("{capabilities: {add: [ALL]}}", "capability ALL"),
        ("{capabilities: {add: [NET_ADMIN], drop: [ALL]}}", ""),
        ("{capabilities: {add: null}}", ""),
    ],
)
def test_what_may_remount(context, remount):
    found = one(f"securityContext: {context}").remount
    assert found.partition(":")[0] == remount


@each_row(
    ("container", "pod", "words"),
    [
        ("{}", "{}", ""),
        ("{runAsUser: 0}", "{runAsUser: 1000}", ""),
        ("{runAsUser: 1000}", "{}", "user 1000"),
        ("{runAsUser: null}", "{runAsUser: 33}", "user 33"),
        ("{runAsNonRoot: true}", "{}", "a non-root user"),
        ("{runAsNonRoot: false}", "{runAsNonRoot: true}", ""),
    ],
)
def test_who_runs_it(container, pod, words):
    assert one(f"securityContext: {container}", f"securityContext: {pod}").non_root == words


def test_who_may_write_to_a_volume():
    mounts = ("name: e, mountPath: /e", "name: p, mountPath: /p", "name: h, mountPath: /h")
    alone, handed = mounted(*mounts), mounted(*mounts, pod="securityContext: {fsGroup: 2000}")
    assert [place.for_anyone for place in alone.mounts] == [True, False, False]
    assert [place.for_anyone for place in handed.mounts] == [True, True, False]


def test_the_mounts_of_the_runtime_are_listed_and_not_counted():
    container = mounted("name: e, mountPath: /dev/shm")
    assert "/dev/termination-log" in container.runtime
    assert "/log" in one("terminationMessagePath: /log").runtime
    assert container.is_runtime("/etc/hosts")
    assert container.is_runtime("/dev/null")
    assert not container.is_runtime("/dev/shm/x")
    assert not container.is_runtime("/etc")


def test_windows_is_not_judged():
    with pytest.raises(NotJudged, match="Windows"):
        one("image: x", "os: {name: windows}")


def test_locations_point_at_the_deciding_line():
    found = writes_of(
        "kind: Pod\nmetadata: {name: p, namespace: default}\nspec:\n  containers:\n"
        "  - name: c\n    securityContext:\n      privileged: true\n      readOnlyRootFilesystem: false\n"
        "    volumeMounts:\n    - name: e\n      mountPath: /tmp\n  volumes:\n  - name: e\n    emptyDir: {}\n"
    )[0]
    assert found.root.location.line == 8
    assert found.mounts[0].location.line == 10
    assert found.remount_at is not None
    assert found.remount_at.line == 7


@each_row("container", ["volumeMounts: null", "volumeMounts: [3]", "securityContext: 7", "volumeDevices: x"])
def test_odd_data_does_not_crash(container):
    assert one(container).mounts == ()


@each_row(
    ("path", "expected"),
    [("/var/run", "/run"), ("/var/run/nginx/", "/run/nginx"), ("/var/runner", "/var/runner"), ("/", "/")],
)
def test_links_of_directories_are_followed(path, expected):
    assert resolve(path, {"/var/run": "/run", "/bin": "/usr/bin"}) == expected


PATHS = st.lists(st.sampled_from(["a", "b", ".", "", "c.d"]), max_size=5).map(
    lambda parts: "/" + "/".join(parts)
)


@given(PATHS, PATHS)
def test_normalised_paths_compare(path, other):
    clean = normalise(path)
    assert normalise(clean) == clean
    assert clean.startswith("/")
    assert "//" not in clean
    assert is_within(normalise(f"{path}/{other}"), clean)
    assert is_within(clean, "/")


@given(
    st.lists(st.tuples(PATHS, st.booleans()), min_size=1, max_size=4, unique_by=lambda m: normalise(m[0])),
    PATHS,
)
def test_a_path_is_as_writable_as_its_deepest_mount(mounts, path):
    mounts = [(where, ro) for where, ro in mounts if normalise(where) != "/"]
    container = mounted(
        *(f'name: e, mountPath: "{where}", readOnly: {str(ro).lower()}' for where, ro in mounts)
    )
    best, expected = 0, Access.READ_ONLY
    parts = [p for p in normalise(path).split("/") if p]
    for where, read_only in mounts:
        steps = [p for p in normalise(where).split("/") if p]
        if parts[: len(steps)] == steps and len(steps) > best:
            best, expected = len(steps), Access.READ_ONLY if read_only else Access.WRITABLE
    assert container.place_of(path).access is expected
