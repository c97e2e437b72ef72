"""Tests of `simulate.node.base`: a fresh node is consistent."""

from __future__ import annotations

from tests.simulate.node.sample import said
from trainer.simulate.node.base import GROUPS, PACKAGES, UNITS, USERS


def test_units_belong_to_packages_and_users_to_groups():
    assert {unit.package for unit in UNITS.values()} <= set(PACKAGES)
    assert {user.group for user in USERS.values()} <= set(GROUPS)


def test_sudo_reads_a_fresh_node():
    assert said("visudo -c").code == 0
    assert "ALL" in (said("sudo -l -U jane").out or "")
