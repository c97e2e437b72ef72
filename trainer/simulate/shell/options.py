"""The built-in commands of a shell about its options and arguments: `set`, `shopt`, `shift`, `getopts`.

Follows POSIX.1-2024, XCU 2.14 and `getopts`, and the section "The Shopt Builtin" of bash(1), 5.2.
"""

from __future__ import annotations

from typing import Protocol

from trainer.errors import NotJudged
from trainer.simulate.shell.assignments import Value, as_text
from trainer.simulate.shell.process import Call, Ran

_HARMLESS = frozenset(
    "checkwinsize cmdhist expand_aliases histappend interactive_comments lastpipe_off progcomp promptvars"
    " sourcepath extquote force_fignore globasciiranges hostcomplete".split()
)
"""Options of `shopt` that change nothing in a script here."""


class Running(Protocol):
    """What a shell has that these commands read or change."""

    variables: dict[str, Value | None]
    """None for a variable that is known not to be set."""
    arguments: tuple[str, ...]
    """`$0`, `$1`, ..."""
    dash: bool
    errexit: bool
    errtrace: bool
    strict: bool
    """`set -u`."""
    pipefail: bool
    traced: bool
    nullglob: bool
    """Whether a pattern without a match is left out."""
    allexport: bool
    letters: str
    """What is left of the word of options that `getopts` reads."""


def set_options(shell: Running, call: Call) -> Ran:
    """`set -euo pipefail`, and `set -- a b`."""
    rest = list(call.args)
    while rest:
        arg = rest.pop(0)
        on = arg.startswith("-")
        if arg == "--" or (arg[:1] not in ("-", "+") and not shell.dash):
            shell.arguments = (shell.arguments[0], *([arg] if arg != "--" else []), *rest)
            break
        if arg in ("-o", "+o") and rest:
            option = rest.pop(0)
            if option == "pipefail" and shell.dash:
                raise NotJudged("set -o pipefail, which depends on the version of dash")
            letter = _NAMED.get(option)
            if letter is None:
                raise NotJudged(f"set -o {option}")
            _switch(shell, letter, on)
        elif len(arg) > 1 and arg[0] in "-+" and set(arg[1:]) <= set(_OF_SH if shell.dash else _OF_BASH):
            for letter in arg[1:]:
                if letter == "o":
                    rest.insert(0, f"{arg[0]}o")
                else:
                    _switch(shell, letter, on)
        else:
            raise NotJudged(f"set {arg}")
    return Ran(0)


_NAMED = {"errexit": "e", "nounset": "u", "xtrace": "x", "pipefail": "p", "errtrace": "E", "functrace": "T"}
_NAMED |= {"verbose": "v", "noglob": "f", "allexport": "a"}
_OF_SH, _OF_BASH = "aeuxfvo", "aeuxfvoEThB"


_ATTRIBUTES = {
    "e": "errexit", "u": "strict", "p": "pipefail", "E": "errtrace", "a": "allexport", "x": "traced",
}  # fmt: skip
"""Where the shell keeps an option, by its letter; `p` is ours for `pipefail`, which has none."""


def _switch(shell: Running, letter: str, on: bool) -> None:
    if letter in _ATTRIBUTES:
        setattr(shell, _ATTRIBUTES[letter], on)
    elif letter == "f" or (letter in "hB" and not on):
        raise NotJudged(f"set {'-' if on else '+'}{letter}")


def flags(shell: Running) -> str:
    """`$-`: the letters of the options that are on."""
    if shell.dash:
        raise NotJudged("the parameter $-")
    found = {
        "a": shell.allexport,
        "e": shell.errexit,
        "h": True,
        "u": shell.strict,
        "x": shell.traced,
        "B": True,
        "E": shell.errtrace,
    }
    return "".join(letter for letter, on in found.items() if on)


def shopt(shell: Running, call: Call) -> Ran:
    """`shopt -s nullglob`, and options that change nothing here."""
    if shell.dash:
        return Ran(127, "shopt: not found")
    words = [arg for arg in call.args if not arg.startswith("-")]
    how = [arg for arg in call.args if arg.startswith("-")]
    if how not in (["-s"], ["-u"]) or not words or set(words) - _HARMLESS - {"nullglob"}:
        raise NotJudged(f"shopt {' '.join(call.args)}".strip())
    if "nullglob" in words:
        shell.nullglob = how == ["-s"]
    return Ran(0)


def shift(shell: Running, call: Call) -> Ran:
    """`shift` and `shift COUNT`."""
    if len(call.args) > 1 or (call.args and not call.args[0].isdecimal()):
        raise NotJudged(f"shift {' '.join(call.args)}")
    count = int(call.args[0]) if call.args else 1
    if count >= len(shell.arguments):
        return Ran(2 if shell.dash else 1, "there is nothing to shift")
    shell.arguments = (shell.arguments[0], *shell.arguments[1 + count :])
    return Ran(0)


def getopts(shell: Running, call: Call) -> Ran:
    """`getopts LETTERS NAME`: the next option of the arguments, code 1 at their end."""
    if len(call.args) < 2 or not call.args[1].isidentifier():
        raise NotJudged(f"getopts {' '.join(call.args)}")
    letters, name = call.args[0].removeprefix(":"), call.args[1]
    silent = call.args[0].startswith(":")
    words = call.args[2:] or shell.arguments[1:]
    at = int(as_text(shell.variables.get("OPTIND")) or "1")
    word = words[at - 1] if at <= len(words) else ""
    if not shell.letters:
        if len(word) < 2 or word[0] != "-" or word == "--":
            shell.variables |= {name: "?", "OPTIND": str(at + (word == "--"))}
            return Ran(1, "getopts is at the end of the options")
        shell.letters = word[1:]
    letter, shell.letters = shell.letters[0], shell.letters[1:]
    shell.variables["OPTARG"] = None
    valued = letter != ":" and letter in letters and letters[letters.index(letter) + 1 :].startswith(":")
    value: str | None = None
    if valued:
        value, shell.letters = shell.letters or None, ""
        if value is None:
            value, at = (words[at] if at < len(words) else None), at + 1
    at += not shell.letters
    shell.variables["OPTIND"] = str(min(at, len(words) + 1))
    if letter == ":" or letter not in letters or (valued and value is None):
        shell.variables[name] = ":" if silent and valued else "?"
        shell.variables["OPTARG"] = letter if silent else None
        return Ran(0)
    shell.variables |= {name: letter, "OPTARG": value}
    return Ran(0)
