"""Tools that change modes and owners."""

# ruff: noqa: S108 - the paths of containers, no files of ours
from __future__ import annotations

import pytest

from tests.simulate.containers.sandbox import container, ran
from tests.simulate.node.sample import after, said
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.shell.tools.modes import changed_mode


def test_what_another_user_may_do() -> None:
    for text in ("chmod 777 a", "chown 33 a", "echo x > a", "cat d/x"):
        assert ran(text, user=33).code, text
    assert ran("touch b && chmod 600 b && echo x > b && cat b", user=33).out == "x\n"


@each_row(
    ("mode", "text", "expected"),
    [
        (0o755, "644", 0o644),
        (0o644, "+x", 0o755),
        (0o644, "+w", 0o644),
        (0o444, "a+w", 0o666),
        (0o755, "u=rw,go=", 0o600),
        (0o755, "=r", 0o444),
        (0o755, "-x", 0o644),
        (0o755, "4755", 0o4755),
        (0o4755, "755", 0o755),
        (0o4755, "u-s", 0o755),
        (0o4755, "u=rwx", 0o755),
        (0o6755, "a-s", 0o755),
        (0o755, "ug+s,o+t", 0o7755),
        (0o755, "g=rX,o-rX", 0o750),
        (0o644, "u+X", 0o644),
        (0o644, "g=u", 0o664),
        (0o2711, "o=g,u-w", 0o2511),
        (0o4755, "g=u", 0o4775),
        (0o640, "o+g", 0o644),
    ],
)
def test_changed_modes(mode: int, text: str, expected: int) -> None:
    assert changed_mode(mode, text) == expected


@each_row(
    ("text", "complaint"),
    [("chmod 644 none", "none doesn't exist"), ("chown 0 none", "none doesn't exist"), ("chmod 700 d", "")],
)
def test_missing_files(text: str, complaint: str) -> None:
    assert ran(text).complaint == complaint


@each_row(
    "text",
    [
        "chmod -R 700 /usr",
        "chown www-data a",
        "chmod g=ur a",
        "chmod -x",
        "chgrp x a",
        "chmod --reference=d a",
    ],
)
def test_what_is_outside(text: str) -> None:
    with pytest.raises(NotJudged):
        ran(text)


def file_after(text: str, path: str = "/tmp/a", user: int = 0) -> tuple[int, int, int]:
    machine = container(user)
    machine.execute(("sh", "-c", text))
    file = machine.files.known[path]
    assert file is not None
    return file.mode, file.owner, file.group


@each_row(
    ("text", "expected"),
    [
        ("chmod -R 640 d", (0o640, 0, 0)),
        ("chmod 640 d/x -v", (0o640, 0, 0)),
        ("chmod -- -r d/x", (0o200, 0, 0)),
        ("chown -R 33:44 d", (0o600, 33, 44)),
        ("chown root.root d/x", (0o600, 0, 0)),
        ("chown nobody: d/x", (0o600, 65534, 65534)),
        ("chgrp nogroup d/x", (0o600, 0, 65534)),
        ("chmod 6700 d/x; chown 5 d/x", (0o700, 5, 0)),
        ("ln -s d/x l; chown 5 l", (0o600, 5, 0)),
        ("ln -s /tmp/d/x l; chown -h 5 l", (0o600, 0, 0)),
        ("chown 5: d/x", (0o600, 0, 0)),
    ],
)
def test_what_becomes_of_a_file(text: str, expected: tuple[int, int, int]) -> None:
    assert file_after(text, "/tmp/d/x") == expected


def test_containers_and_nodes_have_the_same_programs() -> None:
    for text in ("chmod -R u=rwX,go= {}", "chown -R nobody:nogroup {}", "chmod 4711 {}/x", "chgrp 7 {}/x"):
        there = after(f"mkdir /opt/d; : > /opt/d/x; chmod 600 /opt/d/x; {text.format('/opt/d')}")
        file = there.files.known["/opt/d/x"]
        assert file is not None
        assert file_after(text.format("/tmp/d"), "/tmp/d/x") == (file.mode, file.owner, file.group)


def test_what_is_told_of_each_file_is_not_known() -> None:
    assert ran("chmod -v 600 a").out is None
    assert ran("chown -c 0 a").out is None


def test_octal_modes_with_signs():
    assert said("touch /root/f; chmod 04755 /root/f; chmod -4022 /root/f; stat -c %a /root/f").out == "755\n"
    assert said("touch /root/f; chmod 700 /root/f; chmod +4050 /root/f; stat -c %a /root/f").out == "4750\n"
