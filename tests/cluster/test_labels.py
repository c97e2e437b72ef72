"""Tests of `cluster.labels`: the labels that mark what the trainer made, so that it deletes nothing else."""

from __future__ import annotations

from trainer.cluster.labels import is_ours, marked, selector, without_ours


def test_marks_and_takes_them_off_again() -> None:
    plain = {"kind": "Pod", "metadata": {"name": "a", "labels": {"app": "web"}}}
    data = marked(plain, "pod-ro", "alice", "run-1")
    assert data["metadata"]["labels"] == {
        "app": "web",
        "cks-trainer/card": "pod-ro",
        "cks-trainer/suffix": "alice",
    }
    assert data["metadata"]["annotations"] == {"cks-trainer/run": "run-1"}
    assert without_ours(data["metadata"]) == plain["metadata"]
    assert plain == {"kind": "Pod", "metadata": {"name": "a", "labels": {"app": "web"}}}


def test_whose_it_is() -> None:
    data = marked({"metadata": {"name": "a"}}, "pod-ro", "", "r")
    assert is_ours(data, "pod-ro", "")
    assert not is_ours(data, "pod-ro", "alice")
    assert not is_ours(data, "other", "")
    assert not is_ours({"metadata": {"name": "a"}}, "pod-ro", "")
    assert not is_ours({}, "pod-ro", "")


def test_selectors() -> None:
    assert selector("pod-ro", "alice") == "cks-trainer/card=pod-ro,cks-trainer/suffix=alice"
    assert selector("pod-ro", "") == "cks-trainer/card=pod-ro,!cks-trainer/suffix"
