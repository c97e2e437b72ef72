"""The seam between commands and a cluster: which context, what is allowed, how progress is reported."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import click

from trainer.cli import streams
from trainer.cli.ending import tidied_on_signals
from trainer.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from trainer.cli.base import Run
    from trainer.content.card import Card
    from trainer.errors import TrainerError
    from trainer.session import Graded
    from trainer.session.live import LiveOptions

MOST_SECONDS = 300.0


def context_option() -> click.Option:
    """`--context`."""
    return click.Option(
        ["--context"],
        metavar="NAME",
        help="Kubeconfig context to use; the current context is never used implicitly.",
    )


def live_options() -> list[click.Option]:
    """The options of every command that may contact a cluster."""
    return [
        context_option(),
        click.Option(
            ["--allow-exec-plugins"],
            is_flag=True,
            help="Allow the credential program (exec plugin) of the kubeconfig.",
        ),
        click.Option(
            ["--confirm-context"],
            metavar="NAME",
            help="Repeat the context name to confirm a production-looking context.",
        ),
        click.Option(
            ["--timeout"],
            type=click.FloatRange(0.1, MOST_SECONDS),
            metavar="S",
            help="Timeout for one call to the cluster, in seconds; 10 by default.",
        ),
        click.Option(
            ["--suffix"], metavar="WORD", help="Append -WORD to the card's namespaces (sun -> sun-WORD)."
        ),
    ]


def options_of(
    run: Run,
    *,
    context: str | None,
    allow_exec_plugins: bool,
    confirm_context: str | None,
    timeout: float | None,
    suffix: str | None,
    allow_exec: bool = False,
    allow_write: bool = False,
    cancelled: Callable[[], bool] | None = None,
) -> LiveOptions:
    """The options of a live run. Raises `UsageError` if no context is named: then nothing is contacted."""
    from trainer.session.live import SECONDS, LiveOptions

    named = context or run.settings.context or ""
    if not named:
        raise UsageError(
            "no context is named: the current context is never used implicitly",
            remedy="pass --context NAME; `cks-trainer cluster contexts` lists the contexts",
        )
    # A signal closes the connection first: its credentials may be in files.
    if (context_of_click := click.get_current_context(silent=True)) is not None:
        context_of_click.with_resource(tidied_on_signals())
    return LiveOptions(
        context=named,
        allow_exec=allow_exec,
        allow_write=allow_write,
        allow_plugins=allow_exec_plugins,
        typed=confirm_context or "",
        seconds=timeout or SECONDS,
        suffix=suffix or "",
        progress=lambda words: streams.say(f"[{named}] {words}"),
        cancelled=cancelled or threading.Event().is_set,
    )


def with_live(
    run: Run, card: Card, graded: Graded, options: LiveOptions
) -> tuple[Graded, TrainerError | None]:
    """The grading with what the cluster shows added, and why the live check stopped early, if it did."""
    import msgspec

    from trainer.session.live import check_live

    live = check_live(run.settings, card, graded.answer, graded.verdict, options)
    return msgspec.structs.replace(graded, verdict=live.verdict), live.error


def tell(error: TrainerError) -> int:
    """Report why a live check stopped early; returns the exit code that it means."""
    from trainer.cli.failures import failure_of

    failure = failure_of(error)
    streams.say_lines(failure.lines())
    return failure.exit
