"""Which commands there are: modules and packages of `cli.commands`, imported when they are called."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click

COMMANDS = "trainer.cli.commands"
"""The package of the program's commands. A command that is a package has commands of its own in it."""


def commands_in(package: str) -> list[str]:
    """The names of the commands in a package, sorted. Imports nothing: a shell may be waiting for them."""
    folder = Path(__file__).parents[2].joinpath(*package.split("."))
    modules = [path.stem for path in folder.glob("*.py")]
    packages = [path.parent.name for path in folder.glob("*/__init__.py")]
    return sorted(name.replace("_", "-") for name in (*modules, *packages) if not name.startswith("_"))


def command_in(package: str, name: str) -> click.Command | None:
    """The command of that name in a package, imported now; None if it doesn't exist."""
    if name not in commands_in(package):
        return None
    found: click.Command = import_module(f"{package}.{name.replace('-', '_')}").command
    found.name = name
    return found
