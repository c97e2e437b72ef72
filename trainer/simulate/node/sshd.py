"""sshd: the settings that it has read, and who may log in, by key or by password.

Follows sshd_config(5) of OpenSSH 9.6 with `servconf.c` and `auth.c`: of a keyword with several lines the
first one counts, lists of users and groups add up, `Include` reads files in the order of their names, and a
mistake keeps sshd from starting. Without PAM, a locked account isn't let in, not even by its key. A reload
or a start reads the files again; ssh.service tests them before (Ubuntu 24.04). Of `AuthenticationMethods`,
lists with one method each are read. Settings that bring in other ways to log in (lists with several methods,
Kerberos) are outside, as are criteria of `Match` other than users, groups and addresses.
"""

from __future__ import annotations

import ipaddress
import re
import shlex
from collections.abc import Iterator
from fnmatch import fnmatchcase

from trainer.errors import NotJudged
from trainer.simulate.node.accounts import groups_of
from trainer.simulate.node.listing import text_of
from trainer.simulate.node.system import Directive, Host, User
from trainer.simulate.shell.process import Call, Ran

MAIN, FOLDER, UNIT = "/etc/ssh/sshd_config", "/etc/ssh", "ssh.service"
KEY, PASSWORD = "key", "password"
METHODS = (KEY, PASSWORD)

DEFAULTS = {
    "allowtcpforwarding": "yes",
    "kbdinteractiveauthentication": "yes",
    "maxauthtries": "6",
    "passwordauthentication": "yes",
    "permitemptypasswords": "no",
    "permitrootlogin": "prohibit-password",
    "port": "22",
    "pubkeyauthentication": "yes",
    "usepam": "no",
    "x11forwarding": "no",
}
"""Settings that are kept as facts, with their defaults."""
LISTS = ("denyusers", "allowusers", "denygroups", "allowgroups")
_OTHERS = {
    *"acceptenv addressfamily allowagentforwarding allowstreamlocalforwarding banner".split(),
    *"casignaturealgorithms channeltimeout chrootdirectory ciphers clientalivecountmax".split(),
    *"clientaliveinterval compression disableforwarding exposeauthinfo fingerprinthash forcecommand".split(),
    *"gatewayports hostcertificate hostkey hostkeyagent hostkeyalgorithms ignorerhosts".split(),
    *"ignoreuserknownhosts ipqos kexalgorithms listenaddress logingracetime loglevel logverbose macs".split(),
    *"maxsessions maxstartups modulifile permitlisten permitopen permittty permittunnel".split(),
    *"permituserenvironment permituserrc persourcemaxstartups persourcenetblocksize pidfile".split(),
    *"printlastlog printmotd pubkeyacceptedalgorithms pubkeyauthoptions rekeylimit requiredrsasize".split(),
    *"rdomain setenv strictmodes subsystem syslogfacility tcpkeepalive usedns".split(),
    *"authorizedkeysfile unusedconnectiontimeout versionaddendum x11displayoffset".split(),
    *"x11uselocalhost xauthlocation".split(),
}
"""Settings that don't change who may log in."""
_OUTSIDE = {
    *"authorizedkeyscommand authorizedkeyscommanduser".split(),
    *"authorizedprincipalscommand authorizedprincipalscommanduser authorizedprincipalsfile".split(),
    *"gssapiauthentication hostbasedauthentication kerberosauthentication revokedkeys".split(),
    *"securitykeyprovider trustedusercakeys".split(),
}
_WAYS = "authenticationmethods"
_METHODS = {"any", "publickey", "password", "keyboard-interactive", "keyboard-interactive:pam"}
_OTHER_METHODS = {"none", "hostbased", "gssapi-with-mic"}
_ALIASES = {
    "challengeresponseauthentication": "kbdinteractiveauthentication",
    "skeyauthentication": "kbdinteractiveauthentication",
    "dsaauthentication": "pubkeyauthentication",
}
_YES_NO = {name for name, value in DEFAULTS.items() if value in ("yes", "no")} - {"allowtcpforwarding"}
_ROOT = ("yes", "no", "prohibit-password", "without-password", "forced-commands-only")
_Who = tuple[str, User, Host]
_CRITERIA = ("user", "group", "address")
_DEEPEST = 16
_KEYS = [".ssh/authorized_keys", "%h/.ssh/authorized_keys", ".ssh/authorized_keys2"]
"""Where keys are by default."""
_QUOTING = frozenset("'\"\\#")
"""Characters of a line that it takes a shell's quoting rules to read."""
_SHELLS_OF_NOBODY = ("nologin", "false")


class BrokenError(Exception):
    """A line that sshd refuses."""


def read(host: Host) -> tuple[list[Directive], str]:
    """The settings in the files, or why sshd doesn't take them. Raises `NotJudged`."""
    try:
        if host.files.at(MAIN) is None:
            raise BrokenError(f"{MAIN}: No such file or directory")
        return list(_file(host, MAIN, (), 0)), ""
    except BrokenError as error:
        return [], str(error)


def load(host: Host) -> str:
    """Read the files as a start or a reload does: why sshd refuses them; empty if it has read them."""
    found, error = read(host)
    if not error:
        host.sshd = found
    return error


def sshd(host: Host, call: Call) -> Ran:
    """`sshd -t` and `sshd -T`."""
    words = call.args
    if words[1:2] == ("-f",) and words[2:] == ("/etc/ssh/sshd_config",):
        words = words[:1]
    if words[:1] == ("-f",) and words[1:2] == ("/etc/ssh/sshd_config",):
        words = words[2:]
    if words not in (("-t",), ("-T",)):
        raise NotJudged(f"sshd {' '.join(call.args)}")
    found, error = read(host)
    if error:
        return Ran(255, error)
    lines = [f"{name} {value}\n" for name, value in sorted(settings(found).items())]
    lines += [f"{name} {one}\n" for name in LISTS for one in _list(found, name, None, "")]
    return Ran(0, "", "".join(lines) if words == ("-T",) else "")


def settings(found: list[Directive]) -> dict[str, str]:
    """The settings that hold for every connection."""
    return {name: _value(found, name, None, "") for name in DEFAULTS}


def may_log_in(host: Host, name: str, user: User, by: str, address: str) -> bool:
    """Whether an account gets a shell by SSH, by its key or by its password, from an address."""
    return decision(host, name, user, by, address)[0]


def decision(host: Host, name: str, user: User, by: str, address: str) -> tuple[bool, str]:
    """Whether an account gets a shell by SSH, and what decides that, in words. Raises `NotJudged`."""
    unit = host.units.get(UNIT)
    if unit is None or not unit.active:
        return False, "sshd isn't running"
    if user.expired or user.shell.rpartition("/")[2] in _SHELLS_OF_NOBODY or (by == PASSWORD and user.locked):
        return False, "the account is locked, has expired, or has no login shell"
    who = (name, user, host)
    if why := _kept_out(host.sshd, who, address):
        return False, why
    value = {key: _value(host.sshd, key, who, address) for key in DEFAULTS}
    root = value["permitrootlogin"]
    if user.uid == 0 and root != "yes":
        if root == "forced-commands-only":
            raise NotJudged("PermitRootLogin forced-commands-only")
        if root == "no" or by == PASSWORD:
            return False, _said(host.sshd, "permitrootlogin", who, address)
    ways = _ways(host.sshd, who, address)
    if by == KEY and value["pubkeyauthentication"] == "yes" and not ways & {"any", "publickey"}:
        return False, _said(host.sshd, _WAYS, who, address)
    if by == KEY and value["pubkeyauthentication"] == "yes":
        return True, _let_in(host.sshd, who, address)
    if by == KEY:
        return False, _said(host.sshd, "pubkeyauthentication", who, address)
    if value["passwordauthentication"] == "yes" and ways & {"any", "password"}:
        return True, _said(host.sshd, "passwordauthentication", who, address)
    asks = value["kbdinteractiveauthentication"] == value["usepam"] == "yes"
    if not ways & {"any", "keyboard-interactive"}:
        return False, _said(host.sshd, _WAYS, who, address)
    return asks, f"{_said(host.sshd, 'kbdinteractiveauthentication', who, address)}, with PAM"


def _kept_out(found: list[Directive], who: _Who, address: str) -> str:
    """Why an account gets in by no method: a list, or a lock without PAM. Empty if nothing keeps it out."""
    for keyword in LISTS:
        if not _passes(found, keyword, who, address):
            return f"{keyword} is {' '.join(_list(found, keyword, who, address))}"
    if who[1].locked and _value(found, "usepam", who, address) != "yes":
        return f"the account is locked, and {_said(found, 'usepam', who, address)}"
    return ""


def _ways(found: list[Directive], who: _Who, address: str) -> set[str]:
    """The methods of which one is enough; `any` stands for every method that is on."""
    for one in found:
        if one.keyword == _WAYS and _applies(one, who, address):
            return {arg.lower().partition(":")[0] for arg in one.args}
    return {"any"}


def _let_in(found: list[Directive], who: _Who, address: str) -> str:
    """Why somebody with a key gets in: a list, or that none is there."""
    if who[1].uid == 0:
        return _said(found, "permitrootlogin", who, address)
    for keyword in ("allowusers", "allowgroups"):
        if names := _list(found, keyword, who, address):
            return f"{keyword} is {' '.join(names)}"
    return "no list of users or groups keeps it out"


def _said(found: list[Directive], keyword: str, who: _Who, address: str) -> str:
    """A setting with the line that decides it."""
    for one in found:
        if one.keyword == keyword and _applies(one, who, address):
            return f"{keyword} is {one.args[0].lower()} in line {one.line} of {one.path}"
    return f"{keyword} is {DEFAULTS[keyword]} by default"


def addresses(found: list[Directive]) -> Iterator[str]:
    """An address of each network that the settings name."""
    for one in found:
        texts = [value for name, value in one.match if name == "address"]
        texts += [arg.partition("@")[2] for arg in one.args if one.keyword in LISTS and "@" in arg]
        for text in texts:
            for part in text.replace("!", "").split(","):
                try:
                    yield str(next(iter(ipaddress.ip_network(part, strict=False))))
                except ValueError:
                    continue


def _file(host: Host, path: str, match: tuple[tuple[str, str], ...], depth: int) -> Iterator[Directive]:
    """The directives of a file and of those that it includes. A Match block ends with its file."""
    if depth > _DEEPEST:
        raise BrokenError(f"{path}: too many recursive includes")
    outer = match
    for number, line in enumerate(text_of(host, path).splitlines(), 1):
        written = line.strip()
        if not written or written.startswith("#"):
            continue
        place = f"{path} line {number}"
        words = _words(written, place)
        keyword = _ALIASES.get(words[0].lower(), words[0].lower())
        if keyword == "match":
            match = outer + _criteria(words[1:], place)
            continue
        if keyword == "include":
            for pattern in words[1:]:
                for inner in _included(host, pattern):
                    yield from _file(host, inner, match, depth + 1)
            continue
        _test(keyword, words, place)
        yield Directive(keyword, tuple(words[1:]), path, number, match)


def _words(written: str, place: str) -> list[str]:
    head, equals, rest = written.partition("=")
    if equals and len(head.split()) == 1:
        written = f"{head.strip()} {rest}"
    if _QUOTING.isdisjoint(written):
        return [word for word in re.split(r"[ \t\r\n]+", written) if word]
    try:
        return shlex.split(written, comments=True)
    except ValueError as error:
        raise BrokenError(f"{place}: unbalanced quotes") from error


def _included(host: Host, pattern: str) -> list[str]:
    folder, _, name = (pattern if pattern.startswith("/") else f"{FOLDER}/{pattern}").rpartition("/")
    if any(char in folder for char in "*?["):
        raise NotJudged(f"Include {pattern}")
    return [f"{folder}/{one}" for one in sorted(host.files.entries(folder) or ()) if fnmatchcase(one, name)]


def _criteria(words: list[str], place: str) -> tuple[tuple[str, str], ...]:
    if [word.lower() for word in words] == ["all"]:
        return ()
    if not words or len(words) % 2:
        raise BrokenError(f"{place}: missing argument for Match")
    found = tuple((name.lower(), value) for name, value in zip(words[::2], words[1::2], strict=True))
    for name, _ in found:
        if name not in _CRITERIA:
            raise NotJudged(f"Match {name}")
    return found


def _test(keyword: str, words: list[str], place: str) -> None:
    if keyword in _OUTSIDE and [word.lower() for word in words[1:]] not in (["no"], ["none"], ["any"]):
        raise NotJudged(f"{words[0]} of sshd")
    if keyword == "authorizedkeysfile" and words[1:] and not set(words[1:]) <= {*_KEYS}:
        raise NotJudged(f"{words[0]} {words[1]} of sshd")
    if keyword == _WAYS:
        _test_ways(words, place)
    if keyword not in _OTHERS | _OUTSIDE | {*DEFAULTS, *LISTS, _WAYS}:
        raise BrokenError(f"{place}: Bad configuration option: {words[0]}")
    if len(words) < 2:
        raise BrokenError(f"{place}: missing argument for {words[0]}")
    value = words[1].lower()
    if (keyword in _YES_NO and value not in ("yes", "no")) or (
        keyword == "permitrootlogin" and value not in _ROOT
    ):
        raise BrokenError(f'{place}: unsupported option "{words[1]}" for {words[0]}')
    if keyword in DEFAULTS and len(words) > 2:
        raise BrokenError(f"{place}: extra arguments at end of line for {words[0]}")


def _test_ways(words: list[str], place: str) -> None:
    methods = [word.lower() for word in words[1:]]
    known = {one for word in methods for one in word.split(",")}
    if not known <= _METHODS | _OTHER_METHODS or ("any" in known and len(methods) > 1):
        raise BrokenError(f"{place}: invalid AuthenticationMethods: {' '.join(words[1:])}")
    if not {*methods} <= _METHODS:
        raise NotJudged(f"{words[0]} {' '.join(words[1:])} of sshd")


def _value(found: list[Directive], keyword: str, who: _Who | None, address: str) -> str:
    for one in found:
        if one.keyword == keyword and _applies(one, who, address):
            return one.args[0].lower()
    return DEFAULTS[keyword]


def _list(found: list[Directive], keyword: str, who: _Who | None, address: str) -> list[str]:
    return [
        arg for one in found if one.keyword == keyword and _applies(one, who, address) for arg in one.args
    ]


def _applies(one: Directive, who: _Who | None, address: str) -> bool:
    """Whether the Match block of a directive is about a connection; without one, only global ones count."""
    if who is None:
        return not one.match
    return all(_matches(name, value, who, address) for name, value in one.match)


def _matches(name: str, value: str, who: _Who, address: str) -> bool:
    subjects = {"user": [who[0]], "group": _groups(who), "address": [address]}[name]
    patterns = value.split(",")
    no = any(_one(pattern[1:], subjects, name) for pattern in patterns if pattern.startswith("!"))
    return not no and any(
        _one(pattern, subjects, name) for pattern in patterns if not pattern.startswith("!")
    )


def _one(pattern: str, subjects: list[str], name: str) -> bool:
    if name == "address" and not any(char in pattern for char in "*?"):
        try:
            network = ipaddress.ip_network(pattern, strict=False)
            return any(ipaddress.ip_address(one) in network for one in subjects)
        except ValueError:
            return False
    return any(_like(one, pattern) for one in subjects)


def _like(text: str, pattern: str) -> bool:
    return fnmatchcase(text, pattern.replace("[", "[[]"))


def _groups(who: _Who) -> list[str]:
    name, user, host = who
    return groups_of(host, name) if name in host.users else [user.group, *user.groups]


def _passes(found: list[Directive], keyword: str, who: _Who, address: str) -> bool:
    """Whether one of the four lists lets a user in. One that isn't there does."""
    patterns = _list(found, keyword, who, address)
    if not patterns:
        return True
    name = "user" if keyword.endswith("users") else "group"
    has = any(_in(pattern, name, who, address) for pattern in patterns if not pattern.startswith("!"))
    has = has and not any(_in(one[1:], name, who, address) for one in patterns if one.startswith("!"))
    return has is not keyword.startswith("deny")


def _in(pattern: str, name: str, who: _Who, address: str) -> bool:
    pattern, at, place = pattern.partition("@")
    subjects = [who[0]] if name == "user" else _groups(who)
    return any(_like(one, pattern) for one in subjects) and (not at or _one(place, [address], "address"))
