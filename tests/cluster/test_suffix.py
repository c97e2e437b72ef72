"""Tests of `cluster.suffix`: a namespace of one's own for each learner."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.cluster.suffix import NO_SUFFIX, Suffix
from trainer.errors import UsageError

ALICE = Suffix.of("alice", ["sun", "moon", "default"])


def test_names_forth_and_back() -> None:
    assert (ALICE.name("sun"), ALICE.name("default"), ALICE.name("")) == ("sun-alice", "default", "")
    assert (ALICE.card_name("sun-alice"), ALICE.card_name("sun"), ALICE.card_name("x-alice")) == (
        "sun",
        "sun",
        "x-alice",
    )
    assert NO_SUFFIX.name("sun") == NO_SUFFIX.card_name("sun") == "sun"


def test_everything_that_names_a_namespace_is_mapped() -> None:
    namespace = {
        "kind": "Namespace",
        "metadata": {"name": "sun", "labels": {"kubernetes.io/metadata.name": "sun"}},
    }
    assert ALICE.forth(namespace)["metadata"] == {
        "name": "sun-alice",
        "labels": {"kubernetes.io/metadata.name": "sun-alice"},
    }
    policy: dict[str, Any] = {
        "kind": "NetworkPolicy",
        "metadata": {"name": "sun", "namespace": "sun"},
        "spec": {
            "ingress": [
                {"from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "moon"}}}]},
                {"from": [{"namespaceSelector": {"matchExpressions": [
                    {"key": "kubernetes.io/metadata.name", "operator": "In", "values": ["moon", "mars"]},
                    {"key": "tier", "operator": "In", "values": ["moon"]}]}}]},
            ]
        },
    }  # fmt: skip
    mapped = ALICE.forth(policy)
    assert mapped["metadata"] == {"name": "sun", "namespace": "sun-alice"}
    first, second = (one["from"][0]["namespaceSelector"] for one in mapped["spec"]["ingress"])
    assert first == {"matchLabels": {"kubernetes.io/metadata.name": "moon-alice"}}
    assert [one["values"] for one in second["matchExpressions"]] == [["moon-alice", "mars"], ["moon"]]
    assert ALICE.back(mapped) == policy


def test_subjects_of_bindings_are_mapped() -> None:
    binding = {
        "kind": "RoleBinding",
        "metadata": {"name": "b", "namespace": "sun"},
        "subjects": [
            {"kind": "ServiceAccount", "name": "a", "namespace": "sun"},
            {"kind": "User", "name": "system:serviceaccount:moon:a"},
            {"kind": "Group", "name": "system:serviceaccounts:moon"},
            {"kind": "User", "name": "sun"},
        ],
    }
    mapped = ALICE.forth(binding)["subjects"]
    assert mapped[0]["namespace"] == "sun-alice"
    assert [one["name"] for one in mapped] == [
        "a",
        "system:serviceaccount:moon-alice:a",
        "system:serviceaccounts:moon-alice",
        "sun",
    ]
    assert ALICE.back(ALICE.forth(binding)) == binding


@each_row("text", ["Alice", "-a", "a-", "a/b", "a" * 40, "a b"])
def test_what_cannot_be_a_suffix(text: str) -> None:
    with pytest.raises(UsageError, match="is not a valid suffix"):
        Suffix.of(text, ["sun"])


def test_a_namespace_that_would_be_too_long() -> None:
    with pytest.raises(UsageError, match="too long"):
        Suffix.of("alice", ["n" * 60])


@given(
    st.recursive(
        st.none() | st.text("sunmo-", max_size=4),
        lambda deep: (
            st.lists(deep, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["metadata", "spec", "subjects", "kind", "key", "values", "kubernetes.io/metadata.name"]
                ),
                deep,
                max_size=3,
            )
        ),
        max_leaves=8,
    )
)
def test_odd_data_does_not_break_it(value: Any) -> None:
    data = {"kind": "Pod", "spec": value, "metadata": {"namespace": "sun", "name": "x"}}
    assert ALICE.forth(data)["metadata"]["namespace"] == "sun-alice"
