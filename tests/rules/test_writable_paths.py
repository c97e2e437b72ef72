"""Tests of `rules.writable_paths`."""

# ruff: noqa: S108 - the paths of containers, no files of ours
from __future__ import annotations

import msgspec
import pytest

from tests.pictures import judging, lines_of
from tests.table import each_row
from trainer.errors import NotJudged, UsageError
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.rules import writable_paths
from trainer.rules.writable_paths import Params
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status

judge = judging(writable_paths)

POD = """kind: Pod
metadata: {name: immutable, namespace: default}
spec:
  containers:
  - name: httpd
    securityContext: {readOnlyRootFilesystem: true}
    volumeMounts:
    - {name: pid, mountPath: /usr/local/apache2/logs/}
  volumes:
  - name: pid
    emptyDir: {}
"""
LOGS = "/usr/local/apache2/logs"


def judged(text: str, **params: object) -> Outcome:
    documents = parse(text.encode(), "pod.yaml").documents
    world = World(tuple(Manifest(document.value, document) for document in documents))
    return judge(world, msgspec.convert({"object": "default/immutable", **params}, Params))


def asked(text: str, **more: object) -> Outcome:
    return judged(text, writable=[LOGS], rest="read-only", **more)


def evidence(outcome: Outcome) -> str:
    assert outcome.status is Status.FAIL
    assert len(outcome.evidence) == len(outcome.reasons)
    return "\n".join(outcome.evidence)


def test_only_the_asked_path_is_writable():
    assert asked(POD) == Outcome(Status.PASS)
    assert asked(POD, by=["emptyDir"]) == Outcome(Status.PASS)
    assert judged(POD, **{"read-only": ["/usr/local/apache2/htdocs", "/etc"]}) == Outcome(Status.PASS)


def test_a_writable_root_is_shown_where_it_stands():
    text = POD.replace("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false")
    outcome = asked(text, **{"read-only": ["/usr/local/apache2/htdocs"]})
    assert outcome.evidence[0] == (
        "container httpd of Pod default/immutable can write /usr/local/apache2/htdocs:"
        " the root filesystem is writable (line 6)."
    )
    assert str(outcome.reasons[0].location) == "pod.yaml:6:23"


def test_a_path_without_a_volume_names_the_mount_below_it_or_the_container():
    advice = f"{LOGS} must be writable in container httpd"
    for mounted, line, why in (
        (f"{LOGS}/httpd.pid", 8, f": the volume at {LOGS}/httpd.pid is only a part of it."),
        ("/tmp", 5, ": no volume is mounted there."),
    ):
        found = judged(POD.replace(f"{LOGS}/", mounted), writable=[LOGS])
        reason, shown = found.reasons[0], found.evidence[0]
        assert (reason.message, reason.location and reason.location.line) == (advice + why, line)
        assert "readOnlyRootFilesystem is true (line 6)" in shown


def test_a_mount_that_is_too_wide():
    found = evidence(asked(POD.replace("/logs/", "")))
    assert found == (
        "container httpd of Pod default/immutable can write /usr/local/apache2:"
        " volume pid (emptyDir) at /usr/local/apache2 is writable (line 8)."
    )


def test_a_mount_beside_the_asked_path_leaves_it_read_only():
    found = evidence(asked(POD.replace("/logs/", "/log")))
    assert f"cannot write {LOGS}: readOnlyRootFilesystem is true (line 6)" in found
    assert "can write /usr/local/apache2/log" in found


def test_a_mount_below_an_asked_path_belongs_to_it():
    text = POD.replace(
        "mountPath: /usr", "mountPath: /usr/local/apache2/logs/old}\n    - {name: pid, mountPath: /usr"
    )
    assert asked(text).status is Status.PASS


def test_a_read_only_mount_and_a_read_only_volume_are_not_writable():
    assert "the mount is readOnly" in evidence(asked(POD.replace("logs/}", "logs, readOnly: true}")))
    assert "configMap volumes are always" in evidence(
        asked(POD.replace("emptyDir: {}", "configMap: {name: x}"))
    )


def test_the_type_of_volume_may_be_asked_for():
    text = POD.replace("emptyDir: {}", "hostPath: {path: /srv}")
    assert asked(text).status is Status.PASS
    assert ": volume pid (hostPath, it is the directory /srv on the node)" in evidence(
        asked(text, by=["emptyDir"])
    )
    root = POD.replace("readOnlyRootFilesystem: true", "").replace("/logs", "/other")
    assert judged(root, writable=[LOGS]).status is Status.PASS
    assert "not through such a volume: the root filesystem is writable" in evidence(
        judged(root, writable=[LOGS], by=["emptyDir"])
    )


@each_row("field", ["privileged: true", "capabilities: {add: [SYS_ADMIN]}"])
def test_who_may_remount_is_not_held_by_a_read_only_root(field):
    text = POD.replace("readOnlyRootFilesystem: true", f"readOnlyRootFilesystem: true, {field}")
    found = evidence(asked(text))
    assert found.startswith("container httpd of Pod default/immutable can make / writable again: ")
    assert "can make /etc writable again" in evidence(judged(text, **{"read-only": ["/etc"]}))
    assert judged(text, writable=[LOGS]).status is Status.PASS


def test_every_container_counts_unless_one_is_named():
    text = POD.replace("  volumes:", "  initContainers: [{name: setup}]\n  volumes:")
    found = evidence(asked(text))
    assert found.count("init container setup") == 1
    assert "init container setup of Pod default/immutable can write /: the root filesystem" in found
    assert asked(text, container="httpd").status is Status.PASS
    assert (
        asked(text, container="nginx").reasons[0].message == "Pod default/immutable has no container nginx."
    )


def test_init_containers_may_be_left_out():
    text = POD.replace("  volumes:", "  initContainers: [{name: setup}]\n  volumes:")
    assert asked(text, which="ordinary").status is Status.PASS


def test_a_path_may_be_writable_or_not():
    read_only = POD.replace("logs/}", "logs, readOnly: true}")
    for text in (POD, read_only):
        assert judged(text, rest="read-only", **{"may-write": [LOGS]}).status is Status.PASS
    assert judged(POD, rest="read-only").status is Status.FAIL


def test_the_root_alone_may_be_asked_for():
    wide = POD.replace("logs/}", "logs}\n    - {name: pid, mountPath: /tmp}")
    assert judged(wide, root="read-only") == Outcome(Status.PASS)
    writable = POD.replace("readOnlyRootFilesystem: true", "")
    assert "can write /: the root filesystem is writable (line 6)" in evidence(
        judged(writable, root="read-only")
    )
    privileged = POD.replace("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: true, privileged: true")
    assert "can make / writable again: privileged" in evidence(judged(privileged, root="read-only"))


def test_the_same_place_is_named_once():
    text = POD.replace("readOnlyRootFilesystem: true", "privileged: true")
    outcome = asked(text, **{"read-only": ["/usr/local/apache2/htdocs"]})
    assert [reason.message for reason in outcome.reasons] == [
        "The root filesystem of container httpd must be read-only.",
        "Container httpd must not be able to remount filesystems.",
    ]


def test_workloads_make_pods():
    deployment = """kind: Deployment
metadata: {name: immutable, namespace: default}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c}]}}}
"""
    assert judged(deployment, rest="read-only").status is Status.FAIL
    assert judged(deployment, object="Deployment default/immutable", rest="read-only").status is Status.FAIL
    nothing = judged(deployment, object="sun/immutable", rest="read-only")
    assert nothing.reasons[0].message == "There is no workload immutable in Namespace sun."


def test_a_volume_with_no_guarantee_fails_what_must_be_read_only():
    text = POD.replace("emptyDir: {}", "azureDisk: {readOnly: true}")
    found = evidence(judged(text, rest="read-only"))
    assert f"may be able to write {LOGS}: azureDisk.readOnly is only passed to the storage driver" in found
    with pytest.raises(NotJudged, match="whether /usr/local/apache2/logs can be written"):
        judged(text, writable=[LOGS])


def test_a_user_who_is_not_root_is_sure_of_an_empty_dir_only():
    context = "readOnlyRootFilesystem: true, runAsUser: 1000"
    text = POD.replace("readOnlyRootFilesystem: true", context)
    assert asked(text).status is Status.PASS
    with pytest.raises(NotJudged, match="can be written as user 1000"):
        asked(text.replace("emptyDir: {}", "nfs: {server: store, path: /srv}"))


def test_directories_of_the_node_belong_to_root_except_tmp():
    text = POD.replace("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: true, runAsUser: 1000")
    for path in ("/srv", "/tmp/cache", "/"):
        found = evidence(asked(text.replace("emptyDir: {}", f"hostPath: {{path: {path}}}")))
        assert "as user 1000" in found
        assert f"directory {path} on the node, which belongs to root" in found
    assert asked(text.replace("emptyDir: {}", "hostPath: {path: /tmp/}")).status is Status.PASS
    assert asked(POD.replace("emptyDir: {}", "hostPath: {path: /srv}")).status is Status.PASS


def test_a_certain_failure_is_not_hidden_by_what_is_not_judged():
    text = POD.replace("readOnlyRootFilesystem: true", "runAsUser: 1000").replace("/logs", "/other")
    assert asked(text).status is Status.FAIL


def test_a_container_that_cannot_start():
    text = POD.replace(
        "    - {name: pid", "    - {name: conf, mountPath: /usr/local/apache2}\n    - {name: pid"
    ).replace("  volumes:", "  volumes:\n  - {name: conf, secret: {secretName: x}}")
    assert "cannot start" in evidence(asked(text))


def test_paths_of_the_runtime_and_unknown_volumes_are_not_judged():
    with pytest.raises(NotJudged, match="/dev/shm, which the container runtime mounts"):
        judged(POD, writable=["/dev/shm"])
    with pytest.raises(NotJudged, match="not known here"):
        asked(POD.replace("emptyDir", "futureDisk"))


def test_links_of_directories_lead_to_the_same_place():
    text = POD.replace("/usr/local/apache2/logs/", "/var/run")
    links = {"/var/run": "/run"}
    assert judged(text, writable=["/run"], rest="read-only", aliases=links) == Outcome(Status.PASS)
    assert judged(text, writable=["/var/run"], rest="read-only", aliases=links) == Outcome(Status.PASS)
    assert "cannot write /run" in evidence(judged(text, writable=["/run"]))
    elsewhere = POD.replace("/usr/local/apache2/logs/", "/tmp")
    assert "cannot write /var/run:" in evidence(judged(elsewhere, writable=["/var/run"], aliases=links))


def test_the_path_that_is_shown_lies_where_it_is_said_to():
    text = POD.replace("readOnlyRootFilesystem: true", "").replace("logs/}", "logs/, readOnly: true}")
    assert "can write /: the root filesystem is writable" in evidence(
        judged(text, rest="read-only", **{"read-only": [LOGS]})
    )


def test_a_claim_is_named_once():
    text = POD.replace("emptyDir: {}", "persistentVolumeClaim: {claimName: data}")
    assert "volume pid (PersistentVolumeClaim data) at " in evidence(judged(text, rest="read-only"))


def test_a_type_that_is_no_volume_is_the_cards_mistake():
    with pytest.raises(UsageError, match="unknown type of volume 'emptydir'"):
        asked(POD, by=["emptydir"])


def test_a_volume_over_the_root_hides_the_programs():
    outcome = asked(POD.replace("mountPath: /usr/local/apache2/logs/", "mountPath: /"))
    assert "cannot start: the volume at / hides the image's programs (line 8)." in evidence(outcome)


def test_two_paths_on_one_directory():
    first, second = "{name: pid, mountPath: /a%s}", "{name: pid, mountPath: /b/%s}"

    def with_mounts(one: str, other: str) -> Outcome:
        text = POD.replace(
            "- {name: pid, mountPath: /usr/local/apache2/logs/}", f"- {first % one}\n    - {second % other}"
        )
        return judged(text, writable=["/a", "/b"], separate=True)

    assert evidence(with_mounts("", "")) == (
        "container httpd of Pod default/immutable has the same directory at /a and /b: "
        "what it writes to one is in the other (line 9)."
    )
    assert with_mounts("", ", subPath: b").status is Status.PASS
    assert with_mounts(", subPath: a", ", subPath: b").status is Status.PASS
    assert with_mounts(", subPath: b", ", subPath: b").status is Status.FAIL
    assert judged(POD, writable=[LOGS, f"{LOGS}/x"], separate=True).status is Status.PASS


def test_the_picture_is_a_tree_of_the_file_system() -> None:
    documents = parse(POD.encode(), "pod.yaml").documents
    manifests = tuple(Manifest(one.value, one) for one in documents)
    old = parse(
        POD.replace("readOnlyRootFilesystem: true", "privileged: true").encode(), "given.yaml"
    ).documents
    world = World(manifests, tuple(Manifest(one.value, one) for one in old))
    asked = {"object": "default/immutable", "writable": ["/etc"], "rest": "read-only"}
    picture = writable_paths.picture(world, msgspec.convert(asked, Params))
    assert (picture.kind, picture.rows[1].cells[0].before) == ("tree", "writable")
    assert lines_of(picture) == [
        "container httpd of Pod default/immutable",
        "  / | r:read-only",
        "    /etc | w:read-only",
        f"    {LOGS} | w:writable (emptyDir)",
    ]


def test_the_picture_calls_nothing_right_that_is_not_judged() -> None:
    text = POD.replace(
        "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: true, runAsUser: 1000"
    ).replace("emptyDir: {}", "nfs: {server: store, path: /x}")
    documents = parse(text.encode(), "pod.yaml").documents
    world = World(tuple(Manifest(one.value, one) for one in documents))
    asked = {"object": "default/immutable", "writable": [LOGS, "/etc"]}
    picture = writable_paths.picture(world, msgspec.convert(asked, Params))
    assert [line.partition(" | ")[2] for line in lines_of(picture)] == [
        "",
        "u:read-only",
        "w:read-only",
        "u:writable (nfs)",
    ]
