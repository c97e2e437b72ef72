"""Tests of `simulate.containers.commands`: what a command does to the programs of an image."""

# ruff: noqa: S108 - the paths of containers, no files of ours
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.containers.commands import Machine
from trainer.simulate.shell.filesystem import File, Files
from trainer.simulate.shell.process import RunsOn, TimedOut
from trainer.simulate.shell.programs import TOOLS

SERVER = (("httpd-foreground",),)


def files(refusal: str = "") -> Files:
    paths = [*(f"/bin/{tool}" for tool in TOOLS), "/bin/bash", "/bin/dash"]
    return Files(paths, lambda _: refusal, {"/bin": "/usr/bin"}, {"/bin/sh": "/bin/dash"})


def ran(*argv: str, on: Files | None = None, deadline: float = 1) -> tuple[int, Files]:
    machine = Machine(files() if on is None else on, SERVER, deadline)
    return machine.execute(argv).code, machine.files


def script(text: str, shell: str = "sh") -> tuple[int, Files]:
    return ran(shell, "-c", text)


GONE, THERE = None, File("/usr/bin/bash")


@each_row(
    ("text", "code", "bash"),
    [
        ("rm /bin/bash", 0, GONE),
        ("rm -f /usr/bin/bash", 0, GONE),
        ("/bin/rm -- /bin/bash", 0, GONE),
        ("/usr/bin/rm --force --verbose /bin//bash", 0, GONE),
        ("unlink /bin/bash", 0, GONE),
        ("rm /bin/bash /bin/bash", 1, GONE),
        ("rm -f /bin/bash /bin/bash", 0, GONE),
        ("rm", 1, THERE),
        ("rm -f", 0, THERE),
        ("rm /bin/bash && rm /bin/bash || true", 0, GONE),
        ("rm /bin/bash; false", 1, GONE),
        ("false && rm /bin/bash", 1, THERE),
        ("false || rm /bin/bash", 0, GONE),
        ("true || rm /bin/bash", 0, THERE),
        ("! rm /bin/bash", 1, GONE),
        ("test -e /bin/bash && rm /bin/bash", 0, GONE),
        ("[ -x /bin/bash ] && rm /bin/bash", 0, GONE),
        ("[ ! -e /bin/bash ] || rm /bin/bash", 0, GONE),
        ("test ! -e /bin/bash", 1, THERE),
        ("rm -f /bin/bash; test ! -e /bin/bash", 0, GONE),
        ("[ -d /bin ] && [ -f /bin/bash ]", 0, THERE),
        ("test -d /bin/bash", 1, THERE),
        ("test -x /bin && test -s /bin && test -e /bin", 0, THERE),
        ("test -f /bin", 1, THERE),
        ("[ -z '' -", 2, THERE),
        ("test x = x && test x != y && test -n x && test x", 0, THERE),
        ("test", 1, THERE),
        ("exit 0; rm /bin/bash", 0, THERE),
        ("rm /bin/bash; exit", 0, GONE),
        ("false; exit", 1, THERE),
        ("exit 257", 1, THERE),
        ("exit 128", 128, THERE),
        ("exit 255", 255, THERE),
        ("exit 256", 0, THERE),
        ("exec rm /bin/bash; false", 0, GONE),
        ("bash -c 'rm /bin/bash'", 0, GONE),
        ("rm /bin/bash; bash -c true", 127, GONE),
        ("rm /bin/sh; sh -c true", 127, THERE),
        ("rm /bin/dash; sh -c true", 127, THERE),
        ("rm -f /bin/zsh /bin/bash", 0, GONE),
        ("rm -rf /opt/tool /bin/bash", 0, GONE),
        (": ; true ; echo rm /bin/bash", 0, THERE),
        ("sleep 0.5; rm /bin/bash", 0, GONE),
        ("mv /bin/bash /bin/bash", 1, THERE),
        ("mv /bin/bash /tmp/x && mv /tmp/x /bin/bash", 0, THERE),
        ("chmod -x /bin/bash", 0, File("/usr/bin/bash", 0o644)),
        ("chmod a-x,u+x /bin/bash", 0, File("/usr/bin/bash", 0o744)),
        ("chmod 000 /bin/bash", 0, File("/usr/bin/bash", 0)),
        ("chmod u=rw,go= /bin/bash", 0, File("/usr/bin/bash", 0o600)),
        ("chmod -x /bin/bash; bash -c true", 127, File("/usr/bin/bash", 0o644)),
        ("rm /bin/bash; chmod -x /bin/bash", 1, GONE),
        ("rm /bin/bash; mv /bin/bash /tmp", 1, GONE),
    ],
)
def test_scripts(text, code, bash):
    found, after = script(text)
    assert (found, after.at("/bin/bash")) == (code, bash)


def test_an_error_ends_a_script_with_e():
    assert ran("sh", "-ec", "false; rm /bin/bash")[1].at("/bin/bash") == THERE
    assert ran("sh", "-e", "-c", "false; rm /bin/bash")[0] == 1
    assert ran("sh", "-ec", "false && true; rm /bin/bash")[1].at("/bin/bash") is GONE
    assert ran("sh", "-ec", "! true; rm /bin/bash")[1].at("/bin/bash") is GONE
    assert ran("sh", "-ec", "true && false; rm /bin/bash")[1].at("/bin/bash") == THERE


def test_a_program_is_run_without_a_shell():
    assert ran("rm", "/bin/bash")[1].at("/bin/bash") is GONE
    assert ran("[", "-e", "/bin/bash", "]")[0] == 0
    code, after = ran("rm /bin/bash")
    assert (code, after.at("/bin/bash")) == (127, THERE)
    code, after = ran("rm", "/bin/bash", "&&", "true")
    assert (code, after.at("/bin/bash")) == (1, GONE)
    assert ran("rm", "-f", "/bin/bash", ";")[0] == 0
    assert ran("sh", "-c", "rm", "/bin/bash")[0] == 1
    with pytest.raises(NotJudged, match="relative path true"):
        ran("rm", "-f", "/bin/bash", "&&", "true")


def test_moving():
    after = script("mv /bin/bash /tmp")[1]
    assert (after.at("/bin/bash"), after.at("/tmp/bash")) == (None, THERE)
    after = script("mv -f /bin/bash /bin/mv")[1]
    assert (after.at("/bin/bash"), after.at("/bin/mv")) == (None, THERE)


def test_links_are_followed_but_removed_as_links():
    assert script("chmod -x /bin/sh")[1].at("/bin/dash") == File("/usr/bin/dash", 0o644)
    after = script("rm /bin/sh")[1]
    assert after.at("/bin/dash") == File("/usr/bin/dash")
    assert script("rm /bin/dash; test -e /bin/sh")[0] == 1


def test_a_refused_change_fails():
    for text in ("rm /bin/bash", "rm -f /bin/bash", "mv /bin/bash /tmp", "chmod -x /bin/bash"):
        machine = Machine(files("the root filesystem is read-only"))
        found = machine.execute(("sh", "-c", text))
        assert found.code == 1
        assert found.complaint == "/bin/bash: the root filesystem is read-only"
        assert machine.files.at("/bin/bash") == THERE


def test_time():
    with pytest.raises(TimedOut):
        ran("sh", "-c", "rm /bin/bash; sleep 5")
    with pytest.raises(TimedOut):
        ran("sleep", "infinity", deadline=float("inf"))
    with pytest.raises(NotJudged, match="sleep as long as"):
        ran("sleep", "1")
    machine = Machine(files(), deadline=float("inf"))
    machine.execute(("sh", "-c", "sleep 1d; sleep 2m 3; rm /bin/bash"))
    assert machine.seconds == 86400 + 123
    assert machine.changes == [(86523, "/usr/bin/bash")]


def test_the_server_runs_on():
    with pytest.raises(RunsOn):
        ran("sh", "-c", "rm /bin/bash && exec httpd-foreground")


@each_row(
    "text",
    [
        "apt-get remove bash",
        "/opt/bin/rm /bin/bash",
        "/bin/find",
        "rm bash",
        "rm ./bash",
        "rm /opt/tool",
        "rm -f /opt/tool",
        "rm -rf /bin",
        "rm -r /usr",
        "rm -if /bin/bash",
        "mv /bin/sh /tmp",
        "mv /bin/bash /nowhere/x",
        "mv -t /tmp /bin/bash",
        "mv /opt/tool /tmp",
        "chmod -R -x /bin",
        "chmod g=ur /bin/bash",
        "chmod --reference=/bin/mv /bin/bash",
        "chmod -x",
        "test -e /opt/tool",
        "exit x",
        "sh -l -c true",
        "sh /opt/script",
        "zsh -c true",
        "true && exit 1 2",
        "''",
    ],
)
def test_what_is_never_guessed(text):
    with pytest.raises(NotJudged):
        script(text)


@each_row(
    ("argv", "code", "complaint"),
    [
        (("rm", "/bin/bash/"), 1, "/bin/bash/ is not a directory"),
        (("mv", "/bin/bash", "/bin/mv", "/tmp"), 0, ""),
        (("sleep", "soon"), 1, "soon is not a time"),
        (("sleep",), 1, "sleep without a time"),
        (("sh",), 0, ""),
        (("sh", "-c"), 2, "sh -c without a script"),
        (("sh", "/tmp/script"), 127, "there is no script /tmp/script"),
        (("exec", "rm", "/bin/bash"), 127, "program 'exec' doesn't exist"),
        (("rm;", "/bin/bash"), 127, "program 'rm;' doesn't exist"),
        (("-", "rm"), 127, "program '-' doesn't exist"),
        (("/tmp/rm", "/bin/bash"), 127, "/tmp/rm does not exist in the image"),
        (("/tmp", "x"), 126, "/tmp is a directory"),
        (("apk", "del", "bash"), 127, "apk does not exist in the image"),
        (
            ("apt-get", "remove", "-y", "bash"),
            100,
            "bash is an essential package: apt-get refuses to remove it",
        ),
        (("/usr/bin/apt", "purge", "bash"), 100, "bash is an essential package: apt refuses to remove it"),
        (("sh", "-c", "rm $0", "/bin/bash"), 0, ""),
        (("sh", "-c", 'rm "$@"', "x", "/bin/bash", "/bin/mv"), 0, ""),
    ],
)
def test_programs(argv, code, complaint):
    found = Machine(files(), managers=("apt", "apt-get", "dpkg")).execute(argv)
    assert (found.code, found.complaint) == (code, complaint)


def test_who_may_run_and_write():
    machine = Machine(
        files("user 33 can't change files of root"), user=33, environment={"X": "1"}, folder="/tmp"
    )
    assert machine.execute(("sh", "-c", "rm /bin/bash")).complaint.endswith("can't change files of root")
    assert machine.execute(("sh", "-c", 'test "$X" = 1 && pwd')).out == "/tmp\n"
    machine.files.put("/bin/mv", File("/usr/bin/mv", 0o744))
    assert machine.execute(("mv", "/tmp/a", "/tmp/b")).complaint == "mv is not executable"
    assert machine.search("mv") is None
    assert machine.search("/bin/mv") is None


def test_a_folder_that_a_shell_changes_to_is_its_own():
    machine = Machine(files(), folder="/tmp")
    assert machine.execute(("sh", "-c", "cd /usr/bin && rm ./bash")).code == 0
    assert machine.folder == "/tmp"
    assert machine.files.at("/bin/bash") is GONE


def test_the_network_is_noted():
    machine = Machine(files(), managers=("apt-get",), network=False)
    assert machine.execute(("apt-get", "update")).code == 100
    assert machine.asked_network


def test_shells_inside_shells_end():
    text = "true"
    for _ in range(3):
        text = f"sh -c '{text}'" if "'" not in text else f'sh -c "{text}"'
    with pytest.raises(NotJudged, match="shells inside shells"):
        Machine(files()).execute(("sh", "-c", "true"), depth=9)
    assert script("sh -c 'sh -c \"true\"'")[0] == 0


def test_files_can_be_copied():
    first = files()
    second = first.copy()
    ran("rm", "/bin/bash", on=second)
    assert (first.at("/bin/bash"), second.at("/usr/bin/bash")) == (THERE, None)
    assert second.is_folder("/usr/bin")
    assert second.is_folder("/bin")
    assert not second.is_folder("/bin/mv")


WORDS = [
    "rm",
    "-f",
    "mv",
    "chmod",
    "test",
    "[",
    "]",
    "!",
    "-e",
    "-x",
    "/bin/bash",
    "/bin/sh",
    "/tmp",
    "true",
    "false",
]
WORDS += [
    "&&",
    "||",
    ";",
    "sh",
    "-c",
    "exit",
    "3",
    "sleep",
    "2",
    "exec",
    "unlink",
    "a-x",
    "'rm /bin/bash'",
    "bash",
]


@given(st.lists(st.sampled_from(WORDS), max_size=12))
def test_any_script_ends_in_one_way(words):
    """It has an exit code, runs out of time, or is not judged; the same twice; the given files stay."""

    def end() -> object:
        start = files()
        before = dict(start.known)
        machine = Machine(start.copy(), SERVER, deadline=1)
        try:
            found: object = machine.execute(("sh", "-c", " ".join(words))).code
        except (NotJudged, TimedOut, RunsOn) as error:
            found = type(error)
        assert start.known == before
        return found, tuple(machine.files.known.items())

    first = end()
    assert first == end()
