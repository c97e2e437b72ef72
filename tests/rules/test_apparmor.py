"""Rule `apparmor`."""

from __future__ import annotations

import msgspec

from tests.pictures import judging
from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.rules import apparmor
from trainer.rules.apparmor import Params
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status

judge = judging(apparmor)

POD = """\
kind: Pod
metadata: {name: web, namespace: sun}
spec:
  containers:
  - name: web
    securityContext: {appArmorProfile: {type: Localhost, localhostProfile: %s}}
"""
NODE = {"/sys/kernel/security/apparmor/profiles": "deny (enforce)\nhard (enforce)\nsoft (complain)\n"}


def outcome(written: str = "deny", **params: object) -> Outcome:
    document = parse((POD % written).encode(), "pod.yaml").documents[0]
    world = World((Manifest(document.value, document),), node_files=NODE)
    return judge(world, msgspec.convert({"object": "sun/web", "profile": "localhost/deny"} | params, Params))


def test_pass() -> None:
    assert outcome().status is Status.PASS


@each_row(
    ("written", "params", "message"),
    [
        ("other", {}, "has no profile named other loaded"),
        ("hard", {}, "Container web runs under the profile hard; the task requires another profile."),
        ("other", {"profile": ""}, "has no profile named other loaded"),
        ("soft", {"profile": "localhost/soft"}, "does not enforce anything"),
        (
            "deny",
            {"containers": {"web": "runtime/default"}},
            "runs under the profile deny; the task requires another profile",
        ),
        ("deny", {"containers": {"side": "runtime/default"}}, "has no container side"),
    ],
)
def test_fail(written: str, params: dict[str, object], message: str) -> None:
    judged = outcome(written, **params)
    assert judged.status is Status.FAIL
    assert message in judged.reasons[0].message


def test_evidence_shows_what_the_kernel_says() -> None:
    assert outcome("hard").evidence == ("In container web of Pod sun/web, /proc/1/attr/current shows hard.",)
    assert outcome("other").evidence == ("Container web of Pod sun/web does not start.",)


def test_the_wanted_name_is_not_given_away() -> None:
    text = POD.replace(
        "    securityContext: {appArmorProfile: {type: Localhost, localhostProfile: %s}}\n", ""
    )
    document = parse(text.encode(), "pod.yaml").documents[0]
    world = World((Manifest(document.value, document),), node_files=NODE)
    judged = judge(world, msgspec.convert({"object": "sun/web", "profile": "localhost/deny"}, Params))
    assert judged.reasons[0].message == (
        "Container web runs under the runtime's default profile; the task requires another profile."
    )


ANNOTATION = "container.apparmor.security.beta.kubernetes.io/web: localhost/deny"


@each_row(
    ("annotations", "key"),
    [
        (f"{{{ANNOTATION}}}", ANNOTATION.partition(":")[0]),
        ("{kubernetes.io/change-cause: new, note: x}", ""),
        ("{}", ""),
    ],
)
def test_no_annotation_sets_a_profile(annotations: str, key: str) -> None:
    pod = (POD % "deny").replace("namespace: sun", f"namespace: sun, annotations: {annotations}")
    deployment = (
        "kind: Deployment\nmetadata: {name: web, namespace: sun, annotations: %s}\nspec:\n  template: {}\n"
    )
    for text in (pod, deployment % annotations):
        document = parse(text.encode(), "web.yaml").documents[0]
        world = World((Manifest(document.value, document),), node_files=NODE)
        kind = document.value["kind"]
        judged = judge(world, msgspec.convert({"object": f"{kind} sun/web", "annotations": "none"}, Params))
        assert judged.status is (Status.FAIL if key else Status.PASS)
        if key:
            assert [reason.message for reason in judged.reasons] == [f"The annotation {key} sets a profile."]
            assert judged.reasons[0].location == document.where(("metadata", "annotations", key))
            assert judged.evidence == (f"{kind} sun/web still has the deprecated annotation {key}.",)


def test_annotations_are_allowed_unless_told() -> None:
    pod = (POD % "deny").replace("namespace: sun", f"namespace: sun, annotations: {{{ANNOTATION}}}")
    document = parse(pod.encode(), "web.yaml").documents[0]
    world = World((Manifest(document.value, document),), node_files=NODE)
    wanted = {"object": "Pod sun/web", "profile": "localhost/deny"}
    assert judge(world, msgspec.convert(wanted, Params)).status is Status.PASS
