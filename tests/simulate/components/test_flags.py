"""The data of flags."""

from __future__ import annotations

from tests.table import each_row
from trainer.simulate.components.flags import (
    COMPONENTS,
    READ_FILES,
    VERIFIED,
    WRITTEN_FILES,
    flags_of,
    history,
    is_doubtful,
)
from trainer.versions import DEFAULT, SUPPORTED, Version

TYPES = {
    "bool",
    "string",
    "int",
    "float",
    "duration",
    "ip",
    "ports",
    "list",
    "ids",
    "array",
    "map",
    "version",
}


@each_row("kubernetes", SUPPORTED)
@each_row("component", COMPONENTS)
def test_the_tables_fit_together(component: str, kubernetes: Version) -> None:
    flags = flags_of(component, kubernetes)
    assert READ_FILES[component] | WRITTEN_FILES[component] <= set(flags)
    assert {flag.type for flag in flags.values()} <= TYPES


def test_facts() -> None:
    flags = flags_of("kube-apiserver", DEFAULT)
    assert flags["anonymous-auth"].default == "true"
    assert flags["profiling"].default == "true"
    assert flags["authorization-mode"].type == "list"
    assert flags["service-account-key-file"].adds_up
    assert flags["kubelet-port"].default == "10250"
    assert {"insecure-port", "cloud-provider", "experimental-encryption-provider-config"}.isdisjoint(flags)
    assert flags_of("kube-controller-manager", DEFAULT)["secure-port"].default == "10257"
    assert flags_of("kube-scheduler", DEFAULT)["secure-port"].default == "10259"
    assert flags_of("etcd", DEFAULT)["client-cert-auth"].default == "false"
    assert is_doubtful("etcd", "experimental-anything", DEFAULT)
    assert is_doubtful("etcd", "proxy", DEFAULT)
    assert not is_doubtful("etcd", "proxy-failure-wait", DEFAULT)


@each_row("component", ["kube-apiserver", "kube-controller-manager", "kube-scheduler"])
def test_curves_can_be_chosen_from_1_36_on(component: str) -> None:
    assert "tls-curve-preferences" not in flags_of(component, Version(1, 35))
    assert flags_of(component, Version(1, 36))["tls-curve-preferences"].adds_up
    assert history(component, "tls-curve-preferences", Version(1, 35)) == f"it came with {Version(1, 36)}"
    assert history(component, "tls-curves", Version(1, 35)) == ""


@each_row(
    ("flag", "before", "after"), [("maxage", "0", "366"), ("maxbackup", "0", "100"), ("maxsize", "0", "100")]
)
def test_the_audit_log_has_limits_from_1_36_on(flag: str, before: str, after: str) -> None:
    flags = [flags_of("kube-apiserver", Version(1, minor)) for minor in (35, 36)]
    assert [one[f"audit-log-{flag}"].default for one in flags] == [before, after]


def test_flags_of_the_controller_manager_by_version() -> None:
    found = [
        {name for name in flags_of("kube-controller-manager", version) if name.startswith("concurrent-")}
        for version in (Version(1, 35), Version(1, 36), Version(1, 37))
    ]
    assert found[1] - found[0] == {"concurrent-resourceclaim-syncs"}
    assert found[2] - found[1] == {"concurrent-disruption-syncs"}


def test_unknown_flags_are_refused_where_the_sources_were_read() -> None:
    assert not is_doubtful("kube-apiserver", "anything", VERIFIED)
    assert is_doubtful("kube-apiserver", "anything", Version(1, VERIFIED.minor + 1))
