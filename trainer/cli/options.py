"""Options that several commands have and others don't."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from trainer.errors import UsageError

if TYPE_CHECKING:
    from trainer.versions import Version


class _Kubernetes(click.Choice["Version"]):
    """One of the supported Kubernetes versions, with or without its `v`."""

    def __init__(self) -> None:
        from trainer.versions import SUPPORTED  # few commands take a version

        super().__init__(SUPPORTED)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Version:
        """The version that is written. Fails as click does, with the supported ones."""
        return super().convert(value.removeprefix("v") if isinstance(value, str) else value, param, ctx)


class Competency(click.Choice[str]):
    """The ID of a competency, in any case; others are refused with the list."""

    def __init__(self) -> None:
        from trainer.content.curriculum import DOMAINS  # few commands take a competency

        super().__init__([name for info in DOMAINS for name in info.competencies])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The ID as the curriculum's table has it."""
        return super().convert(value.upper() if isinstance(value, str) else value, param, ctx)


def kubernetes_option(text: str, *, default: Version | None = None) -> Callable[[Any], Any]:
    """The option `--kubernetes`: it lists the supported versions and refuses others with the list."""
    return click.option(
        "--kubernetes", type=_Kubernetes(), default=default, show_default=default is not None, help=text
    )


def seed_option(text: str, name: str = "seed") -> click.Option:
    """The option `--seed`; the command gets the number under `name`, or None."""
    return click.Option(["--seed", name], metavar="N", callback=_seed, help=text)


def wording_options() -> list[click.Option]:
    """The options of every command that names a card: which wording of it is meant."""
    return [
        seed_option(
            "Seed of the card's variant; 0 is the card as written. By default, that of your workspace."
        ),
        click.Option(
            ["--learner"],
            metavar="NAME",
            help="Use the seed that `batch --seed-by-learner` gives this learner.",
        ),
    ]


def _seed(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """The number that is written. Fails as click does, with the range."""
    if value is None:
        return None
    from trainer.content.wording import read_seed

    try:
        return read_seed(value)
    except UsageError as error:
        raise click.BadParameter(f"{error.message}: {error.remedy}", ctx, param) from None
