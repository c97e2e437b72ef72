"""`find` and `which`."""

# ruff: noqa: S108 - the paths of containers, no files of ours
from __future__ import annotations

import pytest

from tests.simulate.containers.sandbox import container, left, ran
from trainer.errors import NotJudged


@pytest.mark.parametrize(
    ("text", "code", "out"),
    [
        ("find . -name x", 0, "/tmp/d/x\n"),
        ("find /tmp -type d", 0, "/tmp/d\n"),
        ("find none", 1, ""),
        ("find a", 0, "/tmp/a\n"),
        ("find /usr/bin -name bash", 0, "/usr/bin/bash\n"),
        ("find /bin -name bash", 0, ""),
        ("find /bin/ -maxdepth 1 -name bash", 0, "/usr/bin/bash\n"),
        ("find -L /bin -xdev -name none", 0, ""),
        ("which rm sh; which", 1, "/usr/bin/rm\n/usr/bin/sh\n"),
        ("which none", 1, ""),
    ],
)
def test_output(text: str, code: int, out: str) -> None:
    found = ran(text)
    assert (found.code, found.out) == (code, out)


def test_deleting() -> None:
    assert left("find . -type f -delete") == {"d": "folder"}
    assert left("find . -name 'x*' -exec rm -f {} \\;") == {"a": "one\ntwo\n", "d": "folder"}
    machine = container()
    assert machine.execute(("find", "/usr/bin", "-name", "bash", "-exec", "rm", "{}", "+")).code == 0
    assert machine.files.at("/bin/bash") is None
    assert (
        ran("find /usr/bin -name bash -delete", refusal="read-only").complaint == "/usr/bin/bash: read-only"
    )


@pytest.mark.parametrize(
    "text",
    [
        "find / -name bash",
        "find /usr/bin",
        "find /usr/bin -name 'b*'",
        "find /usr/bin -name perl",
        "find . -size 0",
        "find . -exec cat {} \\;",
        "find . -maxdepth 3",
        "which -a rm",
        "which perl",
    ],
)
def test_what_is_outside(text: str) -> None:
    with pytest.raises(NotJudged):
        ran(text)
