"""Tests of `simulate.node.firewall_rules`; `test_firewall` tries the rules on packets."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.simulate.node.firewall_rules import Bad, rule_of


def test_forms_of_rules():
    assert rule_of(("allow", "22/tcp")) == ("allow", "tcp", "any", "any", "22")
    assert rule_of(("allow", "OpenSSH")) == ("allow", "tcp", "any", "any", "OpenSSH")
    assert rule_of(("deny", "in", "from", "10.1.2.3/16")) == ("deny", "any", "10.1.0.0/16", "any", "")
    assert rule_of(("allow", "22/tcp", "comment", "x")) == ("allow", "tcp", "any", "any", "22")


@each_row("text", ["allow nonsense", "allow 80:90", "allow from 1.2.3.400", "allow from any port"])
def test_what_ufw_rejects(text):
    with pytest.raises(Bad):
        rule_of(tuple(text.split()))
