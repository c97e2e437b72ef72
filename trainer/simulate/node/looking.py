"""Programs that only show something of a node, or write to its journal: they change nothing.

What they print isn't known, so a script that uses it isn't judged. With words that could change something,
they aren't known either.
"""

from __future__ import annotations

from collections.abc import Callable

from trainer.errors import NotJudged
from trainer.simulate.shell.process import Call, Host, Ran

_ANY = frozenset(
    "column df du dmesg faillog file findmnt free getenforce history journalctl last lastlog logger lsattr"
    " lsb_release lsblk lscpu modinfo nproc pstree sestatus strings tree tty uptime vmstat w who".split()
)
"""Programs that change nothing, whatever their words are; options of some that do are in `_CHANGING`."""
_CHANGING = frozenset(
    "-c -C --clear --rotate --vacuum-time --vacuum-size --flush --sync -n --console-off".split()
)
_IP = ("show", "list", "ls", "get")


def _looks(name: str, words: list[str], options: list[str]) -> bool:
    """Whether a program with these words and options only looks."""
    match name:
        case "journalctl" | "dmesg":
            harmless = {"-n"} if name == "journalctl" else set()
            return not any(one.partition("=")[0] in _CHANGING - harmless for one in options)
        case "ip":
            return len(words) < 2 or words[1] in _IP
        case "ifconfig":
            return len(words) < 2
        case "hostnamectl" | "timedatectl" | "loginctl":
            return not words or words[0] in ("status", "show", "list-sessions", "list-users")
        case "iptables" | "ip6tables":
            return bool(options) and set(options) <= {
                "-L",
                "-S",
                "-n",
                "-v",
                "--list",
                "-nL",
                "-vnL",
                "-nvL",
                "-Ln",
                "-Lnv",
            }
        case "nft":
            return words[:1] == ["list"]
        case "crictl":
            return words[:1] in (["ps"], ["pods"], ["images"], ["info"], ["version"], ["inspect"], ["logs"])
        case "top":
            return any("b" in one for one in options)
    return name in _ANY


def look(_host: Host, call: Call) -> Ran:
    """One of these programs. Raises `NotJudged` for words that may change something."""
    words = [arg for arg in call.args if not arg.startswith("-")]
    options = [arg for arg in call.args if arg.startswith("-")]
    if not _looks(call.name, words, options):
        raise NotJudged(f"{call.name} {' '.join(call.args)}".strip())
    return Ran(0, "", "" if call.name in ("logger", "history") else None)


def attributes(host: Host, call: Call) -> Ran:
    """`chattr -i FILE`: takes away what no file has, because `chattr +i` isn't known."""
    words = [arg for arg in call.args if arg not in ("-R", "-V", "-f")]
    if len(words) < 2 or words[0] not in ("-i", "-a", "-ia", "-ai"):
        raise NotJudged(f"chattr {' '.join(call.args)}")
    missing = [
        word
        for word in words[1:]
        if not host.files.is_folder(path := host.path(word)) and not host.files.at(path)
    ]
    return Ran(
        int(bool(missing)),
        f"chattr: No such file or directory while trying to stat {missing[0]}" if missing else "",
    )


COMMANDS: dict[str, Callable[[Host, Call], Ran]] = {
    **dict.fromkeys(_ANY, look),
    **dict.fromkeys(
        ("ip", "ifconfig", "hostnamectl", "timedatectl", "loginctl", "iptables", "ip6tables"), look
    ),
    **dict.fromkeys(("nft", "crictl", "top"), look),
    "chattr": attributes,
}
