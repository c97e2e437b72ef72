"""Exec: what the end of a command means, and what becomes of a connection that ends early."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cluster.clock import stop_the_clock
from tests.cluster.fake_api import Fake
from tests.cluster.helpers import certificate
from tests.patience import HANGS
from trainer.cluster.client import Cluster
from trainer.cluster.faults import Refused, Unreachable
from trainer.cluster.gate import Consent, NotConfirmed
from trainer.cluster.run_command import Ended, run_command

Open = Callable[..., Cluster]
POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "default"},
       "spec": {"containers": [{"name": "c", "image": "busybox", "securityContext": {"readOnlyRootFilesystem": True}}]}}  # fmt: skip


@pytest.fixture
def cluster(fake: Fake, open_cluster: Open) -> Cluster:
    fake.apply([POD])
    return open_cluster(Consent(exec=True))


@pytest.mark.parametrize(
    ("command", "code", "out", "err"),
    [
        (["true"], 0, "", ""),
        (["echo", "a&b", "c d"], 0, "a&b c d\n", ""),
        (["touch", "/probe"], 1, "", "touch: /probe: Read-only file system\n"),
    ],
)
def test_how_commands_end(cluster: Cluster, command: list[str], code: int, out: str, err: str) -> None:
    ended = run_command(cluster, "a", "default", command)
    assert ended == Ended(code, out, err, "")
    assert ended.succeeded == (code == 0)
    assert not ended.not_found


def test_a_program_that_is_not_there(cluster: Cluster) -> None:
    ended = run_command(cluster, "a", "default", ["/bin/bash"])
    assert (ended.code, ended.not_found) == (None, True)
    assert Ended(127, "", "", "").not_found


def test_without_consent_no_exec_leaves(fake: Fake, open_cluster: Open) -> None:
    fake.apply([POD])
    with pytest.raises(NotConfirmed, match="running commands"):
        run_command(open_cluster(Consent(write=True)), "a", "default", ["true"])
    assert fake.execs() == []


def test_a_pod_that_is_not_there(cluster: Cluster) -> None:
    with pytest.raises(Refused, match='pods "b" not found'):
        run_command(cluster, "b", "default", ["true"])


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("exec-closed", "closed before the command ended"),
        ("exec-hang", f"did not answer within {HANGS:g} s"),
        ("hang", f"did not answer within {HANGS:g} s"),
        ("drop", "API server"),
        ("500", "an internal error"),
    ],
)
def test_faults(
    fake: Fake, cluster: Cluster, monkeypatch: pytest.MonkeyPatch, fault: str, words: str
) -> None:
    cluster.kind("v1", "Pod")
    stop_the_clock(monkeypatch, fake)
    fake.break_with(fault, path="/exec")
    with pytest.raises((Unreachable, Refused), match=words):
        run_command(cluster, "a", "default", ["true"])


def test_over_tls(tmp_path, open_cluster: Open) -> None:  # type: ignore[no-untyped-def]
    pair = certificate()
    with Fake(certificate=pair, folder=tmp_path) as fake:
        fake.kubeconfig(tmp_path, authority=pair[0])
        fake.apply([POD])
        ended = run_command(open_cluster(Consent(exec=True)), "a", "default", ["true"])
    assert ended.succeeded
