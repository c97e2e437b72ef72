"""Pod Security Standards: every control, every version boundary, and where the offending value stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.errors import UsageError
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.podsecurity.levels import CONTROLS, LATEST, LEVELS, evaluate, parse_version
from trainer.simulate.workloads import PodTemplate, pod_template
from trainer.versions import DEFAULT, Version

RESTRICTED = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
  containers:
  - name: web
    image: nginx
    securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
"""


def template(text: str) -> PodTemplate:
    document = parse(text.encode(), "pod.yaml").documents[0]
    found = pod_template(Manifest(document.value, document))
    assert found is not None
    return found


def pod(spec: str = "", container: str = "", metadata: str = "") -> PodTemplate:
    """A pod that meets `restricted`, plus these lines of flow YAML."""
    text = RESTRICTED.replace("{name: web}", f"{{name: web{', ' + metadata if metadata else ''}}}")
    text = text.replace("image: nginx", f"image: nginx\n{container}" if container else "image: nginx")
    return template(text + spec)


def violated(pod: PodTemplate, level: str, version: Version = DEFAULT) -> list[str]:
    return [violation.control for violation in evaluate(pod, level, f"v{version}")]


def test_the_plain_restricted_pod_meets_every_level_and_version() -> None:
    for level in LEVELS:
        for minor in range(25, 40):
            assert evaluate(pod(), level, f"v1.{minor}") == []


BASELINE = [
    ("hostNamespaces", "  hostNetwork: true\n", "", 10),
    ("hostNamespaces", "  hostPID: true\n", "", 10),
    ("hostNamespaces", "  hostIPC: true\n", "", 10),
    ("hostPorts", "", "    ports: [{containerPort: 80, hostPort: 80}]", 9),
    ("hostPathVolumes", "  volumes: [{name: v, hostPath: {path: /}}]\n", "", 10),
]


@each_row(("control", "spec", "container", "line"), BASELINE)
def test_baseline(control: str, spec: str, container: str, line: int) -> None:
    [violation] = evaluate(pod(spec, container), "baseline")
    assert violation.control == control
    assert violation.locations[0].line == line
    assert evaluate(pod(spec, container), "privileged") == []


def security(setting: str, where: str = "containers") -> PodTemplate:
    """The restricted pod with one more setting in the security context of a container or the pod."""
    old = "{allowPrivilegeEscalation: false," if where == "containers" else "{runAsNonRoot: true,"
    return template(RESTRICTED.replace(old, f"{old} {setting},"))


@each_row(
    ("setting", "where", "control"),
    [
        ("privileged: true", "containers", "privileged"),
        ("procMount: Unmasked", "containers", "procMount"),
        ("windowsOptions: {hostProcess: true}", "pod", "windowsHostProcess"),
        ("windowsOptions: {hostProcess: true}", "containers", "windowsHostProcess"),
        ("appArmorProfile: {type: Unconfined}", "pod", "appArmorProfile"),
        ("appArmorProfile: {type: Unconfined}", "containers", "appArmorProfile"),
        ("seccompProfile: {type: Unconfined}", "containers", "seccompProfile_baseline"),
        ("seLinuxOptions: {type: spc_t}", "pod", "seLinuxOptions"),
        ("seLinuxOptions: {user: u}", "containers", "seLinuxOptions"),
        ("seLinuxOptions: {role: r}", "containers", "seLinuxOptions"),
        ("sysctls: [{name: kernel.msgmax, value: '1'}]", "pod", "sysctls"),
    ],
)
def test_baseline_security_contexts(setting: str, where: str, control: str) -> None:
    assert violated(security(setting, where), "baseline") == [control]


@each_row(
    ("add", "baseline", "restricted"),
    [
        ("NET_BIND_SERVICE", [], []),
        ("CHOWN", [], ["capabilities_restricted"]),
        ("SYS_ADMIN", ["capabilities_baseline"], ["capabilities_restricted"]),
        ("CAP_CHOWN", ["capabilities_baseline"], ["capabilities_restricted"]),
    ],
)
def test_capabilities(add: str, baseline: list[str], restricted: list[str]) -> None:
    changed = template(RESTRICTED.replace("drop: [ALL]", f"drop: [ALL], add: [{add}]"))
    assert violated(changed, "baseline") == baseline
    assert violated(changed, "restricted") == restricted


@each_row(
    ("old", "new", "control"),
    [
        ("drop: [ALL]", "drop: [all]", "capabilities_restricted"),
        ("drop: [ALL]", "drop: [NET_RAW]", "capabilities_restricted"),
        ("allowPrivilegeEscalation: false, ", "", "allowPrivilegeEscalation"),
        ("allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true", "allowPrivilegeEscalation"),
        ("runAsNonRoot: true, ", "", "runAsNonRoot"),
        ("runAsNonRoot: true", "runAsNonRoot: false", "runAsNonRoot"),
        ("runAsNonRoot: true", "runAsNonRoot: true, runAsUser: 0", "runAsUser"),
        (", seccompProfile: {type: RuntimeDefault}", "", "seccompProfile_restricted"),
        ("type: RuntimeDefault", "type: Unconfined", "seccompProfile_restricted"),
    ],
)
def test_restricted(old: str, new: str, control: str) -> None:
    assert old in RESTRICTED
    assert violated(template(RESTRICTED.replace(old, new)), "restricted") == [control]


@each_row("source", ["nfs: {server: s, path: /}", "image: {reference: r}", "gitRepo: {repository: r}"])
def test_restricted_volume_types(source: str) -> None:
    assert violated(pod(f"  volumes: [{{name: v, {source}}}]\n"), "restricted") == ["restrictedVolumes"]


@each_row(
    "volume",
    [
        "{name: v}",
        "{name: v, secret: {secretName: s}}",
        "{name: v, csi: {driver: d}}",
        "{name: v, emptyDir: {}}",
    ],
)
def test_managed_volumes_are_fine(volume: str) -> None:
    assert violated(pod(f"  volumes: [{volume}]\n"), "restricted") == []


@each_row("kind", ["initContainers", "ephemeralContainers"])
def test_all_kinds_of_containers_count(kind: str) -> None:
    changed = pod(f"  {kind}: [{{name: extra, image: busybox, securityContext: {{privileged: true}}}}]\n")
    assert violated(changed, "baseline") == ["privileged"]
    assert violated(changed, "restricted") == [
        "privileged",
        "allowPrivilegeEscalation",
        "capabilities_restricted",
    ]


def test_containers_inherit_from_the_pod_but_not_the_reverse() -> None:
    own = "runAsNonRoot: true, seccompProfile: {type: Localhost, localhostProfile: p}"
    text = RESTRICTED.replace(
        "  securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}\n", ""
    )
    assert violated(template(text), "restricted") == ["runAsNonRoot", "seccompProfile_restricted"]
    text = text.replace("{allowPrivilegeEscalation", f"{{{own}, allowPrivilegeEscalation")
    assert violated(template(text), "restricted") == []


def test_app_armor_annotation() -> None:
    key = "container.apparmor.security.beta.kubernetes.io/web"
    for value, expected in (
        ("unconfined", ["appArmorProfile"]),
        ("localhost/web", []),
        ("runtime/default", []),
    ):
        assert violated(pod(metadata=f"annotations: {{{key}: {value}}}"), "baseline") == expected


BOUNDARIES = [
    ("probe host", "", "    livenessProbe: {httpGet: {port: 80, host: 10.0.0.1}}", "baseline", 34, False),
    ("tcp probe host", "", "    readinessProbe: {tcpSocket: {port: 80, host: h}}", "baseline", 34, False),
    ("hook host", "", "    lifecycle: {preStop: {httpGet: {port: 80, host: h}}}", "baseline", 34, False),
    ("reserved ports", "net.ipv4.ip_local_reserved_ports", "sysctl", "baseline", 27, True),
    ("keepalive", "net.ipv4.tcp_keepalive_time", "sysctl", "baseline", 29, True),
    ("fin timeout", "net.ipv4.tcp_fin_timeout", "sysctl", "baseline", 29, True),
    ("tcp_rmem", "net.ipv4.tcp_rmem", "sysctl", "baseline", 32, True),
    ("slow start", "net.ipv4.tcp_slow_start_after_idle", "sysctl", "baseline", 37, True),
    ("notsent", "net.ipv4.tcp_notsent_lowat", "sysctl", "baseline", 37, True),
    ("container_engine_t", "seLinuxOptions: {type: container_engine_t}", "security", "baseline", 31, True),
]


@each_row(("name", "what", "how", "level", "minor", "allowed"), BOUNDARIES)
def test_version_boundaries(name: str, what: str, how: str, level: str, minor: int, allowed: bool) -> None:
    if how == "sysctl":
        changed = security(f"sysctls: [{{name: {what}, value: '1'}}]", "pod")
    elif how == "security":
        changed = security(what)
    else:
        changed = pod(what, how)
    assert (violated(changed, level, Version(1, minor)) == []) is allowed
    assert (violated(changed, level, Version(1, minor - 1)) == []) is not allowed


@each_row(
    ("old", "new"),
    [("runAsNonRoot: true, ", ""), ("runAsNonRoot: true", "runAsNonRoot: true, runAsUser: 0")],
)
def test_user_namespaces_relax_from_1_35_on(old: str, new: str) -> None:
    changed = template(RESTRICTED.replace(old, new) + "  hostUsers: false\n")
    assert violated(changed, "restricted", Version(1, 34)) != []
    assert violated(changed, "restricted", Version(1, 35)) == []


def test_proc_mount_in_a_user_namespace() -> None:
    text = RESTRICTED.replace("{allowPrivilegeEscalation", "{procMount: Unmasked, allowPrivilegeEscalation")
    changed = template(text + "  hostUsers: false\n")
    assert violated(changed, "baseline", Version(1, 34)) == ["procMount"]
    assert violated(changed, "baseline", Version(1, 35)) == []
    assert violated(changed, "restricted", Version(1, 35)) == ["procMount_restricted"]


def test_windows_pods_are_spared_what_windows_lacks() -> None:
    bare = "apiVersion: v1\nkind: Pod\nmetadata: {name: w}\nspec:\n  os: {name: windows}\n"
    bare += "  securityContext: {runAsNonRoot: true}\n  containers: [{name: w, image: i}]\n"
    assert violated(template(bare), "restricted", Version(1, 25)) == []
    assert violated(template(bare), "restricted", Version(1, 24)) == [
        "allowPrivilegeEscalation",
        "seccompProfile_restricted",
        "capabilities_restricted",
    ]


def test_workloads_are_judged_by_their_template() -> None:
    text = (
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c}\nspec:\n  jobTemplate:\n    spec:\n"
        "      template:\n        spec:\n          hostPID: true\n          containers: []\n"
    )
    [violation] = evaluate(template(text), "baseline")
    assert str(violation.locations[0]) == "pod.yaml:9:11"
    assert violation.locations[0].path == "spec.jobTemplate.spec.template.spec.hostPID"


def test_versions() -> None:
    assert parse_version("latest") == LATEST
    assert parse_version("1.9") == parse_version("v1.9") == Version(1, 9)
    assert violated(pod("  hostPID: true\n"), "baseline", Version(1, 99)) == ["hostNamespaces"]
    for text in ("v2.1", "1.x", "", "v1.035"):
        with pytest.raises(UsageError, match="is not a version"):
            parse_version(text)
    with pytest.raises(UsageError, match="not a Pod Security level"):
        evaluate(pod(), "strict")


def test_controls_are_unique_and_their_versions_grow() -> None:
    assert len({control.id for control in CONTROLS}) == len(CONTROLS)
    for control in CONTROLS:
        since = [version for version, _ in control.versions]
        assert since == sorted(set(since))


ODD_KEYS = """securityContext capabilities add drop volumes hostPath ports name containers initContainers
seccompProfile type sysctls livenessProbe httpGet""".split()

odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(ODD_KEYS), inner, max_size=4),
    max_leaves=12,
)


@given(odd)
def test_odd_data_never_crashes(spec: object) -> None:
    document = parse(RESTRICTED.encode(), "pod.yaml").documents[0]
    manifest = Manifest({"kind": "Pod", "metadata": spec, "spec": spec}, document)
    found = pod_template(manifest)
    assert found is not None
    for level in LEVELS[1:]:
        assert all(violation.findings for violation in evaluate(found, level))
