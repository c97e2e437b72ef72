"""What every command shares: the common options, the run's context, and how commands are made."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

import click

from trainer.cli import streams
from trainer.cli.named import command_in, commands_in
from trainer.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from trainer.config import Settings
    from trainer.content.card import Card
    from trainer.lab.watching import Watcher
    from trainer.session import Session

_SETTINGS = ("workspace", "database", "pack", "config")


OpenApp: TypeAlias = "Callable[[Session, str | None], None]"
"""Opens the app on a session, and in it the card of this ID, if any."""


OpenBoard: TypeAlias = "Callable[[Watcher, Path | None, int], None]"
"""Opens the board of a lab: its watcher, the page to keep up to date, the seconds between two looks."""


def no_board(_: Watcher, __: Path | None, ___: int) -> None:
    """Raise `UsageError`: only the program itself has a board."""
    raise UsageError("this program has no board", remedy="pass --once")


def _no_app(_: Session, __: str | None) -> None:
    raise UsageError("this program has no app")


class Run:
    """One run of the program: the common options, and the session made from them on first use."""

    def __init__(self, open_app: OpenApp = _no_app, open_board: OpenBoard = no_board) -> None:
        self.open_app = open_app
        self.open_board = open_board
        self.overrides: dict[str, str | None] = {}
        self.json = False
        self.no_input = False
        self.seed: int | None = None
        """`--seed` before the name of a command: for the cards of the app, or of that command."""

    def absorb(self, options: dict[str, Any]) -> None:
        """Take the common options out of a command's options; later, inner ones win."""
        for name in _SETTINGS:
            value = options.pop(name, None)
            if value is not None:
                self.overrides[name] = value
        self.seed = options.pop("top_seed", None) if self.seed is None else self.seed
        self.json |= options.pop("json", False)
        self.no_input |= options.pop("no_input", False)

    @cached_property
    def settings(self) -> Settings:
        """The settings. Raises `ConfigError`."""
        from trainer.config import load_settings

        return load_settings(self.overrides)

    @cached_property
    def session(self) -> Session:
        """The session."""
        from trainer.session import Session

        session = Session.open(self.settings)
        session.seed = self.seed or 0
        return session

    def card(self, name: str, seed: int | None = None, learner: str | None = None) -> Card:
        """A card by its id, in the wording of a seed or of a learner, if any; else as it was started.

        Raises `UsageError`, with the likely id for one that doesn't exist.
        """
        return self.session.card(name, self.seed_for(name, seed, learner))

    def seed_for(self, name: str, seed: int | None, learner: str | None) -> int | None:
        """The seed that the options ask for; None if they don't. Raises `UsageError` for two of them."""
        if learner is None:
            return self.seed if seed is None else seed
        if seed is not None:
            raise UsageError(
                "pass either --seed or --learner", remedy="a learner's name has a seed of its own"
            )
        if not learner.strip():
            raise UsageError("--learner is empty", remedy="pass the learner's name, as in the roster")
        from trainer.content.vary import seed_of_learner

        return seed_of_learner(learner, name)

    def confirm(self, question: str, *, option: str) -> bool:
        """Prompt for a yes. Raises `UsageError`, which names the option that means yes, if it
        cannot prompt."""
        if self.no_input or not streams.interactive():
            why = "--no-input is set" if self.no_input else "stdin or stderr is not a terminal"
            raise UsageError(f"{question} Cannot prompt: {why}.", remedy=f"pass {option} to confirm")
        return streams.ask(question)

    def close(self) -> None:
        """Close what was opened."""
        session = self.__dict__.pop("session", None)
        if session is not None:
            session.close()


def common_options() -> list[click.Option]:
    """The options that every command takes, before or after its name."""
    return [
        click.Option(["--json"], is_flag=True, help="Print JSON (versioned) on stdout."),
        click.Option(
            ["--no-input"], is_flag=True, help="Never prompt; fail if confirmation would be needed."
        ),
        click.Option(["--workspace"], metavar="DIR", help="Folder for your answers."),
        click.Option(["--database"], metavar="FILE", help="File that stores your progress."),
        click.Option(
            ["--pack"], metavar="DIR", help="Use the cards in this folder instead of the built-in ones."
        ),
        click.Option(["--config"], metavar="FILE", help="Settings file."),
        _help_option(),
    ]


def _help_option() -> click.Option:
    """The same as click's own, whose words are looked up in translations that nobody installs."""
    return click.Option(
        ["-h", "--help"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_show_help,
        help="Show this message and exit.",
    )


def _show_help(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        streams.out_text(ctx.get_help())
        ctx.exit()


class Command(click.Command):
    """A command whose callback gets the `Run` first, then its own options."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"add_help_option": False, **kwargs})
        own = {option for parameter in self.params for option in parameter.opts}
        self.params += [option for option in common_options() if not own.intersection(option.opts)]

    def invoke(self, ctx: click.Context) -> Any:
        """Call the callback with the run, without the common options."""
        run = ctx.ensure_object(Run)
        run.absorb(ctx.params)
        callback = self.callback
        return callback(run, **ctx.params) if callback else None


class Group(click.Group):
    """A group of commands that suggests the likely one for a misspelled name."""

    command_class = Command

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"add_help_option": False, **kwargs})
        if not any("--help" in parameter.opts for parameter in self.params):
            self.params.append(_help_option())

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant. Raises `UsageError` with the likely name."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            unknown(f"unknown command {args[0]!r}", args[0], self.list_commands(ctx))
        return super().resolve_command(ctx, args)


class Leader(Command, click.Group):
    """A command with others behind it, the modules of its package: `batch FOLDER`, `batch diff OLD NEW`.

    The first word decides. An argument that has the name of such a command is written `./diff`.
    """

    allow_extra_args = False
    allow_interspersed_args = True

    def __init__(self, *args: Any, package: str, **kwargs: Any) -> None:
        super().__init__(*args, invoke_without_command=True, **kwargs)
        self.package = package

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The commands behind this one."""
        return commands_in(self.package)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command with that name, imported now; None if it doesn't exist."""
        return command_in(self.package, cmd_name)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """The context of the command that the first word names, or else of this one."""
        inner = command_in(self.package, args[0]) if args else None
        if inner is None:
            return super().make_context(info_name, args, parent, **extra)
        return inner.make_context(args[0], args[1:], self.above(info_name, parent), **extra)

    def above(self, info_name: str | None, parent: click.Context | None = None) -> click.Context:
        """The context of the commands behind this one: their usage has its name, and not its arguments."""
        return click.Context(click.Group(self.name), parent, info_name)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments of this command itself."""
        return click.Command.parse_args(self, ctx, args)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """The usage of this command itself."""
        return click.Command.collect_usage_pieces(self, ctx)


def unknown(message: str, name: str, known: list[str]) -> NoReturn:
    """Raise `UsageError` for an unknown name, with the likely one if any."""
    import difflib

    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    raise UsageError(message, remedy=f"did you mean {close[0]}?" if close else f"known: {', '.join(known)}")


def command(
    *, package: str | None = None, **attributes: Any
) -> Callable[[Callable[..., int | None]], click.Command]:
    """Make a command of a function `(run, **options) -> exit code or None`.

    The first sentence of its docstring is its line in the overview; the docstring is its help. With
    `package`, the modules of this package are commands behind it (`Leader`).
    """
    if package is not None:
        return click.command(cls=Leader, package=package, **attributes)
    return click.command(cls=Command, **attributes)


def group(**attributes: Any) -> Callable[[Callable[[], None]], click.Group]:
    """Make a group of a function that does nothing; add commands with `@<group>.command()`."""
    return click.group(cls=Group, **attributes)
