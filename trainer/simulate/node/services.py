"""systemd units: `systemctl` and `service`.

Follows systemctl(1) of systemd 255 and its exit codes (LSB where it says so: 3 not running, 4 unknown, 5 not
loaded). A socket that stays active opens its ports whether its service runs or not, and starts the service
when somebody connects. Units that the script writes itself, and drop-ins, are outside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase

from trainer.errors import NotJudged
from trainer.simulate.node import sshd
from trainer.simulate.node.system import Host, Process, Unit
from trainer.simulate.shell.process import Call, Ran

_SUFFIXES = (".service", ".socket", ".target", ".timer", ".path", ".mount", ".slice")
_FLAGS = frozenset(
    {"--now", "--no-pager", "-q", "--quiet", "-f", "--force", "-l", "--full", "--no-block", "--all", "-a"}
)
_FLAGS |= {"--no-legend", "--plain", "--system"}
_NO_UNIT = frozenset(
    {"daemon-reload", "daemon-reexec", "list-units", "list-unit-files", "list-sockets", "reset-failed"}
)


def full(name: str) -> str:
    """A unit's full name: `ssh` is `ssh.service`, which Ubuntu also calls `sshd`."""
    if name in ("sshd", "sshd.service"):
        return sshd.UNIT
    return name if name.endswith(_SUFFIXES) else f"{name}.service"


def find(host: Host, name: str) -> Unit | None:
    """The unit; None if systemd knows none. Raises `NotJudged` for one that the script changes or writes."""
    name = full(name)
    if any(char in name for char in "*?@"):
        raise NotJudged(f"the unit {name}")
    for folder in (
        "/etc/systemd/system",
        "/run/systemd/system",
        "/usr/lib/systemd/system",
        "/lib/systemd/system",
    ):
        path = f"{folder}/{name}"
        if host.files.entries(f"{path}.d") or (
            not host.files.is_folder(path) and host.files.at(path, follow=False)
        ):
            raise NotJudged(f"a file for the unit {name}")
    unit = host.units.get(name)
    return unit if unit is not None and unit.present else None


def start(host: Host, unit: Unit) -> None:
    """Start a unit, and its process. One that runs isn't started again."""
    if unit.active or (unit.name == sshd.UNIT and sshd.load(host)):
        return
    unit.active = True
    _effect(host, unit)
    if unit.command:
        host.next_pid += 7
        host.processes.append(Process(host.next_pid, unit.command, unit.user, unit.listens, unit.name))
    if unit.name == "kubelet.service":
        from trainer.simulate.node.versions import version_of

        host.kubelet = version_of(host.packages["kubelet"].version)


def _effect(host: Host, unit: Unit) -> None:
    """What units do that only apply files: each start reads the files again."""
    from trainer.simulate.node import apparmor, kernel, modules

    if unit.name == "systemd-sysctl.service":
        kernel.apply(host)
    elif unit.name == "systemd-modules-load.service":
        modules.load_listed(host)
    elif unit.name == "apparmor.service":
        apparmor.load_all(host)
    elif unit.name == "ufw.service" and host.ufw is not None:
        host.ufw.running = host.ufw.enabled


def stop(host: Host, unit: Unit) -> None:
    """Stop a unit, and its process. AppArmor profiles stay loaded, kernel settings stay set."""
    unit.active = False
    if unit.name == "ufw.service" and host.ufw is not None:
        host.ufw.running = False
    host.processes = [one for one in host.processes if one.unit != unit.name]


def systemctl(host: Host, call: Call) -> Ran:
    """`systemctl`."""
    flags, words, kinds, states = _words(call)
    verb, names = (words[0], words[1:]) if words else ("list-units", [])
    if verb in ("list-units", "list-unit-files", "list-sockets"):
        return _listed(host, verb, (kinds, states), names, everything=bool(flags & {"--all", "-a"}))
    if verb in _NO_UNIT:
        return Ran(0)
    if verb in _SHOWING:
        return Ran(0, "", None)
    if verb not in _VERBS:
        raise NotJudged(f"systemctl {verb}")
    if not names:
        return Ran(1, f"systemctl {verb} names no unit")
    ran = [_VERBS[verb](host, name, flags) for name in names]
    code = max((one.code for one in ran), default=0)
    if verb == "is-active":
        code = min(one.code for one in ran)
    quiet = flags & {"-q", "--quiet"}
    out = "" if quiet else "".join(one.out or "" for one in ran)
    return Ran(code, next((one.complaint for one in ran if one.complaint), ""), out)


def _words(call: Call) -> tuple[set[str], list[str], set[str], set[str]]:
    """Flags, words, unit types and states. Types add up, in one option or several, and so do states."""
    flags: set[str] = set()
    words: list[str] = []
    listed: dict[str, set[str]] = {"type": set(), "state": set()}
    rest = list(call.args)
    while rest:
        arg = rest.pop(0)
        match = re.fullmatch(r"--(type|state)(?:=(.*))?|-t(.*)", arg)
        if match is not None:
            value = match[2] or match[3] or (rest.pop(0) if rest else "")
            listed[match[1] or "type"] |= set(value.split(","))
        elif arg in ("-p", "--property") and rest:
            rest.pop(0)
        elif arg.startswith(("-p", "--property=")) and arg != "-p":
            continue
        elif not arg.startswith("-"):
            words.append(arg)
        elif arg in _FLAGS:
            flags.add(arg)
        else:
            raise NotJudged(f"systemctl {arg}")
    return flags, words, listed["type"], listed["state"]


_SHOWING = frozenset({"show", "cat", "list-timers", "list-dependencies", "list-jobs", "is-system-running"})
"""Verbs that show what isn't known here."""


def service(host: Host, call: Call) -> Ran:
    """`service NAME start|stop|restart|reload|status`."""
    if len(call.args) != 2 or call.args[1] not in ("start", "stop", "restart", "reload", "status"):
        raise NotJudged(f"service {' '.join(call.args)}")
    name, verb = call.args
    return _VERBS[verb](host, name, set())


def _missing(verb: str, name: str, code: int) -> Ran:
    return Ran(code, f"systemctl {verb}: Unit {full(name)} doesn't exist")


def _starts(host: Host, name: str, _flags: Iterable[str]) -> Ran:
    unit = find(host, name)
    if unit is None:
        return _missing("start", name, 5)
    if unit.enabled == "masked":
        return Ran(1, f"Failed to start {unit.name}: Unit {unit.name} is masked.")
    start(host, unit)
    if not unit.active:
        return _refused(host, unit)
    return Ran(0)


def _refused(host: Host, unit: Unit) -> Ran:
    why = sshd.read(host)[1]
    return Ran(1, f"Job for {unit.name} failed because the control process exited with error code: {why}")


def _stops(host: Host, name: str, _flags: Iterable[str]) -> Ran:
    unit = find(host, name)
    if unit is None:
        return _missing("stop", name, 5)
    stop(host, unit)
    return Ran(0)


def _restarts(host: Host, name: str, flags: Iterable[str]) -> Ran:
    unit = find(host, name)
    if unit is not None and unit.enabled != "masked":
        stop(host, unit)
    return _starts(host, name, flags)


def _restarts_active(host: Host, name: str, flags: Iterable[str]) -> Ran:
    unit = find(host, name)
    return _restarts(host, name, flags) if unit is not None and unit.active else Ran(0)


def _reloads(host: Host, name: str, _flags: Iterable[str]) -> Ran:
    unit = find(host, name)
    if unit is None:
        return _missing("reload", name, 5)
    if not unit.active:
        return Ran(1, f"{unit.name} is not active, cannot reload.")
    if unit.name == "apparmor.service":
        from trainer.simulate.node.apparmor import load_all

        load_all(host)
    if unit.name == sshd.UNIT and sshd.load(host):
        return _refused(host, unit)
    return Ran(0)


def _sets(host: Host, name: str, wanted: str) -> Ran:
    """Enable or disable: with the units that belong to it."""
    verb = wanted.removesuffix("d")
    unit = find(host, name)
    if unit is None:
        return _missing(verb, name, 1)
    if unit.enabled == "masked" and wanted == "enabled":
        return Ran(1, f"Failed to enable unit: Unit {unit.name} is masked.")
    for one in (unit.name, *unit.also):
        other = host.units.get(one)
        if other is not None and other.enabled in ("enabled", "disabled"):
            other.enabled = wanted
    return Ran(0)


def _enables(host: Host, name: str, flags: Iterable[str]) -> Ran:
    ran = _sets(host, name, "enabled")
    return ran if ran.code or "--now" not in flags else _starts(host, name, flags)


def _disables(host: Host, name: str, flags: Iterable[str]) -> Ran:
    ran = _sets(host, name, "disabled")
    return ran if ran.code or "--now" not in flags else _stops(host, name, flags)


def _masks(host: Host, name: str, flags: Iterable[str]) -> Ran:
    unit = find(host, name)
    if unit is None:
        raise NotJudged(f"systemctl mask {name}, a unit that doesn't exist")
    if not unit.package:
        return Ran(1, f"Failed to mask unit: File '/etc/systemd/system/{unit.name}' already exists.")
    unit.enabled = "masked"
    return _stops(host, name, flags) if "--now" in flags else Ran(0)


def _unmasks(host: Host, name: str, _flags: Iterable[str]) -> Ran:
    unit = find(host, name)
    if unit is not None and unit.enabled == "masked":
        unit.enabled = "disabled"
    return Ran(0)


def _is_active(host: Host, name: str, _flags: Iterable[str]) -> Ran:
    unit = find(host, name)
    if unit is None:
        return Ran(4, "", "inactive\n")
    return Ran(0, "", "active\n") if unit.active else Ran(3, "", "inactive\n")


def _is_enabled(host: Host, name: str, _flags: Iterable[str]) -> Ran:
    unit = find(host, name)
    if unit is None:
        return Ran(4, "", "not-found\n")
    return Ran(int(unit.enabled not in ("enabled", "static")), "", f"{unit.enabled}\n")


def _status(host: Host, name: str, _flags: Iterable[str]) -> Ran:
    unit = find(host, name)
    if unit is None:
        return Ran(4, f"Unit {full(name)} could not be found.")
    state = (
        "active (running)" if unit.active and unit.command else "active" if unit.active else "inactive (dead)"
    )
    loaded = (
        "masked (Reason: Unit is masked.)"
        if unit.enabled == "masked"
        else (f"loaded (/usr/lib/systemd/system/{unit.name}; {unit.enabled})")
    )
    lines = [
        f"{'*' if unit.active else 'o'} {unit.name} - {unit.description}",
        f"     Loaded: {loaded}",
        f"     Active: {state}",
    ]
    lines += [f"   Main PID: {one.pid} ({one.name})" for one in host.processes if one.unit == unit.name]
    return Ran(0 if unit.active else 3, "", "".join(f"{line}\n" for line in lines))


_VERBS: dict[str, Callable[[Host, str, set[str]], Ran]] = {
    "start": _starts,
    "stop": _stops,
    "restart": _restarts,
    "try-restart": _restarts_active,
    "reload": _reloads,
    "reload-or-restart": _restarts,
    **dict.fromkeys(("try-reload-or-restart", "condrestart", "force-reload"), _restarts_active),
    "enable": _enables,
    "disable": _disables,
    "mask": _masks,
    "unmask": _unmasks,
    "is-active": _is_active,
    "is-enabled": _is_enabled,
    "status": _status,
}


def _listed(
    host: Host, verb: str, wanted: tuple[set[str], set[str]], names: list[str], *, everything: bool
) -> Ran:
    """`list-units`, `list-unit-files` and `list-sockets`, of the wanted types and states; none: of all."""
    types, conditions = wanted
    if verb == "list-sockets":
        return _sockets(host, names, everything=everything)
    rows = []
    for name, unit in sorted(host.units.items()):
        kind = name.rpartition(".")[2]
        states = {
            "active" if unit.active else "inactive",
            unit.enabled,
            *(["running"] if unit.active else []),
        }
        if (
            not unit.present
            or (types and kind not in types)
            or (conditions and not conditions & states)
            or (
                names
                and not any(fnmatchcase(name, one if set("*?[") & set(one) else full(one)) for one in names)
            )
        ):
            continue
        if verb == "list-unit-files":
            rows.append(f"{name:<34} {unit.enabled}")
        elif unit.active or everything or conditions:
            load = "masked" if unit.enabled == "masked" else "loaded"
            sub = (
                ("listening" if kind == "socket" else "running" if unit.command else "exited")
                if unit.active
                else "dead"
            )
            rows.append(
                f"{name:<34} {load} {'active' if unit.active else 'inactive':<8} {sub:<9} {unit.description}"
            )
    head = (
        f"{'UNIT FILE':<34} STATE"
        if verb == "list-unit-files"
        else f"{'UNIT':<34} LOAD   ACTIVE   SUB       DESCRIPTION"
    )
    return Ran(0, "", "".join(f"{row}\n" for row in (head, *rows)))


def _sockets(host: Host, names: list[str], *, everything: bool) -> Ran:
    """`list-sockets`: where the sockets that run listen, and what they start."""
    rows = [
        f"{one.split()[-1]:<24} {name:<24} {unit.triggers or name.removesuffix('.socket') + '.service'}\n"
        for name, unit in sorted(host.units.items())
        if name.endswith(".socket") and unit.present and (unit.active or everything)
        if not names or any(fnmatchcase(name, one) for one in names)
        for one in unit.listens
    ]
    return Ran(0, "", "".join((f"{'LISTEN':<24} {'UNIT':<24} ACTIVATES\n", *rows)))


def update_rc(host: Host, call: Call) -> Ran:
    """`update-rc.d NAME disable|enable|remove|defaults`, which hands a unit on to `systemctl`."""
    words = [arg for arg in call.args if arg != "-f"]
    if len(words) != 2 or words[1] not in ("disable", "enable", "remove", "defaults"):
        raise NotJudged(f"update-rc.d {' '.join(call.args)}")
    if words[1] in ("remove", "defaults"):
        return Ran(0)  # the script in /etc/init.d is still there, and so nothing changes
    return _sets(host, words[0], f"{words[1]}d")
