"""AppArmor profiles in effect."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.containers.apparmor import loaded_profiles, profiles_of
from trainer.simulate.workloads import pod_template

POD = """\
kind: Pod
metadata: {name: p, annotations: %s}
spec:
  securityContext: %s
  containers:
  - {name: a, securityContext: %s}
  initContainers:
  - {name: b}
"""
LOCAL = "{appArmorProfile: {type: Localhost, localhostProfile: deny}}"
DEFAULT = "{appArmorProfile: {type: RuntimeDefault}}"
LEGACY = "{container.apparmor.security.beta.kubernetes.io/a: localhost/old}"


@each_row(
    ("annotations", "pod", "container", "expected"),
    [
        ("{}", "{}", "{}", {"a": "runtime/default", "b": "runtime/default"}),
        ("{}", LOCAL, "{}", {"a": "localhost/deny", "b": "localhost/deny"}),
        ("{}", LOCAL, DEFAULT, {"a": "runtime/default", "b": "localhost/deny"}),
        (LEGACY, "{}", "{}", {"a": "localhost/old", "b": "runtime/default"}),
        (LEGACY, DEFAULT, "{}", {"a": "localhost/old", "b": "runtime/default"}),
        ("{}", "{}", "{privileged: true}", {"a": "unconfined", "b": "runtime/default"}),
        ("{}", "{}", "{appArmorProfile: {type: Unconfined}}", {"a": "unconfined", "b": "runtime/default"}),
    ],
)
def test_effective_profile(annotations: str, pod: str, container: str, expected: dict[str, str]) -> None:
    document = parse((POD % (annotations, pod, container)).encode(), "pod.yaml").documents[0]
    template = pod_template(Manifest(document.value, document))
    assert template is not None
    found = profiles_of(template)
    assert {profile.container: profile.profile for profile in found} == expected
    assert [profile.legacy for profile in found if profile.container == "a"] == [annotations == LEGACY]


def test_loaded_profiles() -> None:
    assert loaded_profiles("deny (enforce)\n/usr/bin/man (complain)\n\n") == {
        "deny": "enforce",
        "/usr/bin/man": "complain",
    }
