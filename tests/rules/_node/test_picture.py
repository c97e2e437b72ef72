"""Tests of `_node.picture`: facts of a node after a script and after a restart."""

from __future__ import annotations

import msgspec

from tests.pictures import lines_of, wrong_cells
from tests.rules._node.given import world
from trainer.picture import Picture
from trainer.rules._node.blame import Wrong
from trainer.rules._node.picture import node_picture
from trainer.rules._node.script import Script, script_of
from trainer.rules.node import Params, picture


def draw(text: str, **params: object) -> Picture:
    return picture(world(text), msgspec.convert(params, Params))


def test_what_lasts_until_the_next_restart_only() -> None:
    found = draw("systemctl stop vsftpd", closed=["tcp/21"], units={"vsftpd.service": {"active": False}})
    assert found.columns == ("after the script", "after a restart")
    assert [(row.head, [cell.state.value for cell in row.cells]) for row in found.rows] == [
        ("port tcp/21", ["right", "wrong"]),
        ("unit vsftpd.service active", ["right", "wrong"]),
    ]
    assert lines_of(found)[1] == "unit vsftpd.service active | r:inactive | w:active"
    assert found.rows[1].cells[0].before == "active"
    assert {cell.location and cell.location.line for cell in wrong_cells(found)} == {1}


def test_what_must_stay() -> None:
    assert lines_of(draw("true", rest="unchanged")) == ["everything else | r:unchanged | r:unchanged"]
    (changed,) = draw("apt-get purge -y vsftpd", when=["now"], rest="unchanged").rows[:1]
    assert changed.wrong


def test_a_fault_without_a_fact_is_told_in_words() -> None:
    run = script_of(world("true"))
    assert isinstance(run, Script)
    fault = Wrong("TCP 1 gets in.", (), "ufw status", host="w1", when="now")
    found = node_picture(run, Params(when=("now",)), [fault])
    assert [line.removeprefix("w1 ") for line in lines_of(found)] == ["TCP 1 gets in. | w:wrong"]
