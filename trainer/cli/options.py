"""Options that several commands have and others don't."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from trainer.versions import SUPPORTED, Version


class _Kubernetes(click.Choice[Version]):
    """One of the supported Kubernetes versions, with or without its `v`."""

    def __init__(self) -> None:
        super().__init__(SUPPORTED)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Version:
        """The version that is written. Fails as click does, with the supported ones."""
        return super().convert(value.removeprefix("v") if isinstance(value, str) else value, param, ctx)


def kubernetes_option(text: str, *, default: Version | None = None) -> Callable[[Any], Any]:
    """The option `--kubernetes`: it lists the supported versions and refuses others with the list."""
    return click.option(
        "--kubernetes", type=_Kubernetes(), default=default, show_default=default is not None, help=text
    )
