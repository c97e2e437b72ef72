"""Processes: `kill`, `pkill`, `killall`, `pgrep`, `pidof`, `ps`.

Follows kill(1), pkill(1) of procps 4.0.4 and killall(1) of psmisc 23.7. A process that ends on SIGTERM counts
as ended well: systemd starts it again with `Restart=always` only; after SIGKILL also with `on-failure`.
"""

from __future__ import annotations

import re

from trainer.errors import NotJudged
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
        if word == "1" or not word.isdecimal():
            raise NotJudged(f"kill {word}")
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
        if signal in ("HUP", "1") and not process.unit:
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
        if arg in ("-u", "-U", "--euid") and words:
            user = words.pop(0)
        elif set(arg[1:]) <= set("fxlaqwe") and not arg.startswith("--"):
            options |= set(arg[1:])
        else:
            raise NotJudged(f"{call.name} {arg}")
    if len(words) != 1 and not (user and not words):
        raise NotJudged(f"{call.name} {' '.join(call.args)}")
    found = [
        one for one in host.processes if _fits(one, words, options, call.name) and user in ("", one.user)
    ]
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
    """`ps aux` and `ps -ef`; the output of other forms isn't known."""
    if call.args not in (("aux",), ("-ef",), ("-aux",), ("auxww",), ("-e",), ("-A",)):
        return Ran(0, "", None)
    lines = [f"{'USER':<10} {'PID':>6} COMMAND", f"{'root':<10} {1:>6} /sbin/init"]
    lines += [
        f"{one.user:<10} {one.pid:>6} {one.command}" for one in sorted(host.processes, key=lambda p: p.pid)
    ]
    return Ran(0, "", "".join(f"{line}\n" for line in lines))
