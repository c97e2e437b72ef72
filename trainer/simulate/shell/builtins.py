"""The built-in commands of a shell: exit, exec, set, trap, cd, export, command, eval, ..."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from trainer.errors import NotJudged
from trainer.simulate.shell import folders, lines, options
from trainer.simulate.shell.assignments import Array, Value, as_array
from trainer.simulate.shell.expand import Words
from trainer.simulate.shell.loops import Leave
from trainer.simulate.shell.parser import parse_shell
from trainer.simulate.shell.process import SHELL_ID, Call, Host, Ran
from trainer.simulate.shell.syntax import Broken, Case, Counted, For, Group, If, Loop, Part, Script
from trainer.simulate.shell.tools import conditions, reading

MOST_EVALS = 10

SPECIAL = frozenset(
    {":", ".", "break", "continue", "eval", "exec", "exit", "export", "readonly", "return", "set", "shift"}
    | {"times", "trap", "unset"}
)
"""Built-ins after which assignments stay, and whose failing redirection ends dash."""

NAMES = SPECIAL | {"true", "false", "test", "[", "echo", "printf", "pwd", "cd", "command", "type", "kill"}
NAMES |= {"umask", "wait", "read", "local", "alias", "hash", "getopts", "jobs", "ulimit", "declare"}
NAMES |= {"typeset", "mapfile", "readarray", "let", "source", "shopt", "pushd", "popd", "dirs"}


class Exit(Exception):
    """The shell ends with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Return(Exception):
    """`return`: leaves the function."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Running(Protocol):
    """The shell that runs a built-in."""

    host: Host
    variables: dict[str, Value | None]
    exported: set[str]
    arguments: tuple[str, ...]
    code: int
    depth: int
    dash: bool
    errexit: bool
    strict: bool
    pipefail: bool
    errtrace: bool
    traced: bool
    nullglob: bool
    allexport: bool
    letters: str
    folders: list[str]
    readonly: set[str]
    words: Words
    at_exit: str
    at_error: str
    complaint: str
    loops: int
    errors: int
    evals: int
    functions: dict[str, Group | If | Loop | For | Counted | Case]
    broken: Broken | None
    locals: list[dict[str, Value | None]]
    """For each function that runs, the values that its local variables hide."""
    input: str | None
    """What `read` reads; empty at the end of the input."""

    def write(self, text: str | None) -> None:
        """Write to the standard output."""

    def script(self, script: Script) -> int:
        """Run a script in this shell."""

    def execute(self, argv: tuple[str, ...], stdin: str | None) -> Ran:
        """Run a program with the exported variables."""


def call(shell: Running, argv: tuple[str, ...], stdin: str | None) -> Ran | None:
    """Run a built-in; None if it isn't one. Raises `NotJudged` for those that aren't known here."""
    name, args = argv[0], argv[1:]
    if name in _BY_NAME:
        return _BY_NAME[name](shell, Call(name, args, stdin, shell.depth))
    if name in NAMES:
        raise NotJudged(" ".join(argv))
    return None


def _leave(shell: Running, call: Call) -> Ran:
    if call.name == "return" and shell.locals:
        raise Return(_number(call.args, shell.code))
    if call.name == "return" and not shell.dash:
        return Ran(2, "return outside of a function")
    if call.name in ("exit", "return"):
        raise Exit(_number(call.args, shell.code))
    levels = min(_number(call.args, 1), shell.loops)
    if not levels:
        return Ran(0)  # not in a loop
    shell.code = 0
    raise Leave(levels, call.name == "continue")


def _number(args: tuple[str, ...], default: int) -> int:
    if not args:
        return default
    if len(args) > 1 or not args[0].isdecimal():
        raise NotJudged(f"exit {' '.join(args)}")
    return int(args[0]) & 255


def _double(shell: Running, _call: Call) -> Ran:
    """`[[`, which is a word like any other for dash; in bash it never gets here."""
    if not shell.dash:
        raise NotJudged("the shell construct '[['")
    return Ran(127, "[[ doesn't exist in this shell")


def _exec(shell: Running, call: Call) -> Ran:
    """`exec` with a program replaces the shell; without one it only keeps redirections."""
    if not call.args:
        return Ran(0)
    if call.args[0].startswith("-"):
        raise NotJudged(f"exec {call.args[0]}")
    ran = shell.execute(call.args, call.stdin)
    shell.complaint = ran.complaint or shell.complaint
    shell.errors += bool(ran.complaint)
    shell.write(ran.out)
    shell.at_exit = ""
    raise Exit(ran.code)


def _command(shell: Running, call: Call) -> Ran:
    """`command -v NAME` and `type NAME` say where a program is; `command NAME` runs it."""
    if call.name == "command" and call.args and call.args[0] not in ("-v", "-V"):
        if call.args[0].startswith("-"):
            raise NotJudged(f"command {call.args[0]}")
        return _run(shell, call.args, call.stdin)
    words = call.args[1:] if call.name == "command" else call.args
    if call.name == "type" and call.args[:1] in (("-t",), ("-P",), ("-p",)) and not shell.dash:
        return _kind(shell, call.args[0], call.args[1:])
    places: list[str] = []
    for word in words:
        place = word if word in NAMES else shell.host.search(word)
        if place is None:
            return Ran(
                127 if shell.dash else 1, f"{word} is not in PATH", "" if call.name == "command" else None
            )
        places.append(f"{place}\n")
    return Ran(0, "", "".join(places) if call.args[:1] == ("-v",) else None)


def _kind(shell: Running, option: str, words: tuple[str, ...]) -> Ran:
    """`type -t`: what sort of command a word is; `type -P`: where the program is."""
    found: list[str] = []
    for word in words:
        own = option != "-P" and (word in NAMES or word in shell.functions)
        place = None if own else shell.host.search(word)
        if option == "-t":
            kind = "function" if word in shell.functions else "builtin" if word in NAMES else "file"
            found += [f"{kind}\n"] if kind != "file" or place is not None else []
        elif place is not None:
            found.append(f"{place}\n")
    return Ran(
        int(len(found) < len(words)), "" if len(found) == len(words) else "no such command", "".join(found)
    )


def _variables(shell: Running, call: Call) -> Ran:
    for arg in call.args:
        key, assigned, value = arg.partition("=")
        if arg.startswith("-") and arg not in _KINDS.get(call.name, ()):
            raise NotJudged(f"{call.name} {arg}")
        if arg.startswith("-"):
            continue
        if call.name == "unset":
            _unset(shell, arg)
        elif assigned:
            shell.variables[key] = value
        if call.name == "export":
            shell.exported.add(key)
        elif call.name == "readonly":
            shell.readonly.add(key)
    return Ran(0)


_KINDS = {"readonly": ("-a", "-r"), "unset": ("-v",)}
"""Options that change nothing here."""


def _unset(shell: Running, word: str) -> None:
    """`unset NAME`, and `unset NAME[INDEX]` in bash."""
    name, bracket, rest = word.partition("[")
    if not bracket:
        if shell.variables.get(name) is None:
            shell.functions.pop(name, None)
        shell.variables[name] = None
        return
    index = rest.removesuffix("]")
    if shell.dash or index in ("@", "*"):
        raise NotJudged(f"unset {word}")
    shell.variables[name] = as_array(shell.variables.get(name)).put(index, None)


def _local(shell: Running, call: Call) -> Ran:
    """`local`, `declare`, `typeset`: in a function the variables have their old values again when it ends."""
    if shell.dash and call.name != "local":
        return Ran(127, f"{call.name}: not found")
    if call.name == "local" and not shell.locals:
        return Ran(2 if shell.dash else 1, "local outside of a function")
    options = {letter for arg in call.args if arg[:1] == "-" for letter in arg[1:]}
    if options - (set() if shell.dash else set("aArxg")):
        raise NotJudged(f"{call.name} {' '.join(call.args)}")
    for arg in call.args:
        key, assigned, value = arg.partition("=")
        if arg.startswith("-"):
            continue
        if not key.isidentifier():
            raise NotJudged(f"{call.name} {arg}")
        if shell.locals and "g" not in options:
            shell.locals[-1].setdefault(key, shell.variables.get(key))
            shell.variables[key] = shell.variables.get(key) if shell.dash else None
        if "x" in options:
            shell.exported.add(key)
        if assigned:
            shell.variables[key] = value
        elif options & {"a", "A"} and not isinstance(shell.variables.get(key), Array):
            shell.variables[key] = Array(named="A" in options)
    return Ran(0)


def _trap(shell: Running, call: Call) -> Ran:
    """Only the traps on exit and on an error run here: nobody sends signals."""
    words = call.args[1:] if call.args[:1] == ("--",) else call.args
    names = {word.upper().removeprefix("SIG") for word in words[1:]}
    if names & {"DEBUG", "RETURN"} or words[:1] in (("-p",), ("-l",)):
        raise NotJudged(f"trap {' '.join(call.args)}")
    command = "" if words[:1] == ("-",) else "".join(words[:1])
    if names & {"EXIT", "0"}:
        shell.at_exit = command
    if "ERR" in names and not shell.dash:
        shell.at_error = command
    return Ran(0)


def _source(shell: Running, call: Call) -> Ran:
    """`. FILE`: the commands of a file in this shell; with more words they are its arguments."""
    if not call.args or call.args[0].startswith("-"):
        raise NotJudged(f"{call.name} {' '.join(call.args)}".strip())
    if shell.dash and (call.name == "source" or "/" not in call.args[0]):
        raise NotJudged(f"{call.name} {call.args[0]}")
    text, trouble = reading.contents(shell.host, call.args[0])
    if trouble and shell.dash:
        shell.complaint = trouble
        raise Exit(2)
    if trouble:
        return Ran(1, trouble)
    if text is None:
        raise NotJudged(f"what is in {call.args[0]}")
    shell.evals += 1
    if shell.evals > MOST_EVALS:
        raise NotJudged(f"more than {MOST_EVALS} files that read each other")
    outer = shell.arguments
    if len(call.args) > 1:
        shell.arguments = (outer[0], *call.args[1:])
    shell.locals.append({})
    try:
        code = shell.script(parse_shell(text, shell.host.line, dash=shell.dash))
    except Return as end:
        code = end.code
    finally:
        shell.evals -= 1
        shell.locals.pop()
        if len(call.args) > 1:
            shell.arguments = outer
    return Ran(code, shell.complaint, "")


def _kill(shell: Running, call: Call) -> Ran:
    """`kill`, except of the shell itself."""
    if SHELL_ID in call.args:
        raise NotJudged("a script that kills itself")
    return shell.host.kill(call)


def _shift(shell: Running, call: Call) -> Ran:
    ran = options.shift(shell, call)
    if ran.code and shell.dash:
        raise Exit(2)
    return ran


def _let(shell: Running, call: Call) -> Ran:
    """`let EXPRESSION...`: code 1 if the last one is 0."""
    if shell.dash:
        return Ran(127, "let: not found")
    if not call.args:
        return Ran(1, "let without an expression")
    values = [shell.words.number((Part("text", arg, quoted=True),)) for arg in call.args]
    return Ran(int(not values[-1]), "" if values[-1] else f"let {call.args[-1]} is 0")


def _printf(shell: Running, call: Call) -> Ran:
    """`printf`, in bash with `-v NAME`."""
    if call.args[:1] != ("-v",) or shell.dash:
        return reading.printf(call)
    if len(call.args) < 3 or not call.args[1].isidentifier():
        raise NotJudged(f"printf {' '.join(call.args)}")
    ran = reading.printf(Call("printf", call.args[2:]))
    if ran.out is None:
        raise NotJudged(f"printf {' '.join(call.args)}")
    shell.variables[call.args[1]] = ran.out
    return Ran(ran.code, ran.complaint)


def _run(shell: Running, argv: tuple[str, ...], stdin: str | None) -> Ran:
    return call(shell, argv, stdin) or shell.execute(argv, stdin)


def _eval(shell: Running, call: Call) -> Ran:
    shell.evals += 1
    if shell.evals > MOST_EVALS:
        raise NotJudged(f"more than {MOST_EVALS} times eval inside each other")
    try:
        return Ran(
            shell.script(parse_shell(" ".join(call.args), shell.host.line, dash=shell.dash)),
            shell.complaint,
            "",
        )
    except Exit:
        if shell.dash or shell.broken is None:
            raise
        shell.broken = None  # bash goes on after it
        return Ran(2, shell.complaint, "")
    finally:
        shell.evals -= 1


def _nothing(_shell: Running, _call: Call) -> Ran:
    return Ran(0)


_BY_NAME: dict[str, Callable[[Running, Call], Ran]] = {
    **dict.fromkeys((":", "true", "umask", "wait", "hash", "alias", "ulimit"), _nothing),
    **dict.fromkeys(("exit", "return", "break", "continue"), _leave),
    **dict.fromkeys(("test", "["), lambda shell, call: conditions.check(shell.host, call, dash=shell.dash)),
    **dict.fromkeys(("export", "readonly", "unset"), _variables),
    **dict.fromkeys(("command", "type"), _command),
    "[[": _double,
    "false": lambda _shell, _call: Ran(1, "false always fails"),
    "echo": lambda shell, call: reading.echo(call, plain=not shell.dash),
    "printf": _printf,
    "pwd": lambda shell, call: reading.who(shell.host, call),
    "kill": _kill,
    "exec": _exec,
    "eval": _eval,
    "cd": folders.change,
    **dict.fromkeys(("pushd", "popd", "dirs"), folders.stack),
    **dict.fromkeys((".", "source"), _source),
    "let": _let,
    "shopt": options.shopt,
    "getopts": options.getopts,
    **dict.fromkeys(("local", "declare", "typeset"), _local),
    **dict.fromkeys(("mapfile", "readarray"), lines.mapfile),
    "read": lines.read,
    "set": options.set_options,
    "trap": _trap,
    "shift": _shift,
}
