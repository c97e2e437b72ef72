"""Tests of `versions`: which Kubernetes versions are supported, and how versions compare."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.table import each_row
from trainer.errors import UsageError
from trainer.versions import DEFAULT, SUPPORTED, Version, read_version, supported_version

ROOT = Path(__file__).resolve().parents[1]


def test_versions_compare_by_age() -> None:
    assert Version(1, 9) < Version(1, 10) < Version(2, 0)
    assert Version(1, 10) >= Version(1, 10)
    assert str(Version(1, 10)) == "1.10"


def test_the_supported_versions_follow_each_other_and_the_default_is_one() -> None:
    assert list(SUPPORTED) == [Version(1, SUPPORTED[0].minor + step) for step in range(len(SUPPORTED))]
    assert DEFAULT in SUPPORTED


@each_row("text", ["1.10", "v1.10", "v1.10.3", "1.10.0"])
def test_a_version_is_read(text: str) -> None:
    assert read_version(text) == Version(1, 10)


@each_row("text", ["", "1", "latest", "1.x", "1.010", "v1.10-rc.1", " 1.10", "1.10.", "../1.10"])
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


@each_row("version", SUPPORTED)
def test_the_page_about_versions_speaks_of_every_one(version: Version) -> None:
    page = (ROOT / "docs" / "kubernetes-versions.md").read_text(encoding="utf-8")
    checked = page.partition("## What was checked")[2]
    assert str(version) in checked
    assert version == SUPPORTED[0] or f"| {version} | " in page
