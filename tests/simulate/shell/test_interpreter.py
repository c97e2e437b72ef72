"""Exit codes, `set -e`, redirections, pipes and loops; compared with a real shell where there is one."""

# ruff: noqa: S108, S311 - the paths of containers, no files of ours
from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.samples import first_of
from tests.simulate.containers.sandbox import left, ran
from tests.simulate.node.sample import said
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.containers.commands import Machine
from trainer.simulate.shell.filesystem import File, Files
from trainer.simulate.shell.interpreter import Shell
from trainer.simulate.shell.process import Ran, TimedOut
from trainer.simulate.shell.programs import TOOLS


@each_row(
    ("text", "code", "out"),
    [
        ("if [ -e a ]; then echo yes; else echo no; fi", 0, "yes\n"),
        ("if false; then echo x; fi", 0, ""),
        ("if false; then echo x; elif true; then echo y; fi", 0, "y\n"),
        ("while [ -e a ]; do rm a; done; ls a", 2, ""),
        ("until [ ! -e a ]; do rm a; done", 0, ""),
        ("for f in a none; do rm -f $f; done; ls", 0, "d\n"),
        ("(exit 3); echo $?", 0, "3\n"),
        ("A=; (cd d; A=1); pwd; echo ${A:-none}", 0, "/tmp\nnone\n"),
        ("{ false; }; echo $?", 0, "1\n"),
        ("echo one | grep -q one && echo found", 0, "found\n"),
        ("cat a | grep -c one | cat", 0, "1\n"),
        ("false | true; echo $?; true | false; echo $?", 0, "0\n1\n"),
        ("echo x > b; cat b; echo y >> b; cat < b", 0, "x\nx\ny\n"),
        ("cat none 2>/dev/null || echo gone", 0, "gone\n"),
        ("echo x >&2; rm none 2>&1", 1, None),
        ("set -e; if false; then :; fi; false || true; ! true; echo on", 0, "on\n"),
        ("set -e; (false; echo x); echo y", 1, ""),
        ("set -e; false && true; echo on", 0, "on\n"),
        ("echo x > /nowhere/y; echo $?", 0, "2\n"),
        (": > /nowhere/y; echo on", 2, ""),
        ("A=$(false) || echo no", 0, "no\n"),
        ("case a in b) false;; esac; echo $?", 0, "0\n"),
        ("export A=1; B=2; B=3 sh -c 'echo $A$B'; echo $B", 0, "13\n2\n"),
        ("A=1; export A; env B=2 sh -c 'echo $A$B'; (export A=4); sh -c 'echo $A'", 0, "12\n1\n"),
    ],
)
def test_scripts(text: str, code: int, out: str | None) -> None:
    found = ran(text)
    assert (found.code, found.out) == (code, out)


def test_files_that_scripts_leave() -> None:
    assert left("echo hi > b; cp b d; ln -s /tmp/a l; mkdir n") == {
        "a": "one\ntwo\n",
        "b": "hi\n",
        "d": "folder",
        "d/b": "hi\n",
        "d/x": "",
        "l": "-> /tmp/a",
        "n": "folder",
    }
    assert left("rm -rf d; date > a") == {"a": None}


def test_a_loop_that_changes_nothing_never_ends() -> None:
    for text in (
        "while true; do :; done",
        "while true; do date > b; sleep 1; done",
        "until false; do true; done",
    ):
        with pytest.raises(TimedOut):
            ran(text)
    with pytest.raises(NotJudged, match="a loop of more than 500 rounds"):
        ran("V=; while true; do V=x$V; done")


def test_times_of_a_pipe_overlap() -> None:
    machine = Machine(Files(["/bin/sleep", "/bin/dash"], lambda _: "", {}, {"/bin/sh": "/bin/dash"}))
    assert machine.execute(("sh", "-c", "sleep 3 | sleep 2; sleep 1")).code == 0
    assert machine.seconds == 4


FILES = ["a", "b", "c", "d", "d/x", "d/y", "n/z", "./b"]
COMMANDS = """\
rm @ @|rm -f @|rm -rf @|rm -r @|mv @ @|mv @ @ d|cp @ @|cp @ @ d|ln @ @|ln -s /nowhere @|touch @|touch -c @
mkdir @|mkdir -p @|rmdir @|cat @ @|cat < @|ls @|ls d|test -e @|test -f @|test -d @|[ ! -s @ ]|[ -L @ ]
[ -e @ -a -e @ ]|[ x = @ ]|[ 1 -lt 2 ]|echo hi > @|echo more >> @|: > @|> @|true > /nowhere/x|true|false|exit|exit 2
V="x y"|V=a|rm $V|rm "$V"|V=$(cat b)|V=$(false)|echo $? "$V"|echo ${V:-none}|grep -q one @|cat @ | grep -q two
echo @ | xargs rm|false | true|true | false|echo z | tee @|cd d|pwd|set -e|set +e|trap "rm -f b" EXIT|command rm @
eval "rm @"|exec rm @|find . -name x|rm d/*|echo *|unlink @|env A=1 rm @|sh -c "rm @"|break|unset V|basename @"""
ATOMS = [one for line in COMMANDS.splitlines() for one in line.replace(" | ", "\0").split("|")]
ATOMS = [one.replace("\0", " | ") for one in ATOMS]
FORMS = ["@ && @", "@ || @", "@; @", "! @", "if @; then @; else @; fi", "(@)", "{ @; }", "set -e; @; @"]
FORMS += [
    "for f in a d/x; do @; rm -f $f; done",
    "while [ -e b ]; do @; break; done",
    "case $V in a) @;; *) @;; esac",
]


def random_script(order: random.Random, depth: int = 3) -> str:
    atom = depth == 0 or order.random() < 0.4
    first, *rest = order.choice(ATOMS if atom else FORMS).split("@")
    return first + "".join(
        (order.choice(FILES) if atom else random_script(order, depth - 1)) + piece for piece in rest
    )


def in_a_real_shell(text: str, folder: Path) -> tuple[int, dict[str, str | None]]:
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "d").mkdir(parents=True)
    (folder / "a").write_text("A\n")
    (folder / "b").write_text("one\ntwo\n")
    run = subprocess.run(
        ["dash", "-c", text],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=60,
    )
    found: dict[str, str | None] = {}
    for path in folder.rglob("*"):
        name = str(path.relative_to(folder))
        found[name] = "link" if path.is_symlink() else None if path.is_dir() else path.read_text()
    return run.returncode, found


def simulated(text: str, folder: str) -> tuple[int, dict[str, str | None]]:
    programs = [*(f"/bin/{tool}" for tool in TOOLS), "/bin/dash"]
    files = Files(
        programs,
        lambda _: "",
        {"/bin": "/usr/bin"},
        {"/bin/sh": "/bin/dash"},
        empty=[folder],
        lacks=["/nowhere"],
    )
    files.put(f"{folder}/a", File("", 0o644, content="A\n"))
    files.put(f"{folder}/b", File("", 0o644, content="one\ntwo\n"))
    files.make_folder(f"{folder}/d")
    code = Machine(files, folder=folder, deadline=5).execute(("dash", "-c", text)).code
    found: dict[str, str | None] = {}
    for path in files.tree(folder):
        file = files.known.get(path)
        found[path.removeprefix(f"{folder}/")] = (
            None if file is None else "link" if file.link else file.content
        )
    return code, found


@pytest.mark.parametrize("seeds", first_of([range(30), range(30, 400)]))
def test_scripts_end_as_in_dash(seeds: range, tmp_path: Path) -> None:
    """Where there is a dash; elsewhere the scripts must only be judged."""
    folder = tmp_path / "box"
    judged = 0
    there = shutil.which("dash") is not None
    for seed in seeds:
        text = "V=; " + random_script(random.Random(seed))
        try:
            expected = simulated(text, str(folder))
        except NotJudged:
            continue
        if there:
            assert in_a_real_shell(text, folder) == expected, text
        judged += 1
    assert judged > len(seeds) / 2


DOCUMENTS = [
    ('cat <<EOF\na $X `echo b` $(echo c) \\$Y "q"\nEOF\necho after', 'a 1 b c $Y "q"\nafter\n'),
    ("cat <<'EOF'\na $X `echo b`\n\\$Y\nEOF", "a $X `echo b`\n\\$Y\n"),
    ('cat <<"E"OF\n$X\nEOF', "$X\n"),
    ("cat <<-EOF\n\t\ta\n\t b\n\tEOF\necho z", "a\n b\nz\n"),
    ("cat <<A; cat <<B\n1\nA\n2\nB\necho 3", "1\n2\n3\n"),
    ("cat <<A - <<B | tee /tmp/o\n1\nA\n2\nB", "2\n"),
    ("cat > /tmp/f <<EOF\nx\nEOF\ncat /tmp/f", "x\n"),
    ("if cat <<EOF\nx\nEOF\nthen echo y; fi", "x\ny\n"),
    ("echo $(cat <<EOF\nx\nEOF\n) z", "x z\n"),
    ("cat <<EOF\none\\\ntwo\nEOF", "onetwo\n"),
    ("cat <<EOF\nEOF\necho x", "x\n"),
    ("echo 1\ncat <<E\na\n E\necho x\n", "1\na\n E\necho x\n"),
    ("echo 1\ncat <<E; echo 2\n", "1\n2\n"),
    ("echo 1\ncat <<E", "1\n"),
    ("cat <<A; cat <<B\n1\nA\n2\n", "1\n2\n"),
    ("if cat <<E; then echo y; fi\na\n", "a\ny\n"),
    ("cat <<-E\n\ta\n", "a\n"),
]


@each_row(("text", "out"), DOCUMENTS)
def test_here_documents(text, out, tmp_path):
    """POSIX.1-2024, XCU 2.7.4; a real shell agrees, if there is one."""
    assert ran(f"X=1\n{text}") == Ran(0, "", out)
    shell = shutil.which("dash") or shutil.which("sh")
    if shell is not None:
        real = subprocess.run(
            [shell, "-c", f"X=1\n{text}".replace("/tmp/", "./")],
            capture_output=True,
            check=True,
            text=True,
            cwd=tmp_path,
        )
        assert real.stdout == out


def test_a_here_document_without_its_end_and_half_a_line_is_not_judged():
    with pytest.raises(NotJudged, match="a here-document without a line EOF"):
        ran("cat <<EOF\nx")


def test_the_line_of_the_running_command_is_known():
    seen = []
    machine = Machine(Files((), lambda _: "", {}, {}, empty=["/"]), folder="/")
    machine.execute = lambda argv, *_: seen.append((argv[0], machine.line)) or Ran(0)  # type: ignore[method-assign]
    text = "a\n\nb \\\n  --long\nif c; then\n  d\nfi\ne <<X\n1\n2\nX\nf $(g) `h`\neval i; k\n"
    Shell(machine, ("sh",), dash=True, depth=0).run(text)
    assert seen == [
        ("a", 1),
        ("b", 3),
        ("c", 5),
        ("d", 6),
        ("e", 8),
        ("g", 12),
        ("h", 12),
        ("f", 12),
        ("i", 13),
        ("k", 13),
    ]


def test_a_pattern_stands_for_files_of_the_current_directory():
    assert ran("echo d/* ?; echo none=1.*").out == "d/x a d\nnone=1.*\n"


def test_output_and_errors_together_in_bash_only():
    assert ran("echo a &> x; cat x", "bash").out == "a\n"
    assert ran("ls /nowhere &>/dev/null; echo $?", "bash").out == "2\n"
    with pytest.raises(NotJudged, match="which sh reads as a background command"):
        ran("rm a &>/dev/null")


FUNCTIONS = [
    ('f() { echo "$1-$#"; }; f a b; echo $#', "a-2\n0\n"),
    ("f() { return 3; }; f; echo $?", "3\n"),
    ("f() {\n  x=1\n}\nf; echo $x", "1\n"),
    ("x=0; f() { local x=1; echo $x; }; f; echo $x", "1\n0\n"),
    ("f() { if [ $1 = a ]; then return; fi; echo b; }; f a; f c", "b\n"),
    ("f() { g; echo f; }; g() { echo g; }; f", "g\nf\n"),
    ("f() (x=1; cd /); x=0; f; echo $x", "0\n"),
    ("f() { false; echo on; }; f || echo no", "on\n"),
    ("set -e; f() { false; echo on; }; f; echo end", ""),
    ("f() { cat; }; echo a | f", "a\n"),
    ("f() { echo a; }; x=$(f); echo [$x]", "[a]\n"),
    ("for i in 1 2; do f() { echo $i; }; f; done", "1\n2\n"),
]
READ = [
    ("printf 'a b c\\nd\\n' | while read x y; do echo \"$y-$x\"; done", "b c-a\n-d\n"),
    ("printf 'a\\nb' | while read -r x; do echo $x; done", "a\n"),
    ("printf ' a : b\\n' | while IFS=: read -r x y; do echo \"[$x][$y]\"; done", "[ a ][ b]\n"),
    ("printf '  a  \\n' | { IFS= read -r x; echo \"[$x]\"; }", "[  a  ]\n"),
    ("printf '  a  \\n' | { read -r x; echo \"[$x]\"; }", "[a]\n"),
    (
        "echo 1 > /tmp/f; echo 2 >> /tmp/f; while read -r x; do echo $x; done < /tmp/f; read -r y < /tmp/f; echo $y",
        "1\n2\n1\n",
    ),
    ("printf '1\\n2\\n' | { read -r a; read -r b; read -r c || echo none; echo $b $a; }", "none\n2 1\n"),
    ("X=a; X=b true; echo $X", "a\n"),
    ("F=kubelet:; echo ${F%:} ${F%x} ${F#k}", "kubelet kubelet: ubelet:\n"),
    ("F=/a/b.c.d; echo ${F##*/} ${F#*/} ${F%.*} ${F%%.*} ${F%/*}", "b.c.d a/b.c.d /a/b.c /a/b /a\n"),
]


@each_row(("text", "out"), [*FUNCTIONS, *READ])
def test_functions_and_read(text, out, tmp_path):
    """A real shell agrees, if there is one."""
    assert ran(text).out == out
    shell = shutil.which("dash") or shutil.which("sh")
    if shell is not None:
        real = subprocess.run(
            [shell, "-c", text.replace("/tmp/", "./")],
            capture_output=True,
            check=False,
            text=True,
            cwd=tmp_path,
        )
        assert real.stdout == out


BROKEN = [
    "x=$(cat <<E\na\n)\necho z\n",
    "echo a\nif true\nthen echo b\n",
    "echo a; if true; then fi\n",
    "echo a\necho b; fi; echo c\necho d\n",
    'echo a\necho "b\necho c\n',
    "echo a\necho 'b\necho c\n",
    "trap 'echo T' EXIT\necho a\nif\n",
    "echo a\neval 'if'; echo code $?\necho d\n",
    "echo a\nx=$(if true); echo b\n",
    "echo a\n{ }\necho b\n",
    "echo a\nf() { }\necho b\n",
    "echo a\nfor x in 1 2; do\n echo $x\n",
    "echo a && ; echo b\n",
    "echo a\n; echo b\n",
    "echo a ; ; echo b\n",
    "echo a\ncase x in\n a) echo\n",
    "echo a\nif [ a ] then\n echo x\nfi\necho b\n",
    "echo a\n( echo b\n",
    "echo a\necho b )\n",
    "echo a\ndone\n",
    "echo a |\n",
    "echo a &&\n",
    "echo a\nin x\necho b\n",
    "echo a\nwhile true; done\n",
    "exit 3\nif\n",
    "set -e\nfalse || if\n",
    "echo a\nif true; then echo b; else fi\n",
    "echo a\nif true; then echo b; done\n",
    "echo a\n}\n",
    "echo a\n(\n)\necho b\n",
    "echo a\ncase x in x) esac\necho b\n",
    "echo a\nif true; then\n echo b\nfi\nfi\necho c\n",
    "echo a\necho `b\necho c\n",
    "f() {\n echo b\n}\nf\n}\nf\n",
]


@each_row("text", BROKEN)
@each_row("shell", ["dash", "bash"])
def test_where_no_shell_reads_on_the_lines_before_have_run(text, shell, tmp_path):
    """A real shell agrees, if there is one: in what it prints, and in its code."""
    machine = Machine(Files((), lambda _: "", {}, {}, empty=["/"]), folder="/")
    done = Shell(machine, (shell,), dash=shell == "dash", depth=0).run(text)
    if done.code == 2:
        assert "syntax error" in done.complaint
    if shutil.which(shell) is not None:
        (tmp_path / "script").write_text(text)
        real = subprocess.run([shell, "script"], capture_output=True, check=False, text=True, cwd=tmp_path)
        assert (done.code, done.out) == (real.returncode, real.stdout)


@each_row("text", ["! ", "x=`if`; echo b", "cat <<E\n$(if)\nE\n", "a |& b", "a <(b)"])
def test_what_shells_read_differently_is_not_judged(text):
    with pytest.raises(NotJudged):
        ran(text)


def test_a_command_that_reads_what_a_loop_reads_is_not_judged():
    assert ran("printf '1\\n2\\n3\\n' | while read -r x; do echo x$x; cat; done").out == "x1\n2\n3\n"
    assert ran("printf '1\\n2\\n' | while read -r x; do cat /tmp/a; done").out == "one\ntwo\none\ntwo\n"
    with pytest.raises(NotJudged, match="functions inside each other"):
        ran("f() { f; }; f")


@each_row(
    "text",
    [
        "a=xxxxxxxxxx; for i in 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9; do a=$a$a; done",
        "while true; do echo xxxxxxxxxx >> f; cat f f > g; mv g f; done",
        "while true; do cat f f >> g; mv g f; echo xxxxxxxxxx >> f; done",
        "a='x x'; while true; do a=\"$a $a\"; echo $a$a >> f; done",
        f"while true; do echo xxxxxxxxxx >> f; sed -i 's/x/{'&' * 32}/g' f; done",
        "while true; do echo xxxxxxxxxx >> f; sed -i 's/^/xxxxxxxxxx/;p' f; done",
        "a=xxxxxxxxxx; while true; do a=$a$a; echo $a $a $a; done",
    ],
)
def test_no_text_grows_without_a_limit(text):
    """Each of these would fill the memory within the time for one answer."""
    with pytest.raises(NotJudged, match="more than 262144 characters"):
        said(text)


@each_row("text", ['x=\'eval "$x"\'; eval "$x"', "f() { eval f; }; f"])
def test_eval_inside_eval_has_a_limit(text):
    with pytest.raises(NotJudged, match="inside each other"):
        said(text)
