"""Tests of `simulate.containers.effective`: what holds for a container in the end."""

from __future__ import annotations

from trainer.simulate.containers.effective import argv, effective_security_context, may_mount


def test_a_container_inherits_from_its_pod() -> None:
    pod = {"securityContext": {"runAsUser": 1000, "fsGroup": 5, "seccompProfile": {"type": "RuntimeDefault"}}}
    values, from_pod = effective_security_context(pod, {"securityContext": {"privileged": False}})
    assert values == {"runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}, "privileged": False}
    assert from_pod == {"runAsUser": True, "seccompProfile": True, "privileged": False}


def test_the_containers_own_value_wins() -> None:
    pod = {
        "securityContext": {
            "runAsUser": 1000,
            "seccompProfile": {"type": "Localhost", "localhostProfile": "a"},
        }
    }
    own = {"securityContext": {"runAsUser": 0, "seccompProfile": {"type": "Unconfined"}, "runAsGroup": None}}
    values, from_pod = effective_security_context(pod, own)
    assert values == {"runAsUser": 0, "seccompProfile": {"type": "Unconfined"}}
    assert from_pod == {"runAsUser": False, "seccompProfile": False}


def test_windows_options_are_merged_by_field() -> None:
    pod = {"securityContext": {"windowsOptions": {"hostProcess": True, "runAsUserName": "a"}}}
    values, _ = effective_security_context(
        pod, {"securityContext": {"windowsOptions": {"runAsUserName": "b"}}}
    )
    assert values == {"windowsOptions": {"hostProcess": True, "runAsUserName": "b"}}


def test_odd_data_does_no_harm() -> None:
    assert effective_security_context({"securityContext": None}, {"securityContext": [1]}) == ({}, {})


def test_argv_joins_command_and_args() -> None:
    words, places = argv({"command": ["sh", "-c"], "args": ["sleep 1d"]})
    assert words == ["sh", "-c", "sleep 1d"]
    assert places == [("command", 0), ("command", 1), ("args", 0)]
    assert argv({"command": None, "args": "x"}) == ([], [])


def test_who_may_mount() -> None:
    for values, may in (
        ({}, False),
        ({"privileged": True}, True),
        ({"capabilities": {"add": ["SYS_ADMIN"]}}, True),
        ({"capabilities": {"add": ["CAP_SYS_ADMIN"], "drop": ["ALL"]}}, True),
        ({"capabilities": {"add": ["NET_ADMIN"]}}, False),
    ):
        assert may_mount({}, {"securityContext": values}) is may
