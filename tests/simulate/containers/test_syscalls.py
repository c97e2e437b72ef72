"""The names of the system calls."""

from __future__ import annotations

from tests.table import each_row
from trainer.simulate.containers.seccomp import DEFAULT_ALLOWED, DEFAULT_DENIED
from trainer.simulate.containers.syscalls import system_calls


@each_row("name", ["mkdir", "io_uring_setup", "clone3", "arm_fadvise64_64", "_llseek"])
def test_a_call_exists(name: str) -> None:
    assert name in system_calls()


@each_row("name", ["mkdri", "", "sys_mkdir", "MKDIR"])
def test_a_call_does_not_exist(name: str) -> None:
    assert name not in system_calls()


def test_the_calls_of_the_default_profile_exist() -> None:
    assert (DEFAULT_ALLOWED | DEFAULT_DENIED) - system_calls() == set()
