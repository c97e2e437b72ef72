"""Tools that wait, mount, or run others: sleep, kill, mount, env, nohup, timeout, xargs, package managers.

Package managers follow apt 2.6 and dpkg 1.21 (Debian 12), and section 3.8 of the Debian Policy Manual
(essential packages).
"""

from __future__ import annotations

import re

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.shell.process import Call, Host, Ran, RunsOn, Stopped, TimedOut, in_environment

PACKAGE_MANAGERS = {
    "debian": ("apt", "apt-get", "dpkg"),
    "alpine": ("apk",),
}
_ESSENTIAL = frozenset(
    "base-files base-passwd bash bsdutils coreutils dash debianutils diffutils dpkg findutils grep gzip "
    "hostname libc-bin ncurses-base ncurses-bin perl-base sed tar util-linux".split()
)
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds_of(word: str) -> float | None:
    """How long `sleep WORD` sleeps, in seconds; None if it isn't a time.

    >>> seconds_of("1d")
    86400.0
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?|infinity|inf)([smhd]?)", word)
    if match is None:
        return None
    return float(match[1].replace("infinity", "inf")) * _UNITS[match[2]]


def sleep(host: Host, call: Call) -> Ran:
    """`sleep`: it moves the clock."""
    if not call.args:
        return Ran(1, "sleep without a time")
    for arg in call.args:
        seconds = seconds_of(arg)
        if seconds is None:
            if arg.startswith("-"):
                raise NotJudged(f"sleep {arg}")
            return Ran(1, f"{arg} is not a time")
        host.seconds += seconds
    if host.seconds > host.deadline or host.seconds == float("inf"):
        raise TimedOut
    if host.seconds == host.deadline:
        raise NotJudged("sleep as long as the command may take at most")
    return Ran(0)


def kill(host: Host, call: Call) -> Ran:
    """`kill` of the main process: a server ends if asked to; nothing in a container kills PID 1 otherwise."""
    if call.args in (("-l",), ("-L",)):
        return Ran(0, "", None)
    words = list(call.args)
    signal = (
        words.pop(0).lstrip("-").upper().removeprefix("SIG") if words[:1] and words[0][:1] == "-" else "TERM"
    )
    if signal in ("S", "N") and words:
        signal = words.pop(0).upper().removeprefix("SIG")
    if words == ["1"] and host.user == 0:
        if signal in ("0", "9", "KILL", "19", "STOP"):
            return Ran(0)
        if signal in ("15", "TERM", "2", "INT") and host.main:
            raise Stopped
    raise NotJudged(f"kill {' '.join(call.args)}")


def run_other(host: Host, call: Call) -> Ran:
    """`env`, `nohup`, `timeout`, `nice`, `setsid` and `xargs` run the program that they call.name."""
    words = list(call.args)
    if call.name == "env":
        values: dict[str, str] = {}
        while words and re.match(r"[A-Za-z_]\w*=", words[0]):
            name, _, value = words.pop(0).partition("=")
            values[name] = value
        if words and words[0].startswith("-"):
            raise NotJudged(f"env {words[0]}")
        if not words:
            return Ran(0, "", None)
        seen = {**host.environment, **values}
        return in_environment(host, seen, lambda: host.execute(tuple(words), call.depth + 1, call.stdin))
    if call.name == "timeout":
        return _timeout(host, words, call.depth, call.stdin)
    if call.name == "xargs":
        return _xargs(host, words, call.depth, call.stdin)
    if words[:1] == ["--"]:
        words.pop(0)
    if not words or words[0].startswith("-"):
        raise NotJudged(f"{call.name} {' '.join(call.args)}")
    return host.execute(tuple(words), call.depth + 1, call.stdin)


def _timeout(host: Host, words: list[str], depth: int, stdin: str | None) -> Ran:
    seconds = seconds_of(words[0]) if len(words) > 1 else None
    if not seconds:  # 0 means no limit for coreutils, and a second for BusyBox
        raise NotJudged(f"timeout {' '.join(words)}")
    before, own = host.deadline, host.seconds + seconds
    host.deadline = min(before, own)
    try:
        return host.execute(tuple(words[1:]), depth + 1, stdin)
    except (TimedOut, RunsOn) as error:
        if own >= before:
            raise TimedOut from error
        host.seconds = own
        return Ran(124, f"{words[1]} takes longer than {words[0]} s")
    finally:
        host.deadline = before


class _Rounds(msgspec.Struct):
    """How `xargs` makes commands of its input."""

    command: list[str] = []
    if_empty: bool = True
    count: int = 0
    """How many words a command gets; 0 for all."""
    place: str = ""
    """What each line replaces."""
    mark: str = ""
    """What separates the words, if it isn't blanks."""
    by_line: bool = False


_MARKS = {"\\n": "\n", "\\0": "\0", "\\t": "\t"}


def _rounds(words: list[str]) -> _Rounds:
    """The options of `xargs`: `-r`, `-n`, `-I`, `-0`, `-d`, `-L 1`, and `-t`, `-P`, which change nothing."""
    found = _Rounds()
    values, rest = _options_in_front(words, _VALUED)
    for letter, value in values:
        match letter:
            case "r":
                found.if_empty = False
            case "0":
                found.mark = "\0"
            case "d":
                found.mark = _MARKS.get(value, value)
            case "I":
                found.place = value
            case "n" if value.isdecimal():
                found.count = int(value)
            case "L" if value == "1":
                found.by_line = True
            case "t" | "P" | "x":
                pass
            case _:
                raise NotJudged(f"xargs {' '.join(words)}")
    if len(found.mark) > 1:
        raise NotJudged(f"xargs {' '.join(words)}")
    found.command = rest or ["echo"]
    return found


_VALUED = {"n": "--max-args", "I": "--replace", "d": "--delimiter", "P": "--max-procs", "L": "--max-lines"}
_PLAIN = {"r": "--no-run-if-empty", "0": "--null", "t": "--verbose", "x": "--exit"}


def _options_in_front(words: list[str], valued: dict[str, str]) -> tuple[list[tuple[str, str]], list[str]]:
    """The options in front of the command, as letters with their values, and the command."""
    found: list[tuple[str, str]] = []
    rest = list(words)
    long = {name: letter for letter, name in (valued | _PLAIN).items()}
    while rest and rest[0].startswith("-") and rest[0] != "-":
        arg = rest.pop(0)
        if arg == "--":
            break
        name, equals, value = arg.partition("=")
        if name in long:
            needs = long[name] in valued and not equals
            found.append((long[name], rest.pop(0) if needs and rest else value))
            continue
        letters = arg[1:]
        while letters:
            letter, letters = letters[0], letters[1:]
            if letter in valued:
                found.append((letter, letters or (rest.pop(0) if rest else "")))
                break
            found.append((letter, ""))
    return found, rest


def _xargs(host: Host, words: list[str], depth: int, stdin: str | None) -> Ran:
    """`xargs`: its command once with all words, with so many of them, or with each line."""
    how = _rounds(words)
    if stdin is None or (not how.mark and any(char in stdin for char in "'\"\\")):
        raise NotJudged(f"xargs {' '.join(words)}")
    items = [one for one in stdin.split(how.mark) if one] if how.mark else stdin.split()
    if how.mark and how.mark != "\0" and items:  # the last line end belongs to no word
        items[-1] = items[-1].removesuffix("\n") if how.mark == "\n" else items[-1]
    calls = [(*how.command, *items)]
    lines = items if how.mark else [line.lstrip() for line in stdin.splitlines() if line.strip()]
    if how.place:
        calls = [tuple(word.replace(how.place, line) for word in how.command) for line in lines]
    elif how.by_line:
        calls = [(*how.command, *line.split()) for line in lines] or [tuple(how.command)]
    elif how.count:
        size = how.count
        calls = [(*how.command, *items[at : at + size]) for at in range(0, max(len(items), 1), size)]
    if not items and (not how.if_empty or how.place):
        return Ran(0)
    ran = [host.execute(argv, depth + 1, "") for argv in calls]
    failed = next((one for one in ran if one.code), ran[-1])
    out = None if any(one.out is None for one in ran) else "".join(one.out or "" for one in ran)
    return Ran(123 if 0 < failed.code < 126 else failed.code, failed.complaint, out)


def mount(host: Host, call: Call) -> Ran:
    """`mount` and `umount`: both need CAP_SYS_ADMIN, which a container lacks unless it is added (mount(2)).

    Code 32 is util-linux's for a system call that fails; BusyBox ends with another code than 0, too.
    """
    if not call.args and call.name == "mount":
        return Ran(0, "", None)
    if host.mounts or not call.args:
        raise NotJudged(f"{call.name} {' '.join(call.args)}".strip())
    return Ran(32, f"{call.name} needs CAP_SYS_ADMIN, which the container doesn't have")


def manage_packages(host: Host, call: Call) -> Ran:
    """apt, apt-get and dpkg: they refuse to remove essential packages, `bash` among them.

    What needs the network may succeed or fail; anything else isn't judged.
    """
    words = [arg for arg in call.args if not arg.startswith("-")]
    verb = words.pop(0) if words and call.name != "dpkg" else ""
    flags = set(call.args) - set(words)
    removing = verb in ("remove", "purge", "autoremove") or (
        call.name == "dpkg" and bool(flags & {"-r", "--remove", "-P", "--purge"})
    )
    essential = sorted(_ESSENTIAL.intersection(words))
    forced = any("essential" in arg or arg.startswith("--force") for arg in flags)
    if removing and essential and not forced:
        code = 1 if call.name == "dpkg" else 100
        return Ran(code, f"{essential[0]} is an essential package: {call.name} refuses to remove it", None)
    if verb == "install" and words and len(essential) == len(words) and "--reinstall" not in flags:
        return Ran(0, "", None)  # it is installed, as far as the package manager knows
    if host.user:
        return Ran(100, f"user {host.user} can't change packages", None)
    if verb == "update" or (verb == "install" and not essential and "--reinstall" not in flags):
        return (
            Ran(0, "", None) if host.reaches_network() else Ran(100, f"{call.name} reaches no server", None)
        )
    raise NotJudged(f"{call.name} {' '.join(call.args)}")
