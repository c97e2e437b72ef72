"""Reading manifests for questions, and the form of replies."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.ask import Reply, load, only
from trainer.errors import AnswerUnreadable, UsageError
from trainer.verdict import Location, Reason

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a, image: nginx}]}\n"


def test_objects_are_defaulted_and_the_rest_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(POD + "---\napiVersion: v1\nkind: Pod\nmetadata: {name: q}\nspek: {}\n")
    loaded = load([tmp_path])
    assert [manifest.title for manifest in loaded.manifests] == ["Pod default/p"]
    assert any("spek" in problem.message for problem in loaded.problems)


def test_nothing_to_read(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("just text\n")
    with pytest.raises(UsageError, match="no Kubernetes object"):
        load([tmp_path / "a.yaml"])
    with pytest.raises(AnswerUnreadable):
        load([tmp_path / "gone.yaml"])


def test_the_one_of_a_kind(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(POD)
    manifests = load([tmp_path]).manifests
    assert only(manifests, "Pod", "Deployment").name == "p"
    with pytest.raises(UsageError, match="the files contain no Policy"):
        only(manifests, "Policy")


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
