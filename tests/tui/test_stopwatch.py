"""Tests of `tui.stopwatch`: the time spent on a card."""

from __future__ import annotations

from trainer.tui.stopwatch import Stopwatch


def test_it_counts_while_it_runs() -> None:
    now = [100.0]
    watch = Stopwatch(lambda: now[0])
    now[0] += 5
    assert (watch.seconds, watch.running, watch.paused) == (5, True, False)
    watch.pause()
    now[0] += 60
    assert (watch.seconds, watch.running, watch.paused) == (5, False, True)
    watch.pause()
    watch.resume()
    now[0] += 2
    watch.resume()
    assert watch.seconds == 7
    watch.stop()
    now[0] += 60
    assert (watch.seconds, watch.stopped, watch.paused) == (7, True, False)
    watch.resume()
    now[0] += 1
    assert (watch.seconds, watch.stopped) == (8, False)


def test_a_clock_that_is_set_back_takes_nothing_away() -> None:
    now = [100.0]
    watch = Stopwatch(lambda: now[0])
    now[0] = 50
    assert watch.seconds == 0
