"""The form of replies, and what a question needs."""

from __future__ import annotations

import pytest

from trainer.ask import Absent, Reply, only
from trainer.errors import UsageError
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.verdict import Location, Reason


def manifest(kind: str) -> Manifest:
    (document,) = parse(f"kind: {kind}\nmetadata: {{name: p}}\n".encode(), "a.yaml").documents
    return Manifest(document.value, document)


def test_the_one_of_a_kind() -> None:
    pod, policy = manifest("Pod"), manifest("Policy")
    assert only([pod, policy], "Pod", "Deployment") is pod
    with pytest.raises(Absent, match="the files contain no Role or ClusterRole"):
        only([pod, policy], "Role", "ClusterRole")
    with pytest.raises(UsageError, match=r"more than one Pod: a\.yaml:1:1, a\.yaml:1:1"):
        only([pod, pod], "Pod")


def test_json_form() -> None:
    reply = Reply(
        "q",
        "yes",
        (Reason("because", Location("a.yaml", 3, 5, "spec")), Reason("so")),
        data={"allowed": True},
    )
    assert reply.json() == {
        "schema": "cks-trainer.ask/1",
        "question": "q",
        "answer": "yes",
        "reasons": [
            {"message": "because", "file": "a.yaml", "line": 3, "column": 5, "path": "spec"},
            {"message": "so"},
        ],
        "allowed": True,
    }
