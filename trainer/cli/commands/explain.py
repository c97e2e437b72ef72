"""`cks-trainer explain`: the documentation of kinds and fields, offline."""

from __future__ import annotations

import click

from trainer.cli import streams
from trainer.cli.base import Run
from trainer.cli.base import command as make_command
from trainer.cli.options import kubernetes_option
from trainer.versions import DEFAULT, Version

SCHEMA = "cks-trainer.explain/1"


@make_command(name="explain")
@click.argument("words", metavar="KIND.FIELD...")
@click.option(
    "--api-version", default="", metavar="GROUP/VERSION", help="Where several groups have the kind."
)
@kubernetes_option("Kubernetes version to explain.", default=DEFAULT)
def command(run: Run, words: str, *, api_version: str, kubernetes: Version) -> None:
    """Explain a kind or a field as `kubectl explain` does, without a cluster.

    You see its type, whether it is required, what it means, and the fields below it.

    Example: cks-trainer explain pod.spec.securityContext
    """
    from trainer.ask.explain import as_data, ask_explain, explained_lines

    shown = ask_explain(words, kubernetes, api_version)
    if run.json:
        streams.out_json({"schema": SCHEMA, "kubernetes": str(kubernetes), **as_data(shown)})
    else:
        streams.out_lines(explained_lines(shown))
