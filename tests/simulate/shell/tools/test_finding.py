"""`find` and `which`."""

# ruff: noqa: S108 - the paths of containers, no files of ours
from __future__ import annotations

import pytest

from tests.simulate.containers.sandbox import container, left, ran
from tests.simulate.node.sample import said
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.shell.filesystem import File, UnknownProgram


@each_row(
    ("text", "code", "out"),
    [
        ("find . -name x", 0, "./d/x\n"),
        ("find /tmp -type d", 0, "/tmp/d\n"),
        ("find none", 1, ""),
        ("find a", 0, "a\n"),
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
    assert ran("find /usr/bin -name bash -exec rm {} +", refusal="read-only").code == 1
    assert ran("find /usr/bin -name bash -exec rm {} \\;", refusal="read-only").code == 0


@each_row(
    "text",
    [
        "find / -name 'b*'",
        "find /etc -name bash",
        "find / -name bash -delete",
        "find / -name bash | xargs rm",
        "find /usr/bin",
        "find /usr/bin -name 'b*'",
        "find /usr/bin -name perl",
        "find . -size 0",
        "find / -name bash -exec cat {} \\;",
        "find . -maxdepth x",
        "which -a rm",
        "which perl",
    ],
)
def test_what_is_outside(text: str) -> None:
    with pytest.raises(NotJudged):
        ran(text)


@each_row(
    ("text", "code"),
    [
        ("find / -type f -name bash -delete", 0),
        ("find / -name bash -exec rm {} \\;", 0),
        ("find /usr -name bash -exec rm -rf {} +", 0),
        ("find / -name bash -delete || exit 3", 0),
    ],
)
def test_below_the_root(text: str, code: int) -> None:
    """GNU find meets the directory of the package's documents: it can't delete that, and goes on."""
    for documents, code_of_delete in ((["/usr/share/doc/bash/copyright"], 3), ([], 0)):
        machine = container()
        for path in documents:
            machine.files.put(path, File(path))
        if not documents:
            machine.files.put("/usr/share/doc/bash/copyright", None)
        found = machine.execute(("sh", "-c", text))
        assert found.code == (code_of_delete if "exit 3" in text else code)
        assert machine.files.at("/bin/bash") is None
    assert bool(ran(text, user=7).code) is ("/ " in text)


def test_what_may_be_there_is_asked_for() -> None:
    for text in (
        "which perl",
        "command -v perl",
        "[ -f /bin/perl ]",
        "mv /bin/perl /tmp",
        "chmod -x /bin/perl",
    ):
        with pytest.raises(UnknownProgram, match="perl"):
            ran(text)
    assert ran("find / -name bash").out is None


FILES = "mkdir /opt/t; cd /opt/t; touch a b c; chmod 4755 a; chmod 2711 b; chmod 644 c; chown jane c; "


@each_row(
    ("arguments", "names"),
    [
        ("-perm -4000", "a"),
        ("-type f -perm /6000", "a b"),
        ("-type f -perm 644", "c"),
        ("-type f -perm 0644", "c"),
        ("-perm -u+s", "a"),
        ("-type f -perm /u=s,g=s", "a b"),
        ("-type f -perm -o+r", "a c"),
        ("-type f -perm -111", "a b"),
        ("-type f ! -perm -111", "c"),
        ("-type f -not -name a -not -perm -2000", "c"),
        ("-type f -user jane", "c"),
        ("-type f ! -user 0", "c"),
        ("-type f -group root -iname A", "a"),
        ("-type f -path '*/t/b'", "b"),
    ],
)
def test_modes_and_owners(arguments: str, names: str) -> None:
    """GNU findutils 4.9 finds the same."""
    assert (
        said(f"{FILES} find . {arguments} -exec basename {{}} \\; | sort | tr '\\n' ' '").out.split()
        == names.split()
    )


def test_names_without_blanks_between_them() -> None:
    assert (
        said(f"{FILES} find . -type f -perm -4000 -print0 | xargs -0 -r chmod u-s; ls -l a").out[:10]
        == "-rwxr-xr-x"
    )


@each_row(
    "text",
    [
        "find /opt -perm /6000",
        "find . -perm x",
        "find . ! -type f",
        "find . -name a -o -size 3",
        "find . -user eve",
    ],
)
def test_what_is_not_judged_on_a_node(text: str) -> None:
    with pytest.raises(NotJudged):
        said(FILES + text)


def test_depths_and_paths_from_the_start():
    tree = "mkdir -p /root/t/d/e; touch /root/t/a /root/t/d/b /root/t/d/e/c; cd /root/t; "
    for command, out in (
        ("find . -maxdepth 1 -type f", "./a\n"),
        ("find d -mindepth 2 -type f", "d/e/c\n"),
        ("find ./ -maxdepth 2 -name b", "./d/b\n"),
        ("find /root/t -maxdepth 0 -name b", ""),
        ("find . -type f -name a -o -type f -name c | sort", "./a\n./d/e/c\n"),
        ("find . \\( -name a -o ! -name b \\) -type f | sort", "./a\n./d/e/c\n"),
        ("echo x > a; find . -type f -empty | sort; find . -type f ! -empty", "./d/b\n./d/e/c\n./a\n"),
        ("find d -name b -exec echo {} \\; -o -name z", None),
        ("find . -name a -o -name b -delete", None),
        ("find . \\( -name a \\) -o -name b", None),
    ):
        if out is None:
            with pytest.raises(NotJudged):
                said(tree + command)
        else:
            assert said(tree + command).out == out


def test_a_depth_keeps_files_below_it():
    run = said(
        "mkdir -p /root/t/d; touch /root/t/x /root/t/d/x; find /root/t -maxdepth 1 -name x -delete; ls /root/t/d; ls /root/t"
    )
    assert run.out == "x\nd\n"
