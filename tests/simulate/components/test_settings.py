"""Effective settings and the line that decides."""

from __future__ import annotations

import pytest

from tests.static_pod_maker import APISERVER, ETCD, SCHEDULER, apiserver, node, pod, with_flags, with_mount
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.components.plugins import default_plugins
from trainer.simulate.components.settings import DERIVED, setting, setting_names
from trainer.simulate.components.static_pods import StaticPod
from trainer.versions import DEFAULT, Version


def value(found: StaticPod, name: str) -> object:
    return setting(found, name, node()).value


def test_flags() -> None:
    found = setting(apiserver("--profiling=false", "--profiling=true"), "profiling", node())
    assert (found.value, found.because) == (
        True,
        "--profiling=false and --profiling=true (the last one counts)",
    )
    assert found.location is not None
    assert found.location.line == 43
    default = setting(apiserver(), "profiling", node())
    assert (default.value, default.because, default.location) == (
        True,
        "--profiling is true by default",
        None,
    )
    assert setting(apiserver(), "token-auth-file", node()).because == "--token-auth-file is not set"
    with pytest.raises(KeyError):
        setting(apiserver(), "no-such", node())


def test_admission_plugins() -> None:
    assert value(apiserver(), "admission-plugins") == tuple(
        sorted({*default_plugins(DEFAULT), "NodeRestriction"})
    )
    found = value(apiserver("--disable-admission-plugins=PodSecurity"), "admission-plugins")
    assert isinstance(found, tuple)
    assert "PodSecurity" not in found
    legacy = apiserver("--admission-control=NodeRestriction", without=("--enable-admission",))
    assert value(legacy, "admission-plugins") == ("NodeRestriction",)


def test_access() -> None:
    assert value(apiserver(), "authorization-mode") == ("Node", "RBAC")
    bare = apiserver(without=("--authorization-mode",))
    assert value(bare, "authorization-mode") == ("AlwaysAllow",)
    assert (
        setting(bare, "authorization-mode", node()).because
        == "--authorization-mode is AlwaysAllow by default"
    )
    assert value(apiserver(), "anonymous-auth") is True
    assert value(apiserver(), "anonymous-paths") == ("*",)
    assert value(apiserver("--anonymous-auth=false"), "anonymous-paths") == ()


def test_audit() -> None:
    assert value(apiserver(), "audit-records") is False
    flags = ("--audit-policy-file=/etc/kubernetes/pki/p", "--audit-log-path=/var/log/audit/a.log")
    assert value(apiserver(*flags), "audit-records") is True
    assert value(apiserver(*flags[:1]), "audit-records") is False
    nowhere = setting(apiserver(*flags), "audit-log-path-on-node", node())
    assert (nowhere.value, "only in the container" in nowhere.because) == (None, True)
    mounted = pod(with_mount(with_flags(APISERVER, *flags), "/var/log/audit", "/srv/log", read_only=False))
    elsewhere = setting(mounted, "audit-log-path-on-node", node())
    assert elsewhere.value == "/srv/log/a.log"
    assert elsewhere.because.endswith("/var/log/audit/a.log is /srv/log/a.log on the node")
    assert elsewhere.location == mounted.mount_of("/var/log/audit/a.log").location
    output = setting(apiserver("--audit-log-path=-"), "audit-log-path-on-node", node())
    assert output.because.endswith("is the standard output, not a file")
    assert value(mounted, "audit-policy-file-on-node") == "/etc/kubernetes/pki/p"
    assert value(mounted, "service-account-key-file-on-node") == ("/etc/kubernetes/pki/sa.pub",)
    assert value(mounted, "audit-log-rotates") is True
    file_only = pod(with_mount(with_flags(APISERVER, *flags), "/var/log/audit/a.log", read_only=False))
    assert value(file_only, "audit-log-rotates") is False
    assert value(apiserver(), "audit-log-rotates") is False


def test_tls() -> None:
    assert value(apiserver(), "tls-versions") == ("1.2", "1.3")
    assert value(apiserver("--tls-min-version=VersionTLS10"), "tls-versions") == ("1.0", "1.1", "1.2", "1.3")
    suites = apiserver("--tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")
    assert "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA" not in str(value(suites, "tls-ciphers"))
    newest = pod(with_flags(ETCD, "--tls-max-version=TLS1.2"), "etcd")
    assert value(newest, "tls-versions") == ("1.2",)


def test_etcd() -> None:
    etcd = pod(ETCD, "etcd")
    assert value(etcd, "client-certificates") is True
    assert value(etcd, "peer-certificates") is True
    assert value(etcd, "plain-client-urls") == ()
    assert value(etcd, "data-dir-on-node") == "/var/lib/etcd"
    # The trusted CA alone is enough; a plain URL asks for nothing.
    no_flag = pod(with_flags(ETCD, without=("--client-cert-auth",)), "etcd")
    assert value(no_flag, "client-certificates") is True
    neither = pod(with_flags(ETCD, without=("--client-cert-auth", "--trusted-ca")), "etcd")
    assert value(neither, "client-certificates") is False
    plain = pod(ETCD.replace("https://127.0.0.1:2379,", "http://127.0.0.1:2379,"), "etcd")
    assert value(plain, "client-certificates") is False
    assert value(plain, "plain-client-urls") == ("http://127.0.0.1:2379",)


def test_a_scheduler_with_a_configuration_file() -> None:
    with pytest.raises(NotJudged):
        value(
            pod(with_flags(SCHEDULER, "--config=/etc/kubernetes/scheduler.conf"), "kube-scheduler"),
            "profiling",
        )


@each_row("component", ["kube-apiserver", "etcd", "kube-scheduler"])
def test_every_name_has_a_value(component: str) -> None:
    text = {"kube-apiserver": APISERVER, "etcd": ETCD, "kube-scheduler": SCHEDULER}[component]
    found = pod(text, component)
    for name in setting_names(component):
        assert setting(found, name, node()).name == name
    assert set(DERIVED) - {"anonymous-auth", "authorization-mode"} - setting_names(
        "kube-apiserver"
    ) <= setting_names("etcd")


def of_version(minor: int, *flags: str) -> StaticPod:
    """The API server of a version, which its image names."""
    text = with_flags(APISERVER, *flags)
    assert f":v{Version(1, 35)}." in text
    return pod(text.replace(f":v{Version(1, 35)}.", f":v{Version(1, minor)}."))


def test_settings_are_those_of_the_version_that_the_image_names() -> None:
    assert [value(of_version(minor), "audit-log-maxage") for minor in (35, 36, 37)] == [0, 366, 366]
    plugins = [value(of_version(minor), "admission-plugins") for minor in (35, 36)]
    assert isinstance(plugins[1], tuple)
    assert "PodResizeValidator" in plugins[1]
    assert plugins[0] != plugins[1]


def test_a_flag_that_came_later_is_not_set() -> None:
    found = setting(of_version(35), "tls-curve-preferences", node())
    assert (found.value, found.location) == (None, None)
    why = f"kube-apiserver {Version(1, 35)} has no --tls-curve-preferences: it came with {Version(1, 36)}"
    assert found.because == why
    assert value(of_version(36, "--tls-curve-preferences=29,23"), "tls-curve-preferences") == ("29", "23")
    with pytest.raises(KeyError):
        setting(of_version(36), "no-such", node())


def test_a_size_of_zero_ends_the_rotation_of_the_audit_log_from_1_36_on() -> None:
    flags = ("--audit-log-path=/var/log/audit.log", "--audit-log-maxsize=0")
    assert [value(of_version(minor, *flags), "audit-log-rotates") for minor in (35, 36)] == [True, False]
    assert value(of_version(36, flags[0]), "audit-log-rotates") is True
    assert setting(of_version(36, *flags), "audit-log-rotates", node()).because == "--audit-log-maxsize=0"


def test_plugins_compared_with_the_default() -> None:
    assert value(apiserver(), "extra-admission-plugins") == ("NodeRestriction",)
    assert value(apiserver(), "missing-admission-plugins") == ()
    off = apiserver("--disable-admission-plugins=PodSecurity")
    assert value(off, "missing-admission-plugins") == ("PodSecurity",)
    named = apiserver(
        "--enable-admission-plugins=ServiceAccount,AlwaysPullImages", without=("--enable-admission",)
    )
    assert value(named, "extra-admission-plugins") == ("AlwaysPullImages",)
