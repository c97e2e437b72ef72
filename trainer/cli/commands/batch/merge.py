"""`cks-trainer batch merge`: the results of one run from its shards."""

from __future__ import annotations

from pathlib import Path

import click

from trainer.cli.base import Run
from trainer.cli.base import command as make_command
from trainer.cli.batches import finish, formats_of, write_rows, writing_to

SCHEMA = "cks-trainer.batch-merge/1"


@make_command(name="merge")
@click.argument("shards", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SHARDS...")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), metavar="DIR", help="Folder for the results."
)
def command(run: Run, *, shards: tuple[Path, ...], out: Path) -> int:
    """Write the results of a class from all its shards: the same bytes as without --shard.

    SHARDS are the files that `batch --shard` has written, or the folders that they are in. They must be
    all shards of one run: the same cards, learners, options (--format as well) and version of cks-trainer.
    Exits 0, or 5 if some rows have status error.
    """
    from trainer.batch import Graded
    from trainer.batch.shards import merged
    from trainer.cli.ending import tidied_on_signals

    found = merged(shards)
    whole = found.whole
    rows = (Graded(place, row) for place, row in enumerate(found.rows()))
    with writing_to(out), tidied_on_signals():
        written = write_rows(rows, out, whole, formats_of(",".join(whole.formats)), whole.rows)
    number = len(whole.cards)
    fields = {"learners": whole.rows // number, "cards": list(whole.cards), "rows": whole.rows}
    return finish(run, written, fields, {"shards": found.run.shards}, schema=SCHEMA)
