"""Packages: `apt-get`, `apt`, `apt-mark`, `apt-cache`, `dpkg`.

Follows apt-get(8) and apt-mark(8) of apt 2.7 and dpkg(1) 1.22. apt asks before it removes packages, installs
more than was named, downgrades or changes held ones; a script has nobody to answer unless `-y` or its input
does. Versions are compared by their order in the card. Installing a package starts its services, as on
Debian.
"""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.node.base import ESSENTIAL
from trainer.simulate.node.services import start, stop
from trainer.simulate.node.system import Host, Package
from trainer.simulate.shell.filesystem import File
from trainer.simulate.shell.process import Call, Ran

_YES = frozenset({"-y", "--yes", "--assume-yes", "-qqy", "-yqq", "-qq", "-yq", "-qy", "-fy"})
_PLAIN = frozenset(
    {"-q", "--quiet", "--no-install-recommends", "--no-install-suggests", "--allow-change-held-packages"}
)
_PLAIN |= {
    "--purge",
    "--auto-remove",
    "--autoremove",
    "--allow-downgrades",
    "--only-upgrade",
    "-s",
    "--simulate",
}
_PLAIN |= {"--dry-run", "--allow-unauthenticated", "--fix-missing", "-f"}


class Plan(msgspec.Struct):
    """What apt is about to do."""

    install: dict[str, str] = {}
    """Package -> version."""
    remove: list[str] = []
    purge: bool = False
    named: set[str] = set()
    """What the command names itself."""

    @property
    def changes(self) -> bool:
        """Whether anything is to be done."""
        return bool(self.install or self.remove)


class Refused(Exception):
    """apt ends with this message and exit code 100."""


def apt(host: Host, call: Call) -> Ran:
    """`apt-get` and `apt`."""
    args = _without_dpkg_options(call.args)
    flags = [arg for arg in args if arg.startswith("-")]
    words = [arg for arg in args if not arg.startswith("-")]
    unknown = [flag for flag in flags if flag not in _YES and flag not in _PLAIN]
    if unknown:
        raise NotJudged(f"{call.name} {unknown[0]}")
    if not words:
        return Ran(1, f"{call.name} names no command")
    verb, names = words[0], words[1:]
    try:
        plan = _plan(host, verb, names, set(flags))
    except Refused as error:
        return Ran(100, f"E: {error}")
    if plan is None:
        return _reading(host, call, verb, names)
    return _carried_out(host, plan, call, set(flags))


def _without_dpkg_options(args: tuple[str, ...]) -> list[str]:
    """The arguments without `-o Dpkg::Options::=...`, which is about changed configuration files."""
    found: list[str] = []
    rest = list(args)
    while rest:
        arg = rest.pop(0)
        if arg == "-o" and rest and rest[0].startswith("Dpkg::Options"):
            rest.pop(0)
        elif not arg.startswith("-oDpkg::Options"):
            found.append(arg)
    return found


def _reading(host: Host, call: Call, verb: str, names: list[str]) -> Ran:
    if verb == "update":
        for package in host.packages.values():
            package.listed += package.later
            package.later = []
        return Ran(0, "", None)
    if verb in ("clean", "autoclean"):
        return Ran(0)
    if verb in ("policy", "madison") or (verb in ("show", "search") and call.name == "apt"):
        return cache(host, Call("apt-cache", (verb, *names)))
    if verb == "list" and call.name == "apt":
        return Ran(0, "", None)
    raise NotJudged(f"{call.name} {verb}")


def _plan(host: Host, verb: str, names: list[str], flags: set[str]) -> Plan | None:
    plan = Plan(purge=verb == "purge" or "--purge" in flags, named={name.partition("=")[0] for name in names})
    if verb == "install":
        for name in names:
            _plan_install(host, name, plan, flags)
    elif verb in ("remove", "purge"):
        for name in names:
            _plan_remove(host, name, plan)
    elif verb in ("upgrade", "dist-upgrade", "full-upgrade") and not names:
        for package in host.packages.values():
            if package.version and not package.held and package.version != package.listed[-1]:
                plan.install[package.name] = package.listed[-1]
    elif verb not in ("autoremove", "autopurge"):
        return None
    if verb in ("autoremove", "autopurge") or {"--auto-remove", "--autoremove"} & flags:
        for name in names if verb in ("autoremove", "autopurge") else ():
            _plan_remove(host, name, plan)
        plan.purge = plan.purge or verb == "autopurge"
        plan.remove += [name for name in _unneeded(host, plan.remove) if name not in plan.remove]
    return plan


def _plan_install(host: Host, word: str, plan: Plan, flags: set[str]) -> None:
    """Install a package; one whose name ends in `-` is removed instead."""
    name, equals, version = word.partition("=")
    package = host.packages.get(name)
    if package is None and name.endswith("-"):
        _plan_remove(host, name[:-1], plan)
        return
    if package is None and name.endswith("+"):
        name = name[:-1]
        plan.named.add(name)
        package = host.packages.get(name)
    if "/" in name or any(char in name for char in "*?^"):
        raise NotJudged(f"apt-get install {word}")
    if package is None or not package.listed:
        if name in ESSENTIAL:
            return  # installed, and not the newest for all we know: nothing here depends on it
        raise Refused(f"Unable to locate package {name}")
    wanted = package.listed[-1]
    if equals:
        matching = [one for one in package.listed if fnmatchcase(one, version)]
        if not matching:
            raise Refused(f"Version '{version}' for '{name}' was not found")
        wanted = matching[-1]
    if "--only-upgrade" in flags and not package.version:
        return
    for dependency in package.depends:
        if not host.packages[dependency].version:
            _plan_install(host, dependency, plan, flags)
    if package.version == wanted:
        package.auto = False
    else:
        plan.install[name] = wanted


def _plan_remove(host: Host, name: str, plan: Plan) -> None:
    """Remove a package, and those that need it; one whose name ends in `+` is installed instead."""
    package = host.packages.get(name)
    if package is None and name.endswith("+"):
        _plan_install(host, name, plan, set())
        return
    if any(char in name for char in "*?^"):
        raise NotJudged(f"the package name {name}")
    if name in ESSENTIAL:
        raise NotJudged(f"the removal of {name}, which the node needs")
    if package is None:
        raise Refused(f"Unable to locate package {name}")
    if package.version or (plan.purge and package.conffiles):
        if name not in plan.remove:
            plan.remove.append(name)
        for other in host.packages.values():
            if other.version and name in other.depends and other.name not in plan.remove:
                _plan_remove(host, other.name, plan)


def _unneeded(host: Host, removed: Iterable[str]) -> list[str]:
    """Packages that were installed as dependencies, and that nothing needs any more."""
    gone = set(removed)
    while True:
        needed = {
            one for p in host.packages.values() if p.version and p.name not in gone for one in p.depends
        }
        more = {
            p.name for p in host.packages.values() if p.version and p.auto and p.name not in needed
        } - gone
        if not more:
            return sorted(gone - set(removed))
        gone |= more


def _carried_out(host: Host, plan: Plan, call: Call, flags: set[str]) -> Ran:
    if {"-s", "--simulate", "--dry-run"} & flags:
        return Ran(0, "", None)
    yes = bool(flags & _YES)
    held = [name for name in (*plan.install, *plan.remove) if host.packages[name].held]
    downgrades = [
        name for name, version in plan.install.items() if _is_downgrade(host.packages[name], version)
    ]
    if held and yes and "--allow-change-held-packages" not in flags:
        return Ran(
            100,
            f"E: Held packages were changed and -y was used without --allow-change-held-packages ({held[0]})",
        )
    if downgrades and yes and "--allow-downgrades" not in flags:
        return Ran(100, "E: Packages were downgraded and -y was used without --allow-downgrades.")
    asks = plan.remove or held or downgrades or set(plan.install) - plan.named
    if plan.changes and asks and not yes and not answers_yes(call.stdin, default=True):
        return Ran(
            1, f'{call.name} asks "Do you want to continue? [Y/n]", and nobody answers: it aborts. Use -y.'
        )
    for name in plan.remove:
        remove(host, host.packages[name], purge=plan.purge)
    for name, version in plan.install.items():
        install(host, host.packages[name], version, auto=name not in plan.named)
    return Ran(0, "", None)


def answers_yes(stdin: str | None, *, default: bool) -> bool:
    """Whether the first line of its input says yes; an empty line takes the default, no line is no."""
    if stdin is None:
        raise NotJudged("what a command answers to a question")
    if not stdin:
        return False
    first = stdin.split("\n", 1)[0].strip().lower()
    return default if not first else first in ("y", "yes")


def _is_downgrade(package: Package, version: str) -> bool:
    return bool(package.version) and package.listed.index(version) < package.listed.index(package.version)


def install(host: Host, package: Package, version: str, *, auto: bool) -> None:
    """Install or upgrade a package. A new one brings its files, and starts its units."""
    fresh = not package.version
    package.version = version
    for path in package.files:
        known = host.files.known.get(path)
        if known is None:
            host.files.put(path, File(path, 0o755, content=f"{package.name} {version}\n"))
        elif known.content is not None and known.content.startswith(f"{package.name} "):
            host.files.put(path, msgspec.structs.replace(known, content=f"{package.name} {version}\n"))
    if not fresh:
        return
    package.auto, package.conffiles = auto, False
    for unit in host.units.values():
        if unit.package == package.name:
            unit.present = True
            if unit.enabled in ("enabled", "disabled"):
                unit.enabled = "enabled"
                start(host, unit)


def remove(host: Host, package: Package, *, purge: bool) -> None:
    """Remove a package: its services stop, its files go; those in /etc stay without `purge`."""
    for unit in host.units.values():
        if unit.package == package.name and unit.present:
            stop(host, unit)
            unit.present = False
    left = False
    for path in package.files:
        if path.startswith("/etc/") and not purge:
            left = left or host.files.known.get(path) is not None
        elif host.files.known.get(path) is not None:
            host.files.put(path, None)
    package.version = ""
    package.held = False
    package.conffiles = left and not purge


def mark(host: Host, call: Call) -> Ran:
    """`apt-mark hold`, `unhold`, `showhold`, `showauto`, `showmanual`, `auto`, `manual`."""
    if call.args in (("showauto",), ("showmanual",)):
        auto = call.args == ("showauto",)
        found = sorted(one.name for one in host.packages.values() if one.version and one.auto is auto)
        return Ran(0, "", "".join(f"{name}\n" for name in found))
    if not call.args or call.args[0] not in ("hold", "unhold", "showhold", "auto", "manual"):
        raise NotJudged(f"apt-mark {' '.join(call.args)}")
    verb, *names = call.args
    if verb == "showhold":
        held = sorted(one.name for one in host.packages.values() if one.held)
        return Ran(0, "", "".join(f"{name}\n" for name in held))
    lines = []
    for name in names:
        package = host.packages.get(name)
        if package is None or not (package.version or package.listed):
            return Ran(100, f"E: Unable to locate package {name}")
        if verb in ("auto", "manual"):
            package.auto = verb == "auto"
            continue
        was, package.held = package.held, verb == "hold"
        already = f"was already {'set on hold' if verb == 'hold' else 'not on hold'}."
        done = f"{name} set on hold." if package.held else f"Canceled hold on {name}."
        lines.append(f"{name} {already}" if was is package.held else done)
    return Ran(0, "", "".join(f"{line}\n" for line in lines))


def cache(host: Host, call: Call) -> Ran:
    """`apt-cache policy` and `madison`."""
    verb, names = (call.args[0], call.args[1:]) if call.args else ("", ())
    if verb not in ("policy", "madison") or not names:
        return Ran(0, "", None)
    lines: list[str] = []
    for name in names:
        package = host.packages.get(name)
        if package is None or not package.listed:
            lines.append(f"N: Unable to locate package {name}")
        elif verb == "madison":
            lines += [
                f"{name:>10} | {version} | /etc/apt/sources.list.d Packages"
                for version in reversed(package.listed)
            ]
        else:
            lines += [
                f"{name}:",
                f"  Installed: {package.version or '(none)'}",
                f"  Candidate: {package.listed[-1]}",
            ]
            lines += [
                "  Version table:",
                *(f"{' *** ' if v == package.version else '     '}{v} 500" for v in reversed(package.listed)),
            ]
    return Ran(0, "", "".join(f"{line}\n" for line in lines))
