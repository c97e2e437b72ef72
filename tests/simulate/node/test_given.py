"""Tests of `simulate.node.given`: the card format of nodes."""

from __future__ import annotations

import msgspec
import pytest

from tests.table import each_row
from trainer.simulate.node.given import FileGiven, HostGiven, NodeGiven


def test_a_file_is_a_text_or_has_an_owner():
    host = msgspec.convert({"files": {"/a": "x", "/b": {"content": "y", "mode": "0600"}}}, HostGiven)
    assert host.files == {"/a": "x", "/b": FileGiven("y", "0600")}


@each_row(
    "wrong", [{"hosts": {"a": {"port": 1}}}, {"hosts": {"a": {"units": {"x.service": {"enabled": "maybe"}}}}}]
)
def test_what_a_card_misspells_is_refused(wrong):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wrong, NodeGiven)
