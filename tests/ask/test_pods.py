"""Questions about Pod Security."""

from __future__ import annotations

import pytest

from tests.ask_world import shop
from trainer.ask.pods import ask_pod_security
from trainer.errors import UsageError
from trainer.versions import DEFAULT


def test_levels() -> None:
    reply = ask_pod_security(shop(), "", f"v{DEFAULT}")
    assert reply.answer == "privileged"
    assert reply.rows == (("object", "meets"), ("Pod shop/web", "privileged"), ("Pod shop/db", "baseline"))
    assert str(reply.reasons[0].location) == "shop.yaml:4:8"


def test_one_level() -> None:
    reply = ask_pod_security(shop(), "baseline", "latest")
    assert [row["violations"] for row in reply.data["objects"]] == [["hostNamespaces"], []]
    with pytest.raises(UsageError, match="no Pod or workload"):
        ask_pod_security([], "", "latest")
