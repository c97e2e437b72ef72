"""Command lines that start the same process."""

from __future__ import annotations

from tests.table import each_row
from trainer.simulate.containers.same_process import same_process

SLEEP = ("sleep", "1d")


@each_row(
    "argv",
    [
        ("sleep", "1d"),
        ("/bin/sleep", "1d"),
        ("/usr/bin/sleep", "86400"),
        ("sleep", "24h"),
        ("sleep", "86400s"),
        ("sh", "-c", "sleep 1d"),
        ("/bin/sh", "-c", "exec sleep 1d"),
        ("bash", "-c", "'sleep' \"1d\";"),
        ("ash", "-ec", " sleep  1440m # a day"),
        ("sh", "-c", "exec sh -c 'sleep 1d'"),
    ],
)
def test_the_same(argv: tuple[str, ...]) -> None:
    assert same_process(argv, SLEEP)
    assert same_process(("sh", "-c", "sleep 1d"), argv)


@each_row(
    "argv",
    [
        (),
        ("sleep 1d",),
        ("sleep", "1h"),
        ("sleep", "infinity"),
        ("sleep", "1d", "1d"),
        ("/opt/sleep", "1d"),
        ("sh", "-c", "sleep", "1d"),
        ("sh", "-c", "sleep 1d; true"),
        ("sh", "-c", "sleep 1d && true"),
        ("sh", "-c", "! sleep 1d"),
        ("sh", "-c", "sleep 1d > /dev/null"),
        ("sh", "-c", "A=1 sleep 1d"),
        ("sh", "-c", "sleep $T"),
        ("sh", "-c", "sleep 1d | cat"),
        ("sh", "-c", "sleep 1d &"),
        ("sh", "-c", ""),
        ("sh", "sleep", "1d"),
        ("echo", "sleep", "1d"),
    ],
)
def test_another(argv: tuple[str, ...]) -> None:
    assert not same_process(argv, SLEEP)


def test_other_programs_are_compared_word_for_word() -> None:
    assert same_process(("sh", "-c", "touch '/a b'"), ("touch", "/a b"))
    assert not same_process(("sh", "-c", "touch /a*"), ("touch", "/a*"))
    assert same_process(("sleep", "soon"), ("sleep", "soon"))
