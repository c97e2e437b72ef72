"""Where ends must authenticate; the cases are beside the policies, in test_cilium.py."""

from __future__ import annotations

from tests.simulate.network.test_cilium import WORLD, api, end, network
from trainer.simulate.network.authentication import authenticated_ports
from trainer.simulate.network.ports import NONE


def test_a_denied_flow_needs_none() -> None:
    failing = "ingress: [{authentication: {mode: test-always-fail}, fromEndpoints: [{}]}]"
    world = network(WORLD + api(failing))
    assert authenticated_ports(world, end(world, "shop/web"), end(world, "shop/api")) is NONE
