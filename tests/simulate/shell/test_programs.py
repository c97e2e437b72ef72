"""Tests of `simulate.shell.programs`: the table of programs."""

from __future__ import annotations

from tests.simulate.containers.sandbox import container
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.shell.process import Stopped, TimedOut
from trainer.simulate.shell.programs import TOOLS


@each_row("name", sorted(TOOLS))
def test_every_program_of_the_table_can_be_run(name):
    """Without arguments each ends, or says that this isn't judged: none of them breaks."""
    try:
        ran = container().execute((name,))
    except (NotJudged, TimedOut, Stopped):
        return
    assert 0 <= ran.code < 126
