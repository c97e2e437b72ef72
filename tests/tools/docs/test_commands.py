"""The reference of the command line is up to date."""

from __future__ import annotations

from tools.docs.commands import TARGET, reference
from trainer.cli.app import command_names


def test_the_page_is_what_the_program_says() -> None:
    assert TARGET.read_text(encoding="utf-8") == reference(), "run make docs"


def test_every_command_and_code_is_there() -> None:
    page = reference()
    assert all(f"\n## {name}" in page for name in command_names())
    assert [line.split()[1] for line in page.splitlines() if line.startswith("| ") and line[2].isdigit()] == [
        "0", "1", "2", "3", "4", "5", "130",
    ]  # fmt: skip
