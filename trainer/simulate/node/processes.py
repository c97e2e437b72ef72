"""Processes: `kill`, `pkill`, `killall`, `pgrep`, `pidof`, `ps`.

Follows kill(1), pkill(1) of procps 4.0.4 and killall(1) of psmisc 23.7. A process that ends on SIGTERM counts
as ended well: systemd starts it again with `Restart=always` only; after SIGKILL also with `on-failure`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from trainer.errors import NotJudged
from trainer.simulate.node import sshd
from trainer.simulate.node.services import start
from trainer.simulate.node.system import Host, Process
from trainer.simulate.shell.process import Call, Ran

_ENDING = {
    "TERM": False,
    "15": False,
    "KILL": True,
    "9": True,
    "INT": False,
    "2": False,
    "QUIT": True,
    "3": True,
}
"""Signals that end a process, and whether systemd sees a failure."""
_HARMLESS = frozenset({"0", "HUP", "1", "CONT", "18"})


def kill(host: Host, call: Call) -> Ran:
    """`kill`, by process ID."""
    signal, words = _signal(call)
    if words[:1] in (["-l"], ["-L"]) or not words:
        raise NotJudged(f"kill {' '.join(call.args)}".strip())
    complaint = ""
    for word in words:
        process = next((one for one in host.processes if str(one.pid) == word), None)
        if word == "1" or word[:1] in ("-", "%"):
            raise NotJudged(f"kill {word}")
        if not word.isdecimal():
            complaint = complaint or f"kill: {word}: arguments must be process or job IDs"
            continue
        if process is None:
            complaint = complaint or f"kill: ({word}) - No such process"
        else:
            end(host, process, signal)
    return Ran(int(bool(complaint)), complaint)


def _signal(call: Call) -> tuple[str, list[str]]:
    words = list(call.args)
    signal = "TERM"
    if words and (match := re.fullmatch(r"-(?:SIG)?([A-Z]+|\d+)", words[0])):
        signal = match[1]
        words.pop(0)
    if signal in ("S", "N") or words[:1] in (["-s"], ["-n"], ["--signal"]):
        words = words if signal in ("S", "N") else words[1:]
        signal = words.pop(0).upper().removeprefix("SIG") if words else "TERM"
    if words[:1] == ["--"]:
        words.pop(0)
    if signal not in _ENDING and signal not in _HARMLESS:
        raise NotJudged(f"the signal {signal}")
    return signal, words


def end(host: Host, process: Process, signal: str) -> None:
    """Send a signal to a process; systemd may start it again."""
    if signal in _HARMLESS:
        if signal in ("HUP", "1") and process.unit == sshd.UNIT:
            sshd.load(host)  # it reads its files again
        elif signal in ("HUP", "1") and not process.unit:
            raise NotJudged(f"what {process.name} does on SIGHUP")
        return
    host.processes.remove(process)
    unit = host.units.get(process.unit)
    if unit is not None:
        unit.active = False
        if unit.restart == "always" or (unit.restart == "on-failure" and _ENDING[signal]):
            start(host, unit)


def pkill(host: Host, call: Call) -> Ran:
    """`pkill`, `pgrep`, `killall`, `pidof`: by name, with `-f` by command line."""
    signal, words = ("0", list(call.args)) if call.name in ("pgrep", "pidof") else _signal(call)
    options = set()
    user = ""
    while words and words[0].startswith("-"):
        arg = words.pop(0)
        arg = {"--full": "-f", "--exact": "-x", "--oldest": "-o", "--newest": "-n"}.get(arg, arg)
        if arg in ("-u", "-U", "--euid") and words:
            user = words.pop(0)
        elif set(arg[1:]) <= set("fxlaqweoncs") and not arg.startswith("--"):
            options |= set(arg[1:])
        else:
            raise NotJudged(f"{call.name} {arg}")
    if len(words) != 1 and not (user and not words):
        raise NotJudged(f"{call.name} {' '.join(call.args)}")
    user = next((name for name, one in host.users.items() if str(one.uid) == user), user)
    found = [
        one for one in host.processes if _fits(one, words, options, call.name) and user in ("", one.user)
    ]
    if options & {"o", "n"} and found:
        if call.name not in ("pgrep", "pkill"):
            raise NotJudged(f"{call.name} {' '.join(call.args)}")
        found = [(min if "o" in options else max)(found, key=lambda one: one.pid)]
    if call.name == "pgrep" and options & {"l", "a", "c"}:
        shown = [f"{one.pid} {one.command if 'a' in options else one.name}\n" for one in found]
        return Ran(int(not found), "", f"{len(found)}\n" if "c" in options else "".join(shown))
    if call.name in ("pgrep", "pidof"):
        ids = [str(one.pid) for one in found]
        text = " ".join(ids) + "\n" if call.name == "pidof" and ids else "".join(f"{one}\n" for one in ids)
        return Ran(int(not found), "", text)
    for one in found:
        end(host, one, signal)
    name = " ".join(words)
    complaint = "" if found else f"{call.name}: no process has the name {name}"
    return Ran(int(not found), complaint)


def _fits(process: Process, words: list[str], options: set[str], tool: str) -> bool:
    if not words:
        return True
    word = words[0]
    if tool in ("killall", "pidof"):
        return word in (process.name, process.command.split()[0])
    if not re.fullmatch(r"[\w/. :-]+", word):
        raise NotJudged(f"{tool} {word}")
    text = process.command if "f" in options else process.name
    pattern = word.replace(".", r"[\s\S]") if "." in word else re.escape(word)
    return bool(re.fullmatch(pattern, text) if "x" in options else re.search(pattern, text))


def ps(host: Host, call: Call) -> Ran:
    """`ps aux`, `ps -ef`, and with `-o` the columns that scripts read; other outputs aren't known."""
    if "-o" in call.args or any(re.match(r"-?[a-z]*o", arg) for arg in call.args[:1]):
        return _columns(host, call)
    if call.args in (("-ef",), ("-e", "-f"), ("-efww",)):
        lines = [f"{'UID':<10} {'PID':>6} {'PPID':>6}  C STIME TTY          TIME CMD"]
        return _shown(
            host,
            lines,
            lambda one: f"{one.user:<10} {one.pid:>6} {1:>6}  0 09:30 ?        00:00:00 {one.command}",
        )
    if call.args not in (("aux",), ("-aux",), ("auxww",), ("axu",), ("auxf",)):
        return Ran(0, "", None)
    lines = [f"{'USER':<10} {'PID':>6} %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND"]
    return _shown(
        host,
        lines,
        lambda one: (
            f"{one.user:<10} {one.pid:>6}  0.0  0.1  10240  4096 ?        Ss   09:30   0:00 {one.command}"
        ),
    )


_INIT = Process(1, "/sbin/init", "root")


def _shown(host: Host, lines: list[str], row: Callable[[Process], str]) -> Ran:
    """The head and a row for each process; numbers that say nothing are the same for all."""
    rows = [row(one) for one in sorted([_INIT, *host.processes], key=lambda one: one.pid)]
    return Ran(0, "", "".join(f"{line}\n" for line in (*lines, *rows)))


_COLUMNS: dict[str, Callable[[Process], str]] = {
    "pid": lambda one: str(one.pid),
    "user": lambda one: one.user,
    "comm": lambda one: one.name,
    "args": lambda one: one.command,
}
_COLUMNS |= {
    "cmd": _COLUMNS["args"],
    "command": _COLUMNS["args"],
    "ucmd": _COLUMNS["comm"],
    "euser": _COLUMNS["user"],
}


def _columns(host: Host, call: Call) -> Ran:
    """`ps -o pid=,comm=` of all processes (`-e`, `-A`), or those of `-u USER`, `-C NAME`, `-p PID`."""
    wanted: list[str] = []
    tests: list[Callable[[Process], bool]] = []
    rest, everything = list(call.args), False
    while rest:
        arg = rest.pop(0)
        match = re.fullmatch(r"-([eA]*)(?:([ouUCp])(.*))?|(ax|a)(o)(.*)", arg)
        if match is None:
            raise NotJudged(f"ps {' '.join(call.args)}")
        everything = everything or bool(match[1] or match[4])
        letter = match[2] or match[5]
        if letter is None:
            continue
        value = (match[3] if match[2] else match[6]) or (rest.pop(0) if rest else "")
        if letter == "o":
            wanted += [one for word in value.replace("=", "=,").split(",") if (one := word.strip())]
        else:
            tests.append(_test(host, letter, value))
    names = [one.removesuffix("=") for one in wanted]
    if (
        set(names) - {*_COLUMNS}
        or len({one.endswith("=") for one in wanted}) != 1
        or everything is bool(tests)
    ):
        raise NotJudged(f"ps {' '.join(call.args)}")
    found = [
        one
        for one in sorted([_INIT, *host.processes], key=lambda one: one.pid)
        if any(t(one) for t in tests) or everything
    ]
    rows = [
        " ".join(f"{_COLUMNS[name](one):>7}" if name == "pid" else _COLUMNS[name](one) for name in names)
        for one in found
    ]
    head = [] if wanted[0].endswith("=") else [" ".join(name.upper() for name in names)]
    return Ran(int(not found), "", "".join(f"{line}\n" for line in (*head, *rows)))


def _test(host: Host, letter: str, value: str) -> Callable[[Process], bool]:
    values = set(value.split(","))
    if letter == "C":
        return lambda one: one.name in values
    if letter == "p":
        return lambda one: str(one.pid) in values
    values |= {name for name, one in host.users.items() if str(one.uid) in values}
    return lambda one: one.user in values
