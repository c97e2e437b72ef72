"""Who may run what with sudo: /etc/sudoers and /etc/sudoers.d, and `visudo -c`.

Follows sudoers(5) of sudo 1.9.15: names of files that contain a dot or end in `~` are skipped, a file that
others may write isn't read, of the entries that match a command the last one counts, and a line with an error
is skipped (`error_recovery`, since 1.9.3); older versions refuse to work at all. Of the aliases, only those
for commands are known; command options such as `sha256:` are outside.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from fnmatch import fnmatchcase

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.node.accounts import groups_of
from trainer.simulate.node.listing import absolute, text_of
from trainer.simulate.node.system import Host
from trainer.simulate.shell.process import Call, Ran

MAIN = "/etc/sudoers"
FOLDER = "/etc/sudoers.d"
_TAGS = (
    "NOPASSWD PASSWD NOEXEC EXEC SETENV NOSETENV LOG_INPUT LOG_OUTPUT NOLOG_INPUT NOLOG_OUTPUT MAIL NOMAIL "
    "FOLLOW NOFOLLOW INTERCEPT NOINTERCEPT".split()
)

_MOST_INCLUDES = 128
"""Files inside each other; sudo gives up at the next one."""
_LONGEST = 20_000
"""Characters of an entry whose aliases are written out; aliases of aliases multiply it."""


class Grant(msgspec.Struct, frozen=True):
    """One command that somebody may run."""

    who: str
    """`jane`, `%sudo`, `#1001`, `ALL`."""
    runas: str
    command: str
    """`ALL`, a path, a directory with a slash at the end, or a path with arguments; `!` forbids."""
    password: bool
    path: str
    line: int


class Broken(msgspec.Struct, frozen=True):
    """A line that sudo can't read."""

    path: str
    line: int
    text: str


def read(host: Host) -> tuple[list[Grant], list[Broken]]:
    """All grants in the order in which sudo reads them, and the broken lines."""
    grants: list[Grant] = []
    broken: list[Broken] = []
    _read_file(host, MAIN, grants, broken, {})
    return grants, broken


def _read_file(
    host: Host,
    path: str,
    grants: list[Grant],
    broken: list[Broken],
    aliases: dict[str, str],
    around: tuple[str, ...] = (),
) -> None:
    """Add what one file says. `around`: the files that include it."""
    if host.files.at(path) is None:
        return
    file = host.files.at(path)
    if file is not None and (file.owner or file.mode & 0o002 or (file.group and file.mode & 0o020)):
        broken.append(Broken(path, 1, "bad permissions: sudo ignores a file that others can write"))
        return
    for number, line in _logical(text_of(host, path)):
        include = re.fullmatch(r"[@#]include(dir)?\s+(\S+)", line)
        if include is not None:
            for one in _included(host, include[2], folder=bool(include[1])):
                if one in (*around, path) or len(around) == _MOST_INCLUDES:
                    broken.append(Broken(path, number, f"{line}: too many levels of includes"))
                    continue
                if host.files.at(one) is None:
                    broken.append(Broken(path, number, line))
                _read_file(host, one, grants, broken, aliases, (*around, path))
        elif (line.startswith("#") and not re.match(r"#\d+\s", line)) or line.startswith("Defaults"):
            if "authenticate" in line and not line.startswith("#"):
                raise NotJudged(f"`authenticate` in {path}")
        elif alias := re.fullmatch(r"Cmnd_Alias\s+([A-Z][A-Z0-9_]*)\s*=\s*([^:]+)", line):
            aliases[alias[1]] = alias[2]
        elif re.match(r"(User|Runas|Host|Cmnd|Cmd)_Alias\b", line):
            raise NotJudged(f"an alias in {path}")
        else:
            found = _entry(_expanded(line, aliases), path, number, host.name)
            if found is None:
                broken.append(Broken(path, number, line))
            else:
                grants += found


def _logical(text: str) -> Iterator[tuple[int, str]]:
    """Lines, joined where one ends in a backslash, with the number of their first line; without comments."""
    pending, first = "", 0
    for number, raw in enumerate(text.splitlines(), start=1):
        first = first or number
        if raw.endswith("\\"):
            pending += raw[:-1] + " "
            continue
        line = (pending + raw).strip()
        if not line.startswith("#"):
            line = re.sub(r"\s#.*", "", line).strip()
        if line:
            yield first, line
        pending, first = "", 0
    if pending:
        yield first, "an unfinished line"


def _included(host: Host, path: str, *, folder: bool) -> list[str]:
    if not folder:
        return [path]
    names = host.files.entries(path) or []
    return [f"{path}/{name}" for name in names if "." not in name and not name.endswith("~")]


def _expanded(line: str, aliases: dict[str, str]) -> str:
    """The line with its aliases for commands replaced; one that isn't set stays, and is an error."""
    who, equals, rest = line.partition("=")
    for name, commands in aliases.items():
        rest = re.sub(rf"(?<![\w/]){name}(?![\w/])", lambda _match, text=commands: text, rest)  # type: ignore[misc]
        if len(rest) > _LONGEST:
            raise NotJudged(f"an entry of sudoers of more than {_LONGEST} characters")
    return f"{who}{equals}{rest}"


def _entry(line: str, path: str, number: int, here: str) -> list[Grant] | None:
    """The grants of a line `who hosts = (runas) TAG: commands`; None if sudo can't read it."""
    match = re.fullmatch(r"([^\s,]+(?:\s*,\s*[^\s,]+)*)\s+([\w.-]+)\s*=\s*(.+)", line)
    if line.startswith(('"', "!", "+")):
        raise NotJudged(f"the entry {line} in {path}")
    if match is None:
        return None
    users, host, rest = match[1], match[2], match[3]
    if host not in ("ALL", here):
        raise NotJudged(f"an entry for the host {host} in {path}")
    found: list[Grant] = []
    runas, password = "root", True
    for piece in re.split(r"(?<!\\),", _shielded(rest)):
        text = piece.strip().replace("\0", ",")
        if given := re.match(r"\(([^)]*)\)\s*", text):
            runas, text = given[1].strip() or "root", text[given.end() :]
        while tag := re.match(rf"({'|'.join(_TAGS)})\s*:\s*", text):
            password = {"NOPASSWD": False, "PASSWD": True}.get(tag[1], password)
            text = text[tag.end() :]
        if text.startswith(("^", '"')) or text.split()[:1] == ["list"]:
            raise NotJudged(f"the command {text} in {path}")
        if not re.fullmatch(r"!?(ALL|sudoedit\b.*|/\S+.*)", text):
            return None
        if re.search(r"(?<!\\):", text):
            if "=" in text.rpartition(":")[2]:
                raise NotJudged(f"an entry for several hosts in {path}")
            return None
        found += [Grant(who.strip(), runas, text, password, path, number) for who in users.split(",")]
    return found


def _shielded(text: str) -> str:
    """The text with the commas inside of (user, user) hidden."""
    return re.sub(r"\([^)]*\)", lambda match: match[0].replace(",", "\0"), text)


def grants_of(host: Host, name: str, everything: list[Grant] | None = None) -> list[Grant]:
    """What the files grant an account, by its name, ID and groups; `everything` is what `read` found."""
    user = host.users[name]
    names = {name, "ALL", f"#{user.uid}", *(f"%{one}" for one in groups_of(host, name))}
    names |= {f"%#{host.groups[one]}" for one in groups_of(host, name) if one in host.groups}
    return [one for one in (read(host)[0] if everything is None else everything) if one.who in names]


def deciding(host: Host, name: str, command: str) -> Grant | None:
    """The last grant that matches a command run as root; None if nothing does, or it forbids it."""
    found = None
    for grant in grants_of(host, name):
        runas = grant.runas.split(":")[0].strip()
        if runas in ("root", "ALL", "#0") and _matches(grant.command.lstrip("!"), command):
            found = grant
    return None if found is None or found.command.startswith("!") else found


def _matches(granted: str, command: str) -> bool:
    if granted == "ALL":
        return True
    try:
        wanted, asked = shlex.split(granted), shlex.split(command)
    except ValueError:
        raise NotJudged(f"the quotes in the entry {granted} of sudo") from None
    path = wanted[0]
    place = asked[0].rpartition("/")[0] + "/" if path.endswith("/") else asked[0]
    if not fnmatchcase(place, path):
        return False
    if len(wanted) == 1:
        return True  # no arguments in the entry: any are allowed
    if wanted[1:] == [""]:
        return len(asked) == 1
    return fnmatchcase(" ".join(asked[1:]), " ".join(wanted[1:]))


def powers(host: Host) -> dict[str, str]:
    """What `sudo -l -U NAME` lists for each account, as one comparable text."""
    everything = read(host)[0]
    return {name: "; ".join(map(_shown, grants_of(host, name, everything))) for name in host.users}


def _shown(grant: Grant) -> str:
    return f"({grant.runas}) {'' if grant.password else 'NOPASSWD: '}{grant.command}"


def listed(host: Host, name: str) -> str:
    """The output of `sudo -l -U NAME`."""
    grants = grants_of(host, name)
    if not grants:
        return f"User {name} is not allowed to run sudo on {host.name}.\n"
    lines = [f"User {name} may run the following commands on {host.name}:"]
    lines += [f"    {_shown(one)}" for one in grants]
    return "".join(f"{line}\n" for line in lines)


def visudo(host: Host, call: Call) -> Ran:
    """`visudo -c`, of all files or of one (`-f`)."""
    args = [*call.args]
    if "-c" not in args and "-cf" not in args and "--check" not in args:
        raise NotJudged("visudo, which starts an editor")
    rest = [
        arg
        for arg in args
        if arg not in ("-c", "-f", "-cf", "-q", "--check", "--file", "--quiet", "-cq", "-qc")
    ]
    if len(rest) > 1 or any(arg.startswith("-") for arg in rest):
        raise NotJudged(f"visudo {' '.join(args)}")
    grants: list[Grant] = []
    broken: list[Broken] = []
    path = absolute(host, rest[0]) if rest else MAIN
    if host.files.at(path) is None:
        return Ran(1, f"visudo: unable to open {path}: No such file or directory")
    _read_file(host, path, grants, broken, {})
    if broken:
        first = broken[0]
        return Ran(1, f"{first.path}:{first.line}: syntax error: {first.text}")
    return Ran(0, "", f"{path}: parsed OK\n")
