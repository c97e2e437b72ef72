"""The finder of tests that can't fail, on small trees."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.assertion_finder import weak_tests


def found(folder: Path, body: str, head: str = "", **others: str) -> bool:
    """Whether a test with this body is found to assert nothing; `others` are files beside it."""
    tests = folder / "tests"
    tests.mkdir()
    for name, text in others.items():
        (tests / f"{name}.py").write_text(text, encoding="utf-8")
    test = f"{head}\ndef test_check_assert_raises():\n    {body}\n"
    (tests / "test_a.py").write_text(test, encoding="utf-8")
    return weak_tests(tests) == ["tests/test_a.py: test_check_assert_raises"]


@pytest.mark.parametrize(
    "body",
    [
        "pass",
        "check(1)",
        "found = snapshot = raises = 1",
        "assert True",
        "raise ValueError",
        "list.raises(1)",
        "value = snap_compare",
        '"""assert x"""',
        "checks.append(lambda: 1)",
    ],
)
def test_words_are_no_assertion(tmp_path: Path, body: str) -> None:
    assert found(tmp_path, body) is True


@pytest.mark.parametrize(
    "body",
    [
        "assert 1 == two",
        "for one in many:\n        assert one",
        "with pytest.raises(ValueError):\n        int('x')",
        "pytest.fail('never')",
        "snap_compare(app)",
        "raise AssertionError('never')",
        "def inner():\n        assert x\n    inner()",
    ],
)
def test_assertions(tmp_path: Path, body: str) -> None:
    assert found(tmp_path, body) is False


def test_a_helper_asserts_for_its_test_however_far_away(tmp_path: Path) -> None:
    near = "def same(x):\n    assert x\ndef twice(x):\n    same(x)\n    same(x)\n"
    assert found(tmp_path, "twice(1)", head=near) is False


def test_a_helper_of_another_module(tmp_path: Path) -> None:
    helper = "async def soon(x):\n    raise AssertionError\n"
    assert found(tmp_path, "soon(1)", head="from tests.helper import soon", helper=helper) is False


@pytest.mark.parametrize(
    ("head", "helper"),
    [
        ("from tests.helper import soon", "def soon(x):\n    return x\n"),
        ("from trainer.helper import soon", "def soon(x):\n    assert x\n"),
        ("from tests.helper import soon\ndef late(x):\n    assert x", "def soon(x):\n    late(x)\n"),
    ],
)
def test_a_helper_that_asserts_nothing_or_is_another_one(tmp_path: Path, head: str, helper: str) -> None:
    assert found(tmp_path, "soon(1)", head=head, helper=helper) is True
