"""Rule `seccomp`."""

from __future__ import annotations

import json

import msgspec

from tests.pictures import judging, lines_of, wrong_cells
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.rules import seccomp
from trainer.rules.seccomp import Params
from trainer.simulate.world import Refused, World
from trainer.verdict import Location, Outcome, Problem, Status

judge = judging(seccomp)

POD = """\
kind: Pod
metadata: {name: web, namespace: sun}
spec:
  containers:
  - name: web
    securityContext: {seccompProfile: {type: Localhost, localhostProfile: %s}}
"""
DENY = {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_ERRNO"}]}


def outcome(path: str = "deny.json", profile: object = DENY, **params: object) -> Outcome:
    manifest = parse((POD % path).encode(), "pod.yaml").documents[0]
    document = parse(json.dumps(profile, indent=1).encode(), "deny.json").documents
    world = World((Manifest(manifest.value, manifest),), documents={"deny.json": document})
    return judge(world, msgspec.convert({"object": "sun/web"} | params, Params))


def test_pass() -> None:
    assert outcome(syscalls={"mkdir": "denied", "read": "allowed"}).status is Status.PASS


def test_log_is_no_block() -> None:
    logged = {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_LOG"}]}
    judged = outcome(profile=logged, syscalls={"mkdir": "denied"})
    assert judged.reasons[0].message == (
        "For mkdir, the profile of container web says SCMP_ACT_LOG: that lets it through and only records it."
    )
    assert judged.evidence == ("The call mkdir in container web of Pod sun/web succeeds (SCMP_ACT_LOG).",)


def test_a_path_that_does_not_exist() -> None:
    judged = outcome("/var/lib/kubelet/seccomp/deny.json", syscalls={"mkdir": "denied"})
    assert judged.status is Status.FAIL
    assert "localhostProfile is relative" in judged.reasons[0].message
    assert judged.evidence == ("Container web of Pod sun/web does not start.",)


def test_files_may_lie_elsewhere() -> None:
    files = {"deny.json": "/var/lib/kubelet/seccomp/profiles/deny.json"}
    assert outcome("profiles/deny.json", syscalls={"mkdir": "denied"}, files=files).status is Status.PASS
    assert outcome("deny.json", syscalls={"mkdir": "denied"}, files=files).status is Status.FAIL


def test_a_profile_that_the_runtime_refuses() -> None:
    judged = outcome(profile={"defaultAction": "DENY"}, syscalls={"mkdir": "denied"})
    assert "not a seccomp action" in judged.reasons[0].message


def test_the_type_in_effect() -> None:
    manifest = parse(
        b"kind: Pod\nmetadata: {name: web, namespace: sun}\nspec: {containers: [{name: a}]}\n", "p.yaml"
    )
    world = World((Manifest(manifest.documents[0].value, manifest.documents[0]),))
    params = msgspec.convert({"object": "sun/web", "profile": "RuntimeDefault"}, Params)
    judged = judge(world, params)
    assert judged.reasons[0].message == "Container a runs unconfined, not with RuntimeDefault."
    assert judged.evidence == ("Processes in container a of Pod sun/web can make any system call.",)


def test_the_same_is_said_once() -> None:
    pod = b"""kind: Pod
metadata: {name: web, namespace: sun}
spec:
  securityContext: {seccompProfile: {type: Localhost, localhostProfile: gone.json}}
  containers: [{name: a}, {name: b}]
"""
    manifest = parse(pod, "p.yaml").documents[0]
    world = World((Manifest(manifest.value, manifest),))
    judged = judge(world, msgspec.convert({"object": "sun/web"}, Params))
    assert len(judged.reasons) == 1
    assert len(judged.evidence) == 2


def test_a_profile_that_is_no_json() -> None:
    manifest = parse((POD % "deny.json").encode(), "pod.yaml").documents[0]
    refused = Refused(None, (Problem("a bracket is missing", location=Location("deny.json", 3, 1)),))
    pod = Manifest(manifest.value, manifest)
    params = msgspec.convert({"object": "sun/web"}, Params)
    judged = judge(World((pod,), texts={"deny.json": "{"}, refused=(refused,)), params)
    assert judged.reasons[0].message == "cannot read deny.json: a bracket is missing"
    assert judge(World((pod,), documents={"deny.json": ()}), params).reasons[0].message == (
        "deny.json contains no profile."
    )


def test_calls_of_one_entry_are_told_together() -> None:
    calls = ["mkdir", "mkdirat"]
    logged = {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": calls, "action": "SCMP_ACT_LOG"}]}
    judged = outcome(profile=logged, syscalls=dict.fromkeys(calls, "denied"))
    assert [reason.message for reason in judged.reasons] == [
        "For mkdir, mkdirat, the profile of container web says SCMP_ACT_LOG: "
        "that lets them through and only records them."
    ]


def test_a_profile_that_is_yaml_and_no_json() -> None:
    text = "{defaultAction: SCMP_ACT_ALLOW, syscalls: [{names: [mkdir], action: SCMP_ACT_ERRNO}]}"
    manifest = parse((POD % "./deny.json").encode(), "pod.yaml").documents[0]
    documents = {"deny.json": parse(text.encode(), "deny.json").documents}
    world = World((Manifest(manifest.value, manifest),), documents=documents)
    params = msgspec.convert({"object": "sun/web", "syscalls": {"mkdir": "denied"}}, Params)
    assert judge(world, params).status is Status.PASS
    judged = judge(msgspec.structs.replace(world, texts={"deny.json": text}), params)
    assert judged.reasons[0].message.startswith("The runtime refuses the profile: the file is not valid JSON")
    assert judged.reasons[0].location == Location("deny.json", 1, 2)
    assert judged.evidence == ("Container web of Pod sun/web does not start.",)
    refused = Refused(None, (Problem("not valid YAML: a", location=Location("deny.json", 2, 1)),))
    world = World(world.objects, texts={"deny.json": '// a comment\n{"a": 1}'}, refused=(refused,))
    judged = judge(world, params)
    assert judged.reasons[0].message.startswith("The runtime refuses the profile: the file is not valid JSON")
    assert judged.reasons[0].location == Location("deny.json", 1, 1)


BLOCK = {"rest": "allowed", "free": ["mkdir"]}


def block(*names: str, **more: object) -> dict[str, object]:
    entry = {"names": list(names), "action": "SCMP_ACT_ERRNO"} | more
    return {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [entry]}


def test_all_other_calls_are_those_that_the_profile_names() -> None:
    assert outcome(profile=block("mkdir", "mkdri"), **BLOCK).status is Status.PASS
    more = outcome(profile=block("mkdir", "io_uring_setup"), **BLOCK)
    assert more.evidence == (
        "The call io_uring_setup in container web of Pod sun/web is refused (SCMP_ACT_ERRNO).",
    )


def test_all_other_calls_include_those_that_nobody_names() -> None:
    names = ["execve", "openat", "read"]
    deny = {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": names, "action": "SCMP_ACT_ALLOW"}]}
    assert outcome(profile=deny, rest="denied", free=names).status is Status.PASS
    assert outcome(profile=deny, rest="allowed").evidence == (
        "The call write in container web of Pod sun/web is refused (SCMP_ACT_ERRNO).",
    )
    assert outcome(profile=deny, rest="denied", syscalls={"read": "allowed"}).evidence == (
        "The call execve in container web of Pod sun/web succeeds (SCMP_ACT_ALLOW).",
        "The call openat in container web of Pod sun/web succeeds (SCMP_ACT_ALLOW).",
    )


def test_a_call_that_is_blocked_for_some_arguments_is_neither_blocked_nor_allowed() -> None:
    some = block("mkdir", args=[{"index": 1, "value": 511, "op": "SCMP_CMP_EQ"}])
    judged = outcome(profile=some, syscalls={"mkdir": "denied"})
    assert judged.reasons[0].message == (
        "For mkdir, the profile of container web says SCMP_ACT_ERRNO: that stops it only if `args` fit."
    )
    assert judged.evidence == (
        "The call mkdir in container web of Pod sun/web is refused for some arguments only (SCMP_ACT_ERRNO).",
    )
    assert outcome(profile=some, rest="allowed").status is Status.FAIL


def test_what_the_runtime_ignores_is_told() -> None:
    named = {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"name": "mkdir", "action": "SCMP_ACT_ERRNO"}]}
    judged = outcome(profile=named, syscalls={"mkdir": "denied"})
    assert [reason.message for reason in judged.reasons] == [
        "containerd reads `names`, a list, and ignores `name`, which CRI-O reads: this entry is about no call.",
        "For mkdir, the profile of container web says SCMP_ACT_ALLOW: that lets it through.",
    ]
    assert outcome(profile=named, syscalls={"read": "allowed"}).status is Status.PASS


def test_an_empty_profile() -> None:
    judged = outcome(profile={}, syscalls={"mkdir": "denied"})
    assert "nothing is filtered" in judged.reasons[0].message


def test_the_picture_has_calls_by_container() -> None:
    manifest = parse((POD % "deny.json").encode(), "pod.yaml").documents[0]
    document = parse(json.dumps(DENY, indent=1).encode(), "deny.json").documents
    old = parse((POD % "deny.json").split("    securityContext")[0].encode(), "given.yaml").documents[0]
    world = World(
        (Manifest(manifest.value, manifest),),
        (Manifest(old.value, old),),
        documents={"deny.json": document},
    )
    asked = {"object": "sun/web", "syscalls": {"mkdir": "allowed", "read": "allowed"}, "rest": "allowed"}
    picture = seccomp.picture(world, msgspec.convert(asked, Params))
    assert picture.columns == ("web",)
    assert lines_of(picture) == [
        "profile | u:Localhost",
        "mkdir | w:refused (SCMP_ACT_ERRNO)",
        "read | r:allowed (SCMP_ACT_ALLOW)",
        "execve | r:allowed (SCMP_ACT_ALLOW)",
    ]
    assert picture.rows[0].cells[0].before == "Unconfined"
    assert [cell.location and cell.location.file for cell in wrong_cells(picture)] == ["deny.json"]
