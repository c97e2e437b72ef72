"""Kernel modules: `modprobe`, `rmmod`, `lsmod`, and what modprobe.d and modules-load.d say.

Follows modprobe(8), modprobe.d(5) and lsmod(8) of kmod 31 and modules-load.d(5) of systemd 255. `blacklist`
only hides a module's aliases: the hardware no longer loads it, `modprobe NAME` does. `install NAME
/bin/false` keeps `modprobe` from loading it. systemd-modules-load doesn't load what is blacklisted.
"""

from __future__ import annotations

from trainer.errors import NotJudged
from trainer.simulate.node.listing import in_order, lines_of
from trainer.simulate.node.system import Host
from trainer.simulate.shell.process import Call, Ran, options_of

CONFIGURATION = (
    "/etc/modprobe.d",
    "/run/modprobe.d",
    "/usr/local/lib/modprobe.d",
    "/usr/lib/modprobe.d",
    "/lib/modprobe.d",
)
LOADED_AT_BOOT = (
    "/etc/modules-load.d",
    "/run/modules-load.d",
    "/usr/local/lib/modules-load.d",
    "/usr/lib/modules-load.d",
)
_MODULES = "/lib/modules/6.8.0-31-generic/kernel/drivers"
_NOTHING = {"false": 1, "true": 0}


def name_of(word: str) -> str:
    """A module's name as the kernel has it: with underscores."""
    return word.replace("-", "_")


def configuration(host: Host) -> tuple[set[str], dict[str, str]]:
    """The blacklisted modules, and the commands that run instead of loading one."""
    blacklisted: set[str] = set()
    instead: dict[str, str] = {}
    for path in in_order(host, CONFIGURATION):
        for line in lines_of(host, path):
            words = line.split(None, 2)
            if words[0] == "blacklist" and len(words) > 1:
                blacklisted.add(name_of(words[1]))
            elif words[0] == "install" and len(words) > 2:
                instead[name_of(words[1])] = words[2]
            elif words[0] not in ("options", "softdep", "remove", "alias", "blacklist", "install"):
                raise NotJudged(f"the line {line!r} of {path}")
    return blacklisted, instead


def loadable(host: Host, name: str) -> bool:
    """Whether `modprobe NAME` loads it."""
    return name in all_loadable(host)


def all_loadable(host: Host) -> set[str]:
    """The modules that `modprobe` loads: for none that they need does another command run instead."""
    _, instead = configuration(host)

    def is_loadable(name: str) -> bool:
        return _ending(instead, name) is None and all(is_loadable(one) for one in host.modules[name].depends)

    return {name for name in host.modules if is_loadable(name)}


def _ending(instead: dict[str, str], name: str) -> int | None:
    """The exit code of what runs instead of loading it; None if it is loaded."""
    if name not in instead:
        return None
    program = instead[name].split()[0].rpartition("/")[2]
    if program not in _NOTHING:
        raise NotJudged(f"install {name} {instead[name]}")
    return _NOTHING[program]


def at_boot(host: Host) -> None:
    """Load what the hardware asks for by its aliases."""
    blacklisted, instead = configuration(host)
    for name, module in host.modules.items():
        if module.boots and name not in blacklisted:
            load(host, name, instead)


def load_listed(host: Host) -> None:
    """Load what modules-load.d and /etc/modules name, as systemd-modules-load does when it starts."""
    blacklisted, instead = configuration(host)
    for path in (*in_order(host, LOADED_AT_BOOT), "/etc/modules"):
        for line in lines_of(host, path, "#;"):
            name = name_of(line)
            if name in host.modules and name not in blacklisted:
                load(host, name, instead)


def load(host: Host, name: str, instead: dict[str, str]) -> str:
    """Load a module and those that it needs; why that fails, empty if it doesn't.

    `instead` are the commands that run instead of loading one: the second part of `configuration`.
    """
    code = _ending(instead, name)
    if host.modules[name].loaded or code == 0:
        return ""
    if code is not None:
        return f"modprobe: ERROR: install command '{instead[name]}' for module {name} fails"
    for one in host.modules[name].depends:
        if trouble := load(host, one, instead):
            return trouble
    host.modules[name].loaded = True
    return ""


def users_of(host: Host, name: str) -> list[str]:
    """The loaded modules that need this one."""
    return [one for one, module in host.modules.items() if module.loaded and name in module.depends]


def modprobe(host: Host, call: Call) -> Ran:
    """`modprobe`, `modprobe -r` and `rmmod`."""
    long = {"--remove": "r", "--all": "a", "--use-blacklist": "b", "--quiet": "q", "--force": "f"}
    long |= {"--dry-run": "n", "--show": "n", "--show-depends": "n", "--verbose": "v"}
    options, words = options_of(call.name, call.args, set("raqbvfn"), long)
    removing = call.name == "rmmod" or "r" in options
    if "f" in options:
        raise NotJudged(f"{call.name} -f")
    if not words:
        return Ran(1, f"{call.name} names no module")
    if "n" in options:
        told = {"n", "v"} <= options <= {"n", "v", "q"} and "--show-depends" not in call.args
        return Ran(0, "", _dry(host, words[0]) if told and len(words) == 1 else None)
    complaint = ""
    for word in words if removing or "a" in options else words[:1]:
        name = name_of(word)
        if name not in host.modules:
            complaint = complaint or f"{call.name}: FATAL: Module {word} not found."
        elif removing:
            complaint = complaint or _unload(host, name, call.name)
        elif not ("b" in options and name in configuration(host)[0]):
            complaint = complaint or load(host, name, configuration(host)[1])
    return Ran(0 if "q" in options and not removing else int(bool(complaint)), complaint)


def _dry(host: Host, word: str) -> str | None:
    """What `modprobe -n -v` prints: nothing for a module that is loaded; None for an unknown one."""
    name = name_of(word)
    _, instead = configuration(host)
    if name not in host.modules:
        return None
    if host.modules[name].loaded:
        return ""
    if name in instead:
        return f"install {instead[name]}\n"
    needed = [_dry(host, one) or "" for one in host.modules[name].depends]
    return "".join([*needed, f"insmod {_MODULES}/{name}.ko.zst\n"])


def _unload(host: Host, name: str, tool: str) -> str:
    module = host.modules[name]
    if not module.loaded:
        return f"rmmod: ERROR: Module {name} is not currently loaded" if tool == "rmmod" else ""
    if users := users_of(host, name):
        return f"{tool}: ERROR: Module {name} is in use by: {' '.join(users)}"
    if module.in_use:
        return f"{tool}: ERROR: Module {name} is in use"
    module.loaded = False
    if tool == "modprobe":
        for one in module.depends:
            if host.modules[one].loaded and not users_of(host, one) and not host.modules[one].in_use:
                _unload(host, one, tool)
    return ""


def lsmod(host: Host, _call: Call) -> Ran:
    """`lsmod`."""
    lines = ["Module                  Size  Used by"]
    for name, module in sorted(host.modules.items()):
        if module.loaded:
            users = users_of(host, name)
            count = len(users) + module.in_use
            lines.append(f"{name:<20} {16384:>8}  {count}{' ' + ','.join(users) if users else ''}")
    return Ran(0, "", "".join(f"{line}\n" for line in lines))
