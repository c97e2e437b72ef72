"""Tests of `tools.material.strace`: lines have the columns of strace."""

from __future__ import annotations

from tools.material.strace import Call, log


def test_results_are_in_the_column_of_strace() -> None:
    calls = [
        Call(1, 41, "close(3) = 0"),
        Call(2, 22400, 'mount("none", "/mnt", "tmpfs", 0, NULL) = 0'),
        Call(3, 2410, "--- SIGURG {si_signo=SIGURG} ---"),
    ]
    short, long, signal = log("test", calls, (41,), 0, 10).splitlines()
    assert short == "41    08:00:01.000000 close(3)          = 0"
    assert long == '22400 08:00:02.000000 mount("none", "/mnt", "tmpfs", 0, NULL) = 0'
    assert signal == "2410  08:00:03.000000 --- SIGURG {si_signo=SIGURG} ---"
