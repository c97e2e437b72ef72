"""Tools that wait, or run others."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.simulate.containers.sandbox import container, ran
from tests.simulate.node.sample import said
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.containers.commands import Machine
from trainer.simulate.shell.process import Stopped, TimedOut
from trainer.simulate.shell.tools.running import seconds_of


@each_row(
    ("word", "seconds"),
    [
        ("5", 5),
        ("0.5", 0.5),
        ("2m", 120),
        ("1h", 3600),
        ("1d", 86400),
        ("infinity", float("inf")),
        ("soon", None),
        ("1w", None),
    ],
)
def test_times(word: str, seconds: float | None) -> None:
    assert seconds_of(word) == seconds


@each_row(
    ("text", "code"),
    [
        ("env A=1 B=2 rm a", 0),
        ("env", 0),
        ("nohup rm none", 1),
        ("nice rm a", 0),
        ("timeout 2 sleep 5; [ $? = 124 ]", 0),
        ("timeout 2 rm none", 1),
        ("echo a | xargs rm", 0),
        ("echo none | xargs rm", 123),
        ("echo -n | xargs -r rm", 0),
        ("kill -l", 0),
        ("kill -0 1 && kill -9 1 && kill -s KILL 1", 0),
    ],
)
def test_what_they_run(text: str, code: int) -> None:
    assert ran(text).code == code


def test_time_that_is_up() -> None:
    with pytest.raises(TimedOut):
        ran("timeout 60 sleep 20")
    with pytest.raises(TimedOut):
        ran("sleep 1d")


def test_a_server_that_is_stopped() -> None:
    for text in ("kill 1", "kill -TERM 1", "kill -s INT 1"):
        machine = Machine(container().files, main=("httpd-foreground",))
        with pytest.raises(Stopped):
            machine.execute(("sh", "-c", text))


@each_row(
    ("argv", "network", "code"),
    [
        (("apt-get", "remove", "-y", "bash"), True, 100),
        (("dpkg", "-r", "bash"), True, 1),
        (("apt-get", "install", "-y", "bash"), True, 0),
        (("apt-get", "update"), True, 0),
        (("apt-get", "update"), False, 100),
        (("apt", "install", "curl"), False, 100),
    ],
)
def test_package_managers(argv: tuple[str, ...], network: bool, code: int) -> None:
    managers = ("apt", "apt-get", "dpkg")
    assert Machine(container().files, managers=managers, network=network).execute(argv).code == code
    assert Machine(container().files, managers=managers, user=33).execute(("apt-get", "update")).code == 100
    with pytest.raises(NotJudged):
        Machine(container().files, managers=managers).execute(
            ("apt-get", "remove", "--allow-remove-essential", "bash")
        )


@each_row(
    "text",
    [
        "kill 1",
        "kill -HUP 7",
        "env -i rm a",
        "timeout -k 1 2 rm a",
        "timeout 0 rm a",
        "xargs -p rm",
        "nice -n 5 rm a",
        "sleep -x",
    ],
)
def test_what_is_outside(text: str) -> None:
    with pytest.raises(NotJudged):
        ran(text)


def test_mounting_needs_a_capability() -> None:
    for text in ("mount -o remount,rw /", "umount /tmp"):
        found = ran(text)
        assert (found.code, "CAP_SYS_ADMIN" in found.complaint) == (32, True)
        machine = container()
        machine.mounts = True
        with pytest.raises(NotJudged, match="mount"):
            machine.execute(("sh", "-c", text))
    assert ran("mount").code == 0


@each_row(
    ("text", "out"),
    [
        ("echo 1 2 3 | xargs -n 2 echo", "1 2\n3\n"),
        ("echo 1 2 3 | xargs -n1 echo", "1\n2\n3\n"),
        ("printf 'a b\\nc\\n' | xargs -I{} echo x{}y", "xa by\nxcy\n"),
        ("printf 'a\\n' | xargs -I X echo X X", "a a\n"),
        ("true | xargs -r echo x", ""),
        ("true | xargs --no-run-if-empty echo x", ""),
        ("true | xargs echo x", "x\n"),
        ("true | xargs -I{} echo {}", ""),
    ],
)
def test_the_options_of_xargs(text: str, out: str) -> None:
    """A real xargs agrees, if there is one."""
    assert ran(text).out == out
    if shutil.which("xargs"):
        assert subprocess.run(["sh", "-c", text], capture_output=True, text=True, check=True).stdout == out


def test_the_words_of_xargs():
    for command, out in (
        ("printf 'a b\\nc\\n' | xargs -L 1 echo x", "x a b\nx c\n"),
        ("echo a,b | tr -d '\\n' | xargs -d, -n1 echo", "a\nb\n"),
        ("printf 'a b\\nc\\n' | xargs -d '\\n' -I{} echo '<{}>'", "<a b>\n<c>\n"),
        ("echo a b | xargs -t -P 2 --max-args=1 -- echo", "a\nb\n"),
        ("echo a | xargs -rn1 rm -f; echo a b | xargs", "a b\n"),
    ):
        assert said(command).out == out
    with pytest.raises(NotJudged):
        said("echo a | xargs -s 5 echo")
