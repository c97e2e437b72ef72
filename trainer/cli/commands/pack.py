"""`cks-trainer pack`: test a pack of cards."""

from __future__ import annotations

from pathlib import Path

import click

from trainer.cli import streams
from trainer.cli.base import Run, group, kubernetes_option
from trainer.versions import Version


@group(name="pack")
def command() -> None:
    """Work on packs of cards."""


@command.command(name="check")
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@kubernetes_option("Test every card on this Kubernetes version, whatever version the card names.")
@click.option("--quiet", is_flag=True, help="Print no progress to stderr.")
def check(run: Run, *, folder: Path | None, kubernetes: Version | None, quiet: bool) -> int:
    """Test the cards of a pack: the built-in one, or the one in DIR.

    References and other correct answers must pass, wrong answers must fail exactly the checks
    they name, every check must be failed by some answer, and no mutant of a reference may pass.
    Exits 0 if nothing is wrong.
    """
    from trainer.cli.exit_codes import ExitCode
    from trainer.content.locate import pack_at
    from trainer.packcheck import check_pack

    pack = pack_at(folder) if folder else run.session.pack
    report = check_pack(pack, (lambda _: None) if quiet else streams.say, kubernetes)
    if run.json:
        streams.out_json(report.json())
    else:
        for line in report.lines():
            streams.out(line)
    return int(ExitCode.USAGE) if report.problems else 0
