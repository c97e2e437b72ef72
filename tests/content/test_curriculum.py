"""Tests of `content.curriculum`: the CKS curriculum in force."""

from __future__ import annotations

import pytest

from trainer.content.curriculum import DOMAINS, domain_info, trained_less


def test_weights_are_those_of_the_exam() -> None:
    assert [info.weight for info in DOMAINS] == [15, 15, 10, 20, 20, 20]


def test_all_26_competencies_are_there_once() -> None:
    ids = [competency for info in DOMAINS for competency in info.competencies]
    assert len(ids) == len(set(ids)) == 26


def test_domain_info() -> None:
    assert domain_info("cluster-setup").title == "Cluster Setup"
    with pytest.raises(KeyError):
        domain_info("nowhere")


def test_trained_less() -> None:
    every = [competency for info in DOMAINS for competency in info.competencies]
    assert trained_less([]) == every
    assert trained_less([*every, *every]) == []
    assert trained_less([*every, *every[1:]]) == ["CS1"]
