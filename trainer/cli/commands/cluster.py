"""`cks-trainer cluster`: contexts, and preparing a cluster for a card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from trainer.cli import streams
from trainer.cli.base import Run, group
from trainer.cli.exit_codes import ExitCode
from trainer.cli.live import live_options
from trainer.cli.options import wording_options

if TYPE_CHECKING:
    from trainer.cluster.prepare import Step
    from trainer.cluster.reset import Doomed
    from trainer.session.live import LiveOptions

SCHEMA = "cks-trainer.cluster/1"


@group(name="cluster")
def command() -> None:
    """Check, prepare and reset a practice cluster. Contacts only the context that you name."""


@command.command()
def contexts(run: Run) -> None:
    """List the contexts in your kubeconfig. Contacts no cluster."""
    from trainer.session.live import contexts_of

    found = contexts_of()
    if run.json:
        rows = [
            {"name": one.name, "cluster": one.cluster, "server": one.server, "plugin": one.plugin,
             "chosen": one.name == run.settings.context}
            for one in found
        ]  # fmt: skip
        streams.out_json({"schema": SCHEMA, "contexts": rows})
        return
    width = max((len(one.name) for one in found), default=0)
    for one in found:
        marks = [f"runs {one.plugin}"] if one.plugin else []
        marks += ["chosen in your settings"] if one.name == run.settings.context else []
        note = f"  ({', '.join(marks)})" if marks else ""
        streams.out(f"{one.name:<{width}}  {one.server or 'no server'}{note}")
    if not found:
        streams.say("your kubeconfig has no contexts")


@command.command()
def status(run: Run, **cluster: Any) -> None:
    """Show the version and size of the named context's cluster. Reads only."""
    from trainer.session.live import connect, status_of

    options = _options(run, cluster)
    with connect(run.settings, options) as connection:
        found = status_of(connection)
    if run.json:
        streams.out_json({"schema": SCHEMA, **found})
        return
    for key, value in found.items():
        streams.out(f"{key:<11} {'unknown' if value is None else value}")


@command.command()
@click.argument("card_id", metavar="CARD")
@click.option("--yes", is_flag=True, help="Create without asking for confirmation.")
def prepare(
    run: Run, card_id: str, *, yes: bool, seed: int | None, learner: str | None, **cluster: Any
) -> int:
    """Create or update the card's given objects (labeled for cleanup); roll back if a step fails."""
    from trainer.session.live import connect, do_prepare, plan_prepare

    card = run.card(card_id, seed, learner)
    options = _options(run, cluster, write=True)
    with connect(run.settings, options) as connection:
        steps = plan_prepare(connection, card, options.suffix)
        todo = [step for step in steps if step.is_work]
        for step in steps:
            words = {
                "create": "to create",
                "update": "to update (the cluster made it)",
                "there": "exists",
                "foreign": "exists (not created by cks-trainer), left as is",
                "left out": "left out (a cluster has nodes of its own)",
            }
            streams.say(f"{words[step.fate]}: {step.title}")
        refused = bool(todo) and not (
            yes or run.confirm(f"Write these in context {options.context}?", option="--yes")
        )
        done: tuple[Step, ...] = ()
        if refused:
            streams.say("nothing was created")
        elif todo:
            done = do_prepare(connection, card, steps, options.suffix, options.progress)
    if run.json:
        fates = [{"object": step.title, "fate": step.fate} for step in steps]
        streams.out_json(
            {
                "schema": SCHEMA,
                "card": card.id,
                "seed": card.seed,
                "context": options.context,
                "created": [step.title for step in done if step.fate == "create"],
                "updated": [step.title for step in done if step.fate == "update"],
                "objects": fates,
            }
        )
    elif not refused:
        streams.out_lines(f"{step.fate}d {step.title}" for step in done)
        streams.say(f"{card.id} is ready in context {options.context}")
    return int(ExitCode.NOT_PASSED) if refused else 0


@command.command()
@click.argument("card_id", metavar="CARD")
@click.option("--yes", is_flag=True, help="Delete without asking for confirmation.")
def reset(run: Run, card_id: str, *, yes: bool, seed: int | None, learner: str | None, **cluster: Any) -> int:
    """Delete or restore the objects of a card: only those with the card's cks-trainer label."""
    from trainer.session.live import connect, do_reset, plan_reset

    card = run.card(card_id, seed, learner)
    options = _options(run, cluster, write=True)
    with connect(run.settings, options) as connection:
        doomed = plan_reset(connection, card, options.suffix)
        for one in doomed:
            inside = f" and everything in it: {', '.join(one.inside)}" if one.inside else ""
            words = "to restore (the cluster made it)" if one.restored else "to delete"
            streams.say(f"{words}: {one.title}{inside}")
        question = "Delete and restore" if any(one.restored for one in doomed) else "Delete"
        refused = bool(doomed) and not (
            yes or run.confirm(f"{question} these in context {options.context}?", option="--yes")
        )
        done: tuple[Doomed, ...] = ()
        if refused:
            streams.say("nothing was deleted")
        else:
            done = do_reset(connection, doomed, options.progress)
    if run.json:
        planned = [{"object": one.title, "inside": list(one.inside)} for one in doomed]
        streams.out_json(
            {
                "schema": SCHEMA,
                "card": card.id,
                "seed": card.seed,
                "context": options.context,
                "deleted": [one.title for one in done if not one.restored],
                "restored": [one.title for one in done if one.restored],
                "objects": planned,
            }
        )
    elif not refused:
        streams.out_lines(f"{'restored' if one.restored else 'deleted'} {one.title}" for one in done)
        if not done:
            streams.say(f"context {options.context} has no objects of {card.id}")
    return int(ExitCode.NOT_PASSED) if refused else 0


for _one in (status, prepare, reset):
    _one.params += live_options()
for _one in (prepare, reset):
    _one.params += wording_options()


def _options(run: Run, cluster: dict[str, Any], *, write: bool = False) -> LiveOptions:
    from trainer.cli.live import options_of

    return options_of(run, allow_write=write, **cluster)
