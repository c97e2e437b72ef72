"""Commands are found by the names of their modules."""

from __future__ import annotations

from trainer.cli.named import COMMANDS, command_in, commands_in


def test_a_module_and_a_package_are_commands() -> None:
    assert {"list", "grade", "batch"} <= set(commands_in(COMMANDS))
    assert "--init--" not in commands_in(COMMANDS)
    assert "diff" in commands_in(f"{COMMANDS}.batch")
    assert commands_in(f"{COMMANDS}.nothing") == []


def test_a_command_is_imported_by_its_name() -> None:
    found = command_in(f"{COMMANDS}.batch", "diff")
    assert found is not None
    assert found.name == "diff"
    assert command_in(COMMANDS, "nothing") is None
