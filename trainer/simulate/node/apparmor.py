"""AppArmor profiles of a node: `apparmor_parser`, `aa-status`, `aa-enforce`, `aa-complain`, `aa-disable`.

Follows apparmor_parser(8), apparmor.d(5) and aa-enforce(8) of AppArmor 4.0, and the service of Ubuntu 24.04,
which loads every file in /etc/apparmor.d except those with a link in `disable`; those with one in
`force-complain` get complain mode. What the rules of a profile allow isn't looked at here.
"""

from __future__ import annotations

import posixpath
import re

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.node.listing import absolute, text_of
from trainer.simulate.node.profiles import Profile, profiles_of
from trainer.simulate.node.system import Host
from trainer.simulate.shell.filesystem import File
from trainer.simulate.shell.process import Call, Ran

FOLDER = "/etc/apparmor.d"
DISABLED = f"{FOLDER}/disable"
COMPLAIN = f"{FOLDER}/force-complain"
_IGNORED = (
    ".dpkg-new",
    ".dpkg-old",
    ".dpkg-dist",
    ".dpkg-bak",
    ".dpkg-remove",
    ".rpmnew",
    ".rpmsave",
    ".orig",
    ".rej",
    "~",
)


def load_all(host: Host) -> None:
    """Load what the service loads. A file that the parser rejects loads nothing."""
    for name in host.files.entries(FOLDER) or ():
        path = posixpath.join(FOLDER, name)
        if host.files.is_folder(path) or name.startswith(".") or name.endswith(_IGNORED):
            continue
        if host.files.at(f"{DISABLED}/{name}", follow=False) is not None:
            continue
        found, trouble = profiles_of(text_of(host, path), path)
        forced = host.files.at(f"{COMPLAIN}/{name}", follow=False) is not None
        for one in found if not trouble else ():
            _load(host, one, complain=one.complain or forced)


def _load(host: Host, profile: Profile, *, complain: bool) -> None:
    host.apparmor[profile.name] = _mode(complain)
    host.apparmor_rules[profile.name] = profile.rules


def _unload(host: Host, name: str) -> None:
    host.apparmor.pop(name, None)
    host.apparmor_rules.pop(name, None)


def _mode(complain: bool) -> str:
    return "complain" if complain else "enforce"


def parser(host: Host, call: Call) -> Ran:
    """`apparmor_parser`: add, replace or remove the profiles of files."""
    letters, words = "", []
    long = {
        "--replace": "r",
        "--add": "a",
        "--remove": "R",
        "--quiet": "q",
        "--write-cache": "W",
        "--complain": "C",
    }
    long |= {"--skip-cache": "K", "--skip-read-cache": "T", "--skip-kernel-load": "Q", "--verbose": "v"}
    for arg in call.args:
        if arg.startswith("-") and arg != "-":
            letters += long.get(arg, "?" if arg.startswith("--") else arg[1:])
        else:
            words.append(arg)
    if not set(letters) <= set("raRqWCKTQv"):
        raise NotJudged(f"apparmor_parser {' '.join(call.args)}")
    verbs = set(letters) & set("raR")
    if len(verbs) > 1:
        return Ran(1, "apparmor_parser takes one of -a, -r and -R")
    if not words:
        words = ["-"]
    complaint = ""
    for word in words:
        complaint = complaint or _parse_one(host, call, word, verbs, letters)
    return Ran(int(bool(complaint)), complaint)


def _parse_one(host: Host, call: Call, word: str, verbs: set[str], letters: str) -> str:
    if word == "-":
        if call.stdin is None:
            raise NotJudged("the profile that apparmor_parser reads")
        text, path = call.stdin, "stdin"
    else:
        path = absolute(host, word)
        if host.files.is_folder(path):
            raise NotJudged(f"apparmor_parser of the directory {word}")
        if host.files.at(path) is None:
            return f"File {word} not found, skipping..."
        text = text_of(host, path)
    found, trouble = profiles_of(text, word)
    if trouble or "Q" in letters:
        return trouble
    for profile in found:
        loaded = profile.name in host.apparmor
        if "R" in verbs and not loaded:
            return f'apparmor_parser: Unable to remove "{profile.name}". Profile doesn\'t exist'
        if "R" in verbs:
            _unload(host, profile.name)
        elif loaded and "r" not in verbs:
            return f'apparmor_parser: Unable to add "{profile.name}". Profile already exists'
        else:
            _load(host, profile, complain=profile.complain or "C" in letters)
    return ""


def tools(host: Host, call: Call) -> Ran:
    """`aa-enforce`, `aa-complain` and `aa-disable`, by the path of a profile's file or the profile's name."""
    words = [arg for arg in call.args if not arg.startswith("-")]
    if len(words) != len(call.args) or not words:
        raise NotJudged(f"{call.name} {' '.join(call.args)}".strip())
    for word in words:
        if host.files.is_folder(absolute(host, word)):
            continue  # as the wildcard of /etc/apparmor.d/* names them: each is skipped with a message
        path = _file_of(host, word)
        if path is None:
            return Ran(1, f"{call.name}: {word} isn't a profile in {FOLDER}")
        _set_mode(host, path, call.name)
    return Ran(0)


def _file_of(host: Host, word: str) -> str | None:
    """The file in /etc/apparmor.d with a profile: by its path, or by the profile's or program's name."""
    path = absolute(host, word)
    if posixpath.dirname(path) == FOLDER and host.files.at(path) is not None:
        return path
    for name in host.files.entries(FOLDER) or ():
        path = posixpath.join(FOLDER, name)
        if not host.files.is_folder(path):
            found, _ = profiles_of(text_of(host, path), path)
            if any(one.name == word for one in found):
                return path
    return None


def _set_mode(host: Host, path: str, tool: str) -> None:
    text = text_of(host, path)
    found, trouble = profiles_of(text, path)
    if trouble or len(found) != 1:
        raise NotJudged(f"{tool} of a file with several profiles or an error: {path}")
    name = posixpath.basename(path)
    if tool == "aa-disable":
        host.files.put(f"{DISABLED}/{name}", File(f"{DISABLED}/{name}", 0o777, path))
        _unload(host, found[0].name)
        return
    for folder in (DISABLED, COMPLAIN):
        if host.files.at(f"{folder}/{name}", follow=False) is not None:
            host.files.put(f"{folder}/{name}", None)
    complain = tool == "aa-complain"
    changed = _flagged(text, complain=complain)
    file = host.files.at(path)
    if file is not None and changed != text:
        host.files.put(host.files.final(path), msgspec.structs.replace(file, content=changed))
    _load(host, found[0], complain=complain)


def _flagged(text: str, *, complain: bool) -> str:
    """The file with or without the flag complain in the head of its profile."""
    lines = text.splitlines(keepends=True)
    for index, line in enumerate(lines):
        head = line.split("#")[0].rstrip()
        if not head.endswith("{") or head.startswith(("@", " ", "\t")):
            continue
        body = head[:-1].rstrip()
        match = re.search(r"\s+(?:flags\s*=\s*)?\(([^)]*)\)$", body)
        flags = [one for one in re.split(r"[\s,]+", match[1].strip()) if one] if match else []
        flags = [one for one in flags if one not in ("complain", "enforce")] + (
            ["complain"] if complain else []
        )
        body = body[: match.start()] if match else body
        shown = f" flags=({','.join(flags)})" if flags else ""
        lines[index] = f"{body}{shown} {{\n"
        break
    return "".join(lines)


def status(host: Host, call: Call) -> Ran:
    """`aa-status`."""
    counted = {"--profiled": "", "--enforced": "enforce", "--complaining": "complain"}
    match call.args:
        case ["--enabled"]:
            return Ran(0)
        case [one] if one in counted:
            number = sum(counted[one] in ("", mode) for mode in host.apparmor.values())
            return Ran(0, "", f"{number}\n")
        case [_, *_] if call.args not in (("-v",), ("--verbose",)):
            raise NotJudged(f"aa-status {' '.join(call.args)}")
    lines = ["apparmor module is loaded.", f"{len(host.apparmor)} profiles are loaded."]
    for mode in ("enforce", "complain"):
        names = sorted(name for name, one in host.apparmor.items() if one == mode)
        lines.append(f"{len(names)} profiles are in {mode} mode.")
        lines += [f"   {name}" for name in names]
    return Ran(0, "", "".join(f"{line}\n" for line in lines))
