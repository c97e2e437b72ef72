"""`dpkg` and `dpkg-query` on a node.

Follows dpkg(1) and dpkg-query(1) of dpkg 1.22.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import fnmatchcase

from trainer.errors import NotJudged
from trainer.simulate.node.base import ESSENTIAL
from trainer.simulate.node.packages import remove
from trainer.simulate.node.system import Host, Package
from trainer.simulate.shell.process import Call, Ran

_FIELDS: dict[str, Callable[[Package], str]] = {
    "Package": lambda one: one.name,
    "binary:Package": lambda one: one.name,
    "Version": lambda one: one.version,
    "db:Status-Abbrev": lambda one: f"{_state(one)} ",
    "db:Status-Want": lambda one: "hold" if one.held else "install" if one.version else "deinstall",
    "db:Status-Status": lambda one: "installed" if one.version else "config-files",
    "Status": lambda one: (
        f"{'hold' if one.held else 'install'} ok installed" if one.version else "deinstall ok config-files"
    ),
}
"""What `dpkg-query -f` can show."""


def dpkg(host: Host, call: Call) -> Ran:
    """`dpkg -l`, `-L`, `-S`, `-s`, `-r`, `-P`, `--set-selections`."""
    if not call.args:
        raise NotJudged("dpkg without an action")
    action, names = call.args[0], list(call.args[1:])
    match action:
        case "-l" | "--list":
            return _list(host, names)
        case "-S" | "--search":
            return _owners(host, names)
        case "-L" | "--listfiles":
            found = [
                path
                for name in names
                if name in host.packages and host.packages[name].version
                for path in host.packages[name].files
            ]
            return Ran(int(not found), "", "".join(f"{path}\n" for path in found))
        case "-s" | "--status":
            return _status(host, names)
        case "-r" | "--remove" | "-P" | "--purge":
            return _dpkg_remove(host, names, purge=action in ("-P", "--purge"))
        case "--set-selections" if call.stdin is not None:
            return _selected(host, call.stdin)
        case "--get-selections":
            return query(host, Call("dpkg-query", ("-W", "-f=${Package}\t${db:Status-Want}\n", *names)))
    raise NotJudged(f"dpkg {' '.join(call.args)}")


def _status(host: Host, names: list[str]) -> Ran:
    """`dpkg -s`: the fields of packages that scripts read; one whose files are left counts as known."""
    known = [host.packages[name] for name in names if name in host.packages]
    known = [one for one in known if one.version or one.conffiles]
    text = "".join(
        f"Package: {one.name}\nStatus: {_FIELDS['Status'](one)}\n"
        + (f"Version: {one.version}\n" if one.version else "")
        + "\n"
        for one in known
    )
    missing = len(known) < len(names)
    return Ran(int(missing), "dpkg-query: package is not installed" if missing else "", text)


def _selected(host: Host, lines: str) -> Ran:
    """`dpkg --set-selections`: which packages are on hold; of one that nobody knows, it only warns."""
    for line in filter(None, map(str.strip, lines.splitlines())):
        name, state = [*line.split(), ""][:2]
        if state not in ("hold", "install"):
            raise NotJudged(f"dpkg --set-selections with {line}")
        if name in host.packages:
            host.packages[name].held = state == "hold"
    return Ran(0)


def _owners(host: Host, names: list[str]) -> Ran:
    """`dpkg -S`: the packages of files whose paths contain a text."""
    installed = [package for package in host.packages.values() if package.version]
    found = [
        f"{one.name}: {path}\n" for name in names for one in installed for path in one.files if name in path
    ]
    complaint = "" if found else "dpkg-query: no path found matching pattern"
    return Ran(int(not found), complaint, "".join(found))


def _list(host: Host, names: list[str]) -> Ran:
    rows = []
    for package in sorted(host.packages.values(), key=lambda one: one.name):
        if not (package.version or package.conffiles) or (
            names and not any(fnmatchcase(package.name, one) for one in names)
        ):
            continue
        rows.append(f"{_state(package)}  {package.name:<18} {package.version}")
    missing = names and not rows
    complaint = f"dpkg-query: no packages found matching {names[0]}" if missing else ""
    head = ["||/ Name               Version"] if rows else []
    return Ran(int(bool(missing)), complaint, "".join(f"{row}\n" for row in (*head, *rows)))


def _dpkg_remove(host: Host, names: list[str], *, purge: bool) -> Ran:
    complaint = ""
    for name in names:
        package = host.packages.get(name)
        if name in ESSENTIAL:
            raise NotJudged(f"the removal of {name}, which the node needs")
        users = [
            p.name for p in host.packages.values() if p.version and name in p.depends and p.name not in names
        ]
        if package is None:
            complaint = complaint or f"dpkg: warning: package {name} isn't installed"
        elif users:
            complaint = (
                complaint or f"dpkg: dependency problems prevent removal of {name}: {users[0]} depends on it"
            )
        elif package.version or package.conffiles:
            remove(host, package, purge=purge)
    return Ran(int(bool(complaint)), complaint)


def _state(package: Package) -> str:
    return "rc" if not package.version else "hi" if package.held else "ii"


def query(host: Host, call: Call) -> Ran:
    """`dpkg-query`: `-W` with its format (`-f`), and what `dpkg` shows as well."""
    if not {"-W", "--show"} & {*call.args}:
        return dpkg(host, call)
    form, names = "${binary:Package}\\t${Version}\\n", list[str]()
    rest = [arg for arg in call.args if arg not in ("-W", "--show")]
    while rest:
        arg = rest.pop(0)
        if match := re.fullmatch(r"(?:-f=?|--showformat=)(.+)", arg, re.DOTALL):
            form = match[1]
        elif arg in ("-f", "--showformat") and rest:
            form = rest.pop(0)
        elif arg.startswith("-"):
            raise NotJudged(f"dpkg-query {arg}")
        else:
            names.append(arg)
    form = form.replace("\\n", "\n").replace("\\t", "\t")
    unknown = [one for one in re.findall(r"\$\{([^;}]*)[;}]", form) if one not in _FIELDS]
    if unknown or "\\" in form or "${" in re.sub(r"\$\{[^;}]*\}", "", form):
        raise NotJudged(f"dpkg-query -f {form}")
    known = [one for _, one in sorted(host.packages.items()) if one.version or one.conffiles]
    found = [one for one in known if not names or any(fnmatchcase(one.name, name) for name in names)]
    missing = [name for name in names if not any(fnmatchcase(one.name, name) for one in found)]
    complaint = f"dpkg-query: no packages found matching {missing[0]}" if missing else ""
    return Ran(int(bool(missing)), complaint, "".join(_filled(form, one) for one in found))


def _filled(form: str, package: Package) -> str:
    return re.sub(r"\$\{([^}]*)\}", lambda match: _FIELDS[match[1]](package), form)
