"""Settings and what a check expects of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.table import each_row
from trainer.errors import UsageError
from trainer.rules._component.matching import check_wanted, mismatch, same
from trainer.simulate.components.settings import Setting


def wrong(wanted: Any, value: Any) -> str:
    return mismatch(wanted, Setting("a", value, "b"))


@each_row(
    ("wanted", "value"),
    [
        (False, False),
        (30, 30),
        ("5m", 300.0),
        ("5m", "5m0s"),
        (["RBAC", "Node"], ("Node", "RBAC")),
        ({"in-order": ["Node", "RBAC"]}, ("Node", "RBAC")),
        ({"all-of": ["Node"], "none-of": ["AlwaysAllow"]}, ("Node", "RBAC")),
        ({"at-least": 30}, 30),
        ({"at-least": "VersionTLS12"}, "VersionTLS13"),
        ({"at-most": "5m"}, 10.0),
        ({"absent": True}, None),
        ({"absent": True}, ()),
        ({"absent": False}, "x"),
        ({"one-of": ["127.0.0.1", "::1"]}, "::1"),
        ({"only": ["Node", "RBAC", "Webhook"]}, ("Node", "RBAC")),
        ({"only": ["Node"]}, ()),
        ({"equals": "x"}, "x"),
        ("x", ("x",)),
        ([], None),
    ],
)
def test_fits(wanted: Any, value: Any) -> None:
    check_wanted(wanted)
    assert wrong(wanted, value) == ""


@each_row(
    ("wanted", "value", "says"),
    [
        (False, True, "false is required"),
        (False, 0, "false is required"),
        (0, False, "0 is required"),
        (["Node"], ("Node", "RBAC"), "Node is required"),
        ({"in-order": ["RBAC", "Node"]}, ("Node", "RBAC"), "another order is required"),
        ({"all-of": ["Node", "X"]}, ("Node",), "X should be in it"),
        ({"none-of": ["Node"]}, ("Node",), "Node should not be in it"),
        ({"at-least": 30}, 10, "at least 30 is required"),
        ({"at-least": 30}, None, "at least 30 is required"),
        ({"at-most": 30}, 31, "at most 30 is required"),
        ({"absent": True}, "x", "it should not be set"),
        ({"absent": False}, None, "it should be set"),
        ({"one-of": ["a"]}, "b", "another value is required"),
        ({"only": ["Node"]}, ("Node", "ABAC", "RBAC"), "ABAC, RBAC should not be in it"),
        ("127.0.0.1", "0.0.0.0", "127.0.0.1 is required"),  # noqa: S104
    ],
)
def test_does_not_fit(wanted: Any, value: Any, says: str) -> None:
    assert wrong(wanted, value) == says


def test_operators_that_do_not_exist() -> None:
    with pytest.raises(UsageError):
        wrong({"like": "a"}, "a")
    for bad in ({"like": "a"}, {"all-of": "a"}, {"absent": "yes"}):
        with pytest.raises(ValueError, match=r"operator|takes"):
            check_wanted(bad)


def test_same() -> None:
    assert same("30000-32767", "30000-32767")
    assert same("1m", "60s")
    assert not same("1m", "60m")
    assert same(1, "1")
