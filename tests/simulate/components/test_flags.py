"""The data of flags."""

from __future__ import annotations

import pytest

from trainer.simulate.components.flags import (
    COMPONENTS,
    DEFAULT_PLUGINS,
    PLUGINS,
    READ_FILES,
    WRITTEN_FILES,
    flags_of,
    is_doubtful,
)

TYPES = {"bool", "string", "int", "float", "duration", "ip", "ports", "list", "array", "map", "version"}


@pytest.mark.parametrize("component", COMPONENTS)
def test_the_tables_fit_together(component: str) -> None:
    flags = flags_of(component)
    assert READ_FILES[component] | WRITTEN_FILES[component] <= set(flags)
    assert {flag.type for flag in flags.values()} <= TYPES
    assert not any(is_doubtful(component, name) and component == "kube-apiserver" for name in flags)


def test_facts() -> None:
    flags = flags_of("kube-apiserver")
    assert flags["anonymous-auth"].default == "true"
    assert flags["profiling"].default == "true"
    assert flags["authorization-mode"].type == "list"
    assert flags["service-account-key-file"].adds_up
    assert "insecure-port" not in flags
    assert flags_of("kube-controller-manager")["secure-port"].default == "10257"
    assert flags_of("kube-scheduler")["secure-port"].default == "10259"
    assert flags_of("etcd")["client-cert-auth"].default == "false"
    assert len(DEFAULT_PLUGINS) == 23
    assert "NodeRestriction" in PLUGINS - DEFAULT_PLUGINS
    assert is_doubtful("etcd", "experimental-anything")
    assert is_doubtful("etcd", "proxy")
    assert not is_doubtful("etcd", "proxy-failure-wait")
