"""`cks-trainer lab`: the folder of a lab for a class, and the board that shows how far everybody is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from trainer.cli import streams
from trainer.cli.base import Run, group
from trainer.cli.options import seed_option
from trainer.content.curriculum import DOMAINS
from trainer.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

SCHEMA = "cks-trainer.lab-new/1"


@group(name="lab")
def command() -> None:
    """Run a lab for a class: make its folder, and watch how far everybody is."""


@command.command(name="new")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--cards", metavar="ID,...", help="The cards, in the order of the handout.")
@click.option(
    "--domain",
    "domains",
    multiple=True,
    type=click.Choice([info.id for info in DOMAINS]),
    help="Draw cards of this domain; may be repeated.",
)
@click.option("--minutes", type=click.IntRange(1), help="Draw cards for so many minutes.")
@click.option(
    "--roster",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="CSV file with the learners in its first column.",
)
@click.option("--title", default="CKS lab", show_default=True, help="Title of the handout and the board.")
@click.option("--without-hints", is_flag=True, help="Leave the hints out of the learners' cards.")
def new(
    run: Run,
    *,
    folder: Path,
    cards: str | None,
    domains: tuple[str, ...],
    minutes: int | None,
    roster: Path,
    title: str,
    without_hints: bool,
    seed: int | None,
) -> None:
    """Make the folder of a lab, DIR: cards without solutions, handouts, and for each learner a folder
    with the starter files.

    Name the cards, or let --minutes or --domain draw them as a mock exam does. Every learner has variants of
    their own, unless --seed gives all the same. DIR/README.md says how to serve, watch and grade the lab.
    """
    from trainer.cli.roster import read_roster
    from trainer.lab.folder import Lab, members
    from trainer.lab.new import new_lab
    from trainer.lab.readme import grading_command

    seed = run.seed if seed is None else seed
    chosen = _chosen(run, cards, domains, minutes, seed)
    names, doubles = read_roster(roster)
    for name in doubles:
        streams.say(f"listed twice in the roster, one folder: {name}")
    lab = Lab(tuple(chosen), tuple(members(names)), title, seed)
    new_lab(folder, lab, run.session.pack, hints=not without_hints)
    if run.json:
        learners = [{"name": one.name, "folder": one.folder} for one in lab.learners]
        form = {"schema": SCHEMA, "folder": str(folder), "cards": list(lab.cards), "seed": lab.seed}
        streams.out_json(
            {**form, "learners": learners, "listed_twice": doubles, "grade": grading_command(lab)}
        )
        return
    for one in lab.learners:
        if one.name != one.folder:
            streams.say(f"{one.name} works in {one.folder}")
    streams.say(f"{len(lab.cards)} cards: {', '.join(lab.cards)}")
    streams.say(f"read {folder / 'README.md'}; to grade the class, run in {folder}:")
    streams.out(grading_command(lab))


new.params.append(seed_option("Seed of the variants that all learners have; it also draws the cards."))


def _chosen(
    run: Run, cards: str | None, domains: Sequence[str], minutes: int | None, seed: int | None
) -> list[str]:
    """The IDs of the cards, named or drawn. Raises `UsageError`."""
    if (cards is None) == (not domains and minutes is None):
        raise UsageError(
            "name the cards, or let them be drawn", remedy="pass --cards a,b,c, or --minutes and --domain"
        )
    if cards is not None:
        names = list(dict.fromkeys(name.strip() for name in cards.split(",") if name.strip()))
        if not names:
            raise UsageError("--cards is empty", remedy="pass --cards a,b,c")
        return [run.session.card(name, 0).id for name in names]
    from trainer.session.exam.draw import Plan, draw

    try:
        drawn = draw(run.session.catalogue.cards, Plan(minutes, None, tuple(domains)), seed or 0)
    except UsageError as error:
        message = error.message.replace("an exam", "a lab").replace("a whole exam", "a whole lab")
        raise UsageError(message, remedy="pass other --minutes, or name the --cards") from None
    return [card.id for card in drawn.cards]


@command.command(name="board")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--once", is_flag=True, help="Print the board as it is now, and exit.")
@click.option(
    "--html",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Keep a page for a browser or a projector up to date; it reads itself again.",
)
@click.option(
    "--every", type=click.IntRange(1, 3600), default=5, show_default=True, help="Seconds between two looks."
)
@click.option(
    "--stuck",
    type=click.IntRange(1, 600),
    default=10,
    show_default=True,
    help="Minutes for which the same check fails until a learner is stuck.",
)
def board(run: Run, *, folder: Path, once: bool, html: Path | None, every: int, stuck: int) -> None:
    """Show how far the class of the lab in DIR is: cards, points, who is stuck on which check and
    since when, who is done, who hasn't begun.

    It reads the learners' progress, what their programs add to the results of the class, and their answers,
    which it grades when they change. It shows no answers, and changes nothing. q ends it. Without a terminal,
    it keeps only the page of --html up to date, until you press Ctrl-C.
    """
    from trainer.cli.board import board_lines, keep_page
    from trainer.lab.board_page import write_board
    from trainer.lab.watching import Watcher

    watcher = Watcher(folder, patience=stuck * 60)
    if once or run.json:
        seen = watcher.look()
        if html is not None:
            write_board(seen, html, seconds=every)
        if run.json:
            streams.out_json(seen.json())
        else:
            streams.out_lines(board_lines(seen, streams.columns()))
        return
    if streams.at_terminal() and not streams.is_dumb():
        run.open_board(watcher, html, every)
        return
    if html is None:
        raise UsageError("the board needs a terminal", remedy="pass --once, --json or --html FILE")
    streams.say(f"keeping {html} up to date; press Ctrl-C to stop")
    keep_page(watcher, html, every)
