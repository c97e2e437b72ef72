"""`cks-trainer pack`: test a pack of cards, start a new card, and copy cards for learners."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trainer.cli import streams
from trainer.cli.base import Run, group
from trainer.cli.options import Competency, kubernetes_option
from trainer.versions import Version

if TYPE_CHECKING:
    from trainer.content.locate import Pack


@group(name="pack")
def command() -> None:
    """Work on packs of cards."""


@command.command(name="check")
@click.argument("names", nargs=-1, metavar="[DIR] [CARD]...")
@click.option(
    "--changed", is_flag=True, help="Test only cards that have changed since a test without problems."
)
@kubernetes_option("Test every card on this Kubernetes version, whatever version the card names.")
@click.option("--quiet", is_flag=True, help="Print no progress to stderr.")
def check(run: Run, *, names: tuple[str, ...], changed: bool, kubernetes: Version | None, quiet: bool) -> int:
    """Test the cards of a pack: the built-in one, or the one in DIR; only CARD..., if any is named.

    References and other correct answers must pass, wrong answers must fail exactly the checks
    they name, every check must be failed by some answer, an untouched starter gets no points, and
    no mutant of a reference may pass. Exits 0 if nothing is wrong.
    """
    from trainer.cli.exit_codes import ExitCode
    from trainer.cli.tables import table
    from trainer.packcheck import check_pack

    pack, cards = _named(run, names)
    progress = (lambda _: None) if quiet else streams.say
    report = check_pack(pack, progress, kubernetes, only=cards, changed=changed)
    if run.json:
        streams.out_json(report.json())
    else:
        if report.whole:
            head, *rows = report.by_domain()
            streams.out_lines(table(head, rows, right=range(1, len(head))))
        streams.out_lines(report.lines())
    return int(ExitCode.USAGE) if report.problems else 0


@command.command(name="new")
@click.argument("card", metavar="ID")
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@click.option(
    "--competency", type=Competency(), required=True, metavar="RT4", help="The competency that it trains."
)
def new(run: Run, *, card: str, folder: Path | None, competency: str) -> int:
    """Start a new card, with this ID, in the pack in DIR, which is made if it doesn't exist.

    Writes the card's file and its solutions with every part in its place. `pack check CARD` lists
    what is unfinished.
    """
    from trainer.content.locate import Pack
    from trainer.errors import UsageError
    from trainer.packcheck.scaffold import new_card

    pack = Pack(folder / "tasks", folder / "solutions") if folder else run.session.pack
    if pack.index is not None:
        raise UsageError("the built-in cards belong to the program", remedy="name a folder for your own pack")
    files = new_card(card, competency, pack)
    if run.json:
        streams.out_json(
            {"schema": "cks-trainer.packnew/1", "card": card, "files": [str(file) for file in files]}
        )
    else:
        for file in files:
            streams.out(str(file))
    return 0


@command.command(name="export")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.argument("cards", nargs=-1, metavar="[CARD]...")
@click.option(
    "--without-solutions", is_flag=True, help="Leave out what says how the cards are solved, for learners."
)
@click.option("--without-hints", is_flag=True, help="Leave out the hints as well.")
def export(
    run: Run, *, folder: Path, cards: tuple[str, ...], without_solutions: bool, without_hints: bool
) -> None:
    """Copy cards into a new folder, DIR, which is then a pack: all of them, or only CARD...

    Without solutions, the copy has no stored answers, no walk-throughs, no quicker way with kubectl and no
    comments, and gives the same verdicts. Learners use it with --pack DIR.
    """
    from trainer.content.export import export_pack

    files = export_pack(
        run.session.pack, folder, cards, solutions=not without_solutions, hints=not without_hints
    )
    if run.json:
        form = {"schema": "cks-trainer.packexport/1", "folder": str(folder)}
        streams.out_json({**form, "files": [str(file) for file in files]})
    else:
        streams.out(str(folder))
        streams.say(f"wrote {len(files)} files")


def _named(run: Run, names: tuple[str, ...]) -> tuple[Pack, tuple[str, ...]]:
    """The pack, and the IDs of cards. Raises `UsageError` if a folder isn't a pack.

    A folder of answers may have the name of a card: only what looks like a path, or no card has as its ID,
    is taken for a pack.
    """
    from trainer.content.files import card_files, card_id_of
    from trainer.content.locate import pack_at

    if not names:
        return run.session.pack, ()
    first = Path(names[0])
    if (first / "tasks").is_dir() or os.sep in names[0]:
        return pack_at(first), names[1:]
    ids = {card_id_of(name) for name in card_files(run.session.pack.tasks)}
    if names[0] not in ids and first.is_dir():
        return pack_at(first), names[1:]
    return run.session.pack, names
