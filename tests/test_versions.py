"""Tests of `versions`: which Kubernetes versions are supported, and how versions compare."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from trainer.errors import UsageError
from trainer.versions import DEFAULT, SUPPORTED, Version, read_version, supported_version

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted(path for folder in ("trainer", "tools", "tests") for path in (ROOT / folder).rglob("*.py"))


def test_versions_compare_by_age() -> None:
    assert Version(1, 9) < Version(1, 10) < Version(2, 0)
    assert Version(1, 10) >= Version(1, 10)
    assert str(Version(1, 10)) == "1.10"


def test_the_supported_versions_follow_each_other_and_the_default_is_one() -> None:
    assert list(SUPPORTED) == [Version(1, SUPPORTED[0].minor + step) for step in range(len(SUPPORTED))]
    assert DEFAULT in SUPPORTED


@pytest.mark.parametrize("text", ["1.10", "v1.10", "v1.10.3", "1.10.0"])
def test_a_version_is_read(text: str) -> None:
    assert read_version(text) == Version(1, 10)


@pytest.mark.parametrize(
    "text", ["", "1", "latest", "1.x", "1.010", "v1.10-rc.1", " 1.10", "1.10.", "../1.10"]
)
def test_other_texts_are_no_versions(text: str) -> None:
    with pytest.raises(UsageError, match="is not a Kubernetes version"):
        read_version(text)


def test_an_unsupported_version_is_refused_with_the_list() -> None:
    assert [supported_version(f"v{one}") for one in SUPPORTED] == list(SUPPORTED)
    with pytest.raises(UsageError) as caught:
        supported_version("1.9")
    assert (
        str(caught.value) == f"Kubernetes 1.9 is not supported (supported: {', '.join(map(str, SUPPORTED))})"
    )


def test_no_module_writes_a_supported_version_as_text() -> None:
    """A default or a list of versions has one place; what holds for one version says `Version(1, 36)`."""
    texts = {f"{mark}{one}" for one in SUPPORTED for mark in ("", "v")}
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in texts
    ]
    assert found == []


def test_no_engine_speaks_of_a_version_that_it_never_meets() -> None:
    """`kubernetes >= Version(1, 35)` is always true once 1.35 is the oldest: such a branch is dead.

    The Pod Security Standards are pinned by labels, so that any version of them can be asked for.
    """
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in MODULES
        if path.is_relative_to(ROOT / "trainer") and path.name != "versions.py"
        if path.parent.name != "podsecurity"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Version" and not _is_met(node)
    ]
    assert found == []


def _is_met(call: ast.Call) -> bool:
    """Whether a written version parts the supported ones: older ones before it, it or newer ones after."""
    numbers = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, int)]
    return len(numbers) < 2 or SUPPORTED[0] < Version(*numbers) <= SUPPORTED[-1]


@pytest.mark.parametrize("version", SUPPORTED)
def test_the_page_about_versions_speaks_of_every_one(version: Version) -> None:
    page = (ROOT / "docs" / "kubernetes-versions.md").read_text(encoding="utf-8")
    checked = page.partition("## What was checked")[2]
    assert str(version) in checked
    assert version == SUPPORTED[0] or f"| {version} | " in page
