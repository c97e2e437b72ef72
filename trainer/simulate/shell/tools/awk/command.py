"""The command line of awk: `awk [-F fs] [-v name=value] [-f file] program file...`.

Follows POSIX.1-2024, XCU awk. Operands that set variables are outside.
"""

from __future__ import annotations

import re

from trainer.errors import NotJudged
from trainer.simulate.shell.process import Call, Host, Ran, limited
from trainer.simulate.shell.tools.awk.evaluate import given_value
from trainer.simulate.shell.tools.awk.reader import read_program
from trainer.simulate.shell.tools.awk.run import Run
from trainer.simulate.shell.tools.changing import write
from trainer.simulate.shell.tools.reading import contents


def awk(host: Host, call: Call) -> Ran:
    """`awk`: its exit code, and what it writes; if the input isn't known, neither is the output."""
    separator, given, sources, words = _read(call)
    texts: list[str] = []
    for name in sources:
        text, trouble = contents(host, name)
        if trouble or text is None:
            return Ran(2, f"awk: {trouble or f'what is in {name} is not known'}")
        texts.append(text)
    if not texts and not words:
        return Ran(2, "awk without a program")
    rules = read_program("\n".join(texts) if texts else words.pop(0))
    unknown: list[str] = []

    def system(text: str) -> tuple[int, str]:
        ran = host.execute(("sh", "-c", text), call.depth + 1, "")
        if ran.out is None:
            unknown.append(text)
        return ran.code, ran.out or ""

    run = Run(rules, system)
    if separator is not None:
        run.variables["FS"] = separator
    run.variables |= given
    files, complaint = _files(host, call, words)
    if files is None:
        _test_harmless(run, call)
        return Ran(2 if complaint else 0, complaint, None)
    run.run(files)
    trouble = _finish(host, call, run, unknown)
    complaint = complaint or trouble
    return Ran(2 if complaint else run.code, complaint, None if unknown else run.text)


def _read(call: Call) -> tuple[str | None, dict[str, str], list[str], list[str]]:
    """The separator, the variables, the files with the program, and the operands."""
    separator: str | None = None
    given: dict[str, str] = {}
    sources: list[str] = []
    rest = list(call.args)
    while rest and rest[0].startswith("-") and rest[0] != "-":
        arg = rest.pop(0)
        if arg == "--":
            break
        letter, value = arg[1:2], arg[2:]
        if letter not in ("F", "v", "f") or not (value or rest):
            raise NotJudged(f"awk {arg}")
        value = value or rest.pop(0)
        if letter == "F":
            separator = "\t" if value == "t" else str(given_value(value))
        elif letter == "f":
            sources.append(value)
        else:
            name, equals, text = value.partition("=")
            if not equals or not name.isidentifier():
                raise NotJudged(f"awk -v {value}")
            given[name] = given_value(text)
    return separator, given, sources, rest


def _files(host: Host, call: Call, words: list[str]) -> tuple[list[tuple[str, list[str]]] | None, str]:
    """The lines of each file, None if one isn't known, and why a file can't be read."""
    found: list[tuple[str, list[str]]] = []
    complaint, known = "", True
    for name in words or ["-"]:
        if re.match(r"[A-Za-z_]\w*=", name):
            raise NotJudged(f"awk {name}")
        text, trouble = (call.stdin, "") if name == "-" else contents(host, name)
        complaint = complaint or trouble
        known = known and (text is not None or bool(trouble))
        if not trouble:
            text = limited(text or "")
            found.append(("" if name == "-" else name, text.removesuffix("\n").split("\n") if text else []))
    return found if known else None, complaint


def _test_harmless(run: Run, call: Call) -> None:
    """Raise `NotJudged` for a program that could do more than print what isn't known."""
    nodes = [one for rule in run.rules for one in (rule.first, rule.last, rule.action) if one is not None]
    while nodes:
        node = nodes.pop()
        nodes += node.parts
        if node.kind == "exit" or (node.kind in ("print", "printf") and node.text) or node.text == "system":
            raise NotJudged(f"awk {call.args[0]} on what isn't known")


def _finish(host: Host, call: Call, run: Run, unknown: list[str]) -> str:
    """Write the files, and run the commands that read what was printed; what went wrong."""
    complaint = ""
    for (how, target), text in run.others.items():
        if how == "|":
            ran = host.execute(("sh", "-c", target), call.depth + 1, text)
            unknown += [target] if ran.out is None else []
            run.write(ran.out or "")
        else:
            complaint = complaint or write(host, host.path(target), text, append=how == ">>")
    return complaint
