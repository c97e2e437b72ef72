"""Tests of `rules._node.script`: which text of an answer is the script."""

from __future__ import annotations

import pytest

from tests.rules._node.given import NODE, world
from tests.table import each_row
from trainer.errors import UsageError
from trainer.rules._node.script import Script, script_of
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status


def test_the_script_may_have_another_name():
    script = script_of(world("true", "mine.sh"))
    assert isinstance(script, Script)
    assert (script.file, script.text) == ("mine.sh", "true")
    assert script.at(3).line == 3


def test_an_answer_without_a_script_fails():
    outcome = script_of(World((), node=NODE))
    assert isinstance(outcome, Outcome)
    assert outcome.status is Status.FAIL


def test_lines_that_end_as_on_windows():
    outcome = script_of(world("#!/bin/bash\ntrue\r\n"))
    assert isinstance(outcome, Outcome)
    assert outcome.reasons[0].location is not None
    assert outcome.reasons[0].location.line == 2


@each_row(
    ("text", "message"),
    [
        ("\xff\xfet\0r\0", "NUL bytes"),
        ("\ufeffapt-get update\n", "byte order mark"),
        ("#!/usr/bin/python3\ntrue\n", "hands the script to /usr/bin/python3"),
        ("#!/usr/bin/env -S perl -w\ntrue\n", "hands the script to perl"),
        ("#!/bin/false\n", "/bin/false"),
    ],
)
def test_what_bash_does_not_run(text, message):
    outcome = script_of(world(text))
    assert isinstance(outcome, Outcome)
    assert outcome.status is Status.FAIL
    assert message in outcome.reasons[0].message
    assert outcome.reasons[0].location is not None
    assert outcome.evidence


@each_row(
    "text",
    [
        "#!/bin/bash -e\n",
        "#! /bin/sh\n",
        "#!/usr/bin/env -S bash -e\n",
        "\ufeff#!/bin/bash\n",
        "# x\n",
        "#!\n",
        "",
    ],
)
def test_what_bash_runs(text):
    script = script_of(world(text))
    assert isinstance(script, Script)
    assert not script.text.startswith("\ufeff")


def test_a_card_without_nodes_is_wrong():
    with pytest.raises(UsageError, match="no nodes"):
        script_of(World((), texts={"node.sh": ""}))


def test_all_checks_share_a_run():
    one = script_of(world("systemctl stop vsftpd"))
    two = script_of(world("systemctl stop vsftpd"))
    assert isinstance(one, Script)
    assert isinstance(two, Script)
    assert one.run() is two.run()
    assert one.run(deep=True) is two.run()
    assert one.run().journal
