"""Tests of `simulate.node.apparmor` (apparmor_parser(8), aa-enforce(8))."""

from __future__ import annotations

import pytest

from tests.simulate.node.sample import after, booted, said
from tests.table import each_row
from trainer.errors import NotJudged


@each_row(
    ("text", "now", "later"),
    [
        ("apparmor_parser /root/new", "enforce", None),
        ("apparmor_parser -q -r /root/new", "enforce", None),
        ("cp /root/new /etc/apparmor.d/new", None, "enforce"),
        ("cp /root/new /etc/apparmor.d/new; apparmor_parser -r /etc/apparmor.d/new", "enforce", "enforce"),
        ("cp /root/new /etc/apparmor.d/new; systemctl reload apparmor", "enforce", "enforce"),
        ("cp /root/new /etc/apparmor.d/new; aa-complain /etc/apparmor.d/new", "complain", "complain"),
        (
            "cp /root/new /etc/apparmor.d/new; aa-complain /etc/apparmor.d/new; aa-enforce new",
            "enforce",
            "enforce",
        ),
        ("cp /root/new /etc/apparmor.d/new; apparmor_parser -C /etc/apparmor.d/new", "complain", "enforce"),
        (
            "cp /root/new /etc/apparmor.d/new; systemctl disable apparmor; apparmor_parser -r /etc/apparmor.d/new",
            "enforce",
            None,
        ),
        ("cat /root/new | apparmor_parser -a", "enforce", None),
        ("apparmor_parser -Q /root/new", None, None),
    ],
)
def test_a_profile_is_loaded(text, now, later):
    assert after(text).apparmor.get("new") == now
    assert booted(text).apparmor.get("new") == later


@each_row(
    ("text", "now", "later"),
    [
        ("apparmor_parser -R /etc/apparmor.d/deny", None, "enforce"),
        ("aa-disable /etc/apparmor.d/deny", None, None),
        (
            "ln -s /etc/apparmor.d/deny /etc/apparmor.d/disable/; apparmor_parser -R /etc/apparmor.d/deny",
            None,
            None,
        ),
        ("aa-complain deny", "complain", "complain"),
        ("ln -s /etc/apparmor.d/deny /etc/apparmor.d/force-complain/", "enforce", "complain"),
    ],
)
def test_a_profile_is_unloaded(text, now, later):
    assert after(text).apparmor.get("deny") == now
    assert booted(text).apparmor.get("deny") == later


@each_row(
    ("text", "code"),
    [
        ("apparmor_parser -a /etc/apparmor.d/deny", 1),
        ("apparmor_parser -R /root/new", 1),
        ("apparmor_parser -r /root/none", 1),
        ("echo 'profile x {' > /root/x; apparmor_parser /root/x", 1),
        ("printf 'profile x {\\n  file\\n}\\n' > /root/x; apparmor_parser /root/x", 1),
        ("aa-enforce none", 1),
        ("aa-enforce /etc/apparmor.d/*", 0),
        ("aa-enforce /etc/apparmor.d", 0),
    ],
)
def test_exit_codes(text, code):
    assert said(text).code == code


def test_the_loaded_rules_are_known():
    assert after("aa-complain deny").apparmor_rules == {"deny": "file,"}
    assert after("apparmor_parser -r new").apparmor_rules["new"] == "deny /** w,"


def test_the_flag_is_written_and_removed():
    assert (
        said(
            "aa-complain deny; head -1 /etc/apparmor.d/deny >/dev/null; cat /etc/apparmor.d/deny"
        ).out.splitlines()[0]
        == "profile deny flags=(attach_disconnected,complain) {"
    )
    assert "1 profiles are in enforce mode.\n   deny\n" in said("aa-status").out


@each_row(
    "text", ["apparmor_parser -x new", "apparmor_parser /etc/apparmor.d", "aa-enforce", "aa-status --json"]
)
def test_what_is_outside(text):
    with pytest.raises(NotJudged):
        after(text)


def test_numbers_of_aa_status():
    assert (said("aa-status --profiled").out, said("aa-status --complaining").out) == ("1\n", "0\n")
    assert said("aa-status --enabled").code == 0
    with pytest.raises(NotJudged):
        said("aa-status --json")
