"""Tests of `cli.options`: options that several commands have."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from trainer.cli.options import kubernetes_option
from trainer.versions import DEFAULT, SUPPORTED, Version


@click.command()
@kubernetes_option("Which one.", default=DEFAULT)
def shows(kubernetes: Version) -> None:
    """Says which version it got."""
    click.echo(f"{kubernetes} {type(kubernetes).__name__}")


@pytest.mark.parametrize("text", [*map(str, SUPPORTED), *(f"v{version}" for version in SUPPORTED)])
def test_a_version_is_taken_with_and_without_its_v(text: str) -> None:
    assert CliRunner().invoke(shows, ["--kubernetes", text]).output == f"{text.removeprefix('v')} Version\n"


def test_the_default_and_what_is_refused() -> None:
    assert CliRunner().invoke(shows, []).output == f"{DEFAULT} Version\n"
    refused = CliRunner().invoke(shows, ["--kubernetes", "1.2"])
    assert refused.exit_code == 2
    assert all(str(version) in refused.output for version in SUPPORTED)
