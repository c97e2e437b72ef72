"""Kernel settings: `sysctl`, and what /etc/sysctl.d sets at boot.

Follows sysctl.d(5) of systemd 255 for the boot, and sysctl(8) of procps 4.0.4: `sysctl --system` reads the
same directories and /etc/sysctl.conf last. On Debian and Ubuntu /etc/sysctl.d/99-sysctl.conf is a link to
/etc/sysctl.conf, so that a boot reads it, too. Only the settings that the card declares are known.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from trainer.errors import NotJudged
from trainer.simulate.node.listing import absolute, in_order, lines_of
from trainer.simulate.node.system import Host
from trainer.simulate.shell.filesystem import File
from trainer.simulate.shell.process import Call, Ran

FOLDERS = ("/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d")
CONF = "/etc/sysctl.conf"
_LINK = "99-sysctl.conf"


def key_of(word: str) -> str:
    """A setting's name with dots: `net/ipv4/ip_forward` is `net.ipv4.ip_forward`."""
    name = word.strip().removeprefix("-").strip()
    first = next((char for char in name if char in "./"), ".")
    return name.replace("/", ".") if first == "/" else name


def apply(host: Host) -> None:
    """Set what the files say, as systemd-sysctl does when it starts."""
    found = host.sysctl
    files = [
        *in_order(host, FOLDERS),
        *([] if host.files.at(f"/etc/sysctl.d/{_LINK}", follow=False) else [CONF]),
    ]
    for path in sorted(files, key=lambda path: _LINK if path == CONF else path.rpartition("/")[2]):
        for key, value, _ in _assignments(host, path):
            for known in _matching(host, key):
                found[known] = value


def _matching(host: Host, key: str) -> list[str]:
    if "*" in key:
        raise NotJudged(f"the pattern {key} for kernel settings")
    return [key] if key in host.defaults else []


def _assignments(host: Host, path: str) -> Iterator[tuple[str, str, bool]]:
    """Key, value, and whether a failure is ignored."""
    for line in lines_of(host, path, "#;"):
        key, equals, value = line.partition("=")
        if equals:
            yield key_of(key), " ".join(value.split()), key.startswith("-")


def sysctl(host: Host, call: Call) -> Ran:
    """`sysctl`: show, write (`-w`, or with `=`), load a file (`-p`), load all files (`--system`)."""
    options = ""
    words: list[str] = []
    system = False
    for arg in call.args:
        if arg in ("--system", "--load", "--write", "--all", "--quiet", "--values"):
            system = system or arg == "--system"
            options += {"--load": "p", "--write": "w", "--all": "a", "--quiet": "q", "--values": "n"}.get(
                arg, ""
            )
        elif arg.startswith("--load="):
            options, words = options + "p", [*words, arg.partition("=")[2]]
        elif arg.startswith("-") and arg != "-" and set(arg[1:]) <= set("wpanqe"):
            options += arg[1:]
        elif arg.startswith("-") and arg != "-":
            raise NotJudged(f"sysctl {arg}")
        else:
            words.append(arg)
    if system:
        return _load(host, [*in_order(host, (*FOLDERS, "/lib/sysctl.d")), CONF], options)
    if "p" in options and {"-", _INPUT} & {*words}:
        return _from_input(host, call, options)
    if "p" in options:
        return _load(host, words or [CONF], options)
    if "a" in options:
        words = sorted(host.sysctl)
    if not words:
        return Ran(1, "sysctl names no setting")
    return _show_or_write(host, words, options)


_INPUT = "/dev/stdin"


def _from_input(host: Host, call: Call, options: str) -> Ran:
    """`sysctl -p -`: settings from its input."""
    if call.stdin is None:
        raise NotJudged("what sysctl reads")
    host.files.known[_INPUT] = File(_INPUT, content=call.stdin)
    ran = _load(host, [_INPUT], options)
    del host.files.known[_INPUT]
    return ran


def write(host: Host, path: str, text: str | None) -> None:
    """What a redirection to a file below /proc/sys sets, until the next restart."""
    if text is None or not path.startswith("/proc/sys/"):
        raise NotJudged(f"writing to {path}")
    host.sysctl[path.removeprefix("/proc/sys/").replace("/", ".")] = " ".join(text.split())


def _show_or_write(host: Host, words: list[str], options: str) -> Ran:
    complaint, lines = "", []
    for word in words:
        key, equals, value = word.partition("=")
        key = key_of(key)
        if "w" in options and not equals:
            complaint = complaint or f"sysctl: {word!r} must be of the form name=value"
            continue
        if key not in host.sysctl:
            raise NotJudged(f"the kernel setting {key}, which the card doesn't declare")
        if equals:
            host.sysctl[key] = " ".join(value.split())
        lines.append(host.sysctl[key] if "n" in options else f"{key} = {host.sysctl[key]}")
    quiet = "q" in options
    return Ran(int(bool(complaint)), complaint, "" if quiet else "".join(f"{line}\n" for line in lines))


def _load(host: Host, paths: list[str], options: str) -> Ran:
    lines, complaint = [], ""
    for path in paths:
        path = absolute(host, path)  # noqa: PLW2901 - a word becomes a path
        matches = [path]
        if any(char in path for char in "*?"):
            folder = path.rpartition("/")[0]
            names = host.files.entries(folder) or []
            matches = [one for name in names if fnmatchcase(one := f"{folder}/{name}", path)]
        for one in matches:
            if host.files.at(one) is None:
                complaint = complaint or f'sysctl: cannot open "{one}": No such file or directory'
                continue
            for key, value, ignored in _assignments(host, one):
                if key in host.sysctl:
                    host.sysctl[key] = value
                    lines.append(f"{key} = {value}")
                elif not ignored and "e" not in options:
                    raise NotJudged(f"the kernel setting {key}, which the card doesn't declare")
    out = "" if "q" in options else "".join(f"{line}\n" for line in lines)
    return Ran(int(bool(complaint)), complaint, out)
