"""Tools that change the modes and owners of files: chmod, chown, chgrp.

Follows POSIX.1-2024, XCU `chmod` and `chown`, and GNU coreutils 9.4. In a container, who owns a file only
counts in directories that start empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.shell.filesystem import File
from trainer.simulate.shell.process import Call, Host, Ran, options_of
from trainer.simulate.shell.tools.changing import Errors

_BITS = {"r": 0o444, "w": 0o222, "x": 0o111, "s": 0o6000, "t": 0o1000}
_LONG = {"--recursive": "R", "--changes": "c", "--silent": "f", "--no-dereference": "h"}


def change_mode(host: Host, call: Call) -> Ran:
    """`chmod`. A mode may look like options (`-x`)."""
    options: set[str] = set()
    words: list[str] = []
    for at, arg in enumerate(call.args):
        if arg == "--":
            words += call.args[at + 1 :]
            break
        if re.fullmatch(r"-[Rvfc]+|--[a-z]+", arg):
            options |= options_of(call.name, (arg,), set("Rvfc"), _LONG)[0]
        elif arg.startswith("--"):
            raise NotJudged(f"chmod {arg}")
        else:
            words.append(arg)
    if len(words) < 2:
        raise NotJudged(f"chmod {' '.join(call.args)}")
    changed_mode(0, words[0])
    return _changed(
        host,
        call,
        options,
        words[1:],
        lambda file: msgspec.structs.replace(file, mode=changed_mode(file.mode, words[0])),
    )


def change_owner(host: Host, call: Call) -> Ran:
    """`chown` and `chgrp`, by names and IDs. The bits that set an ID are gone then."""
    options, words = options_of(call.name, call.args, set("Rvfch"), _LONG)
    if len(words) < 2:
        raise NotJudged(f"{call.name} {' '.join(call.args)}")
    uid, gid, trouble = owner_ids(host, f":{words[0]}" if call.name == "chgrp" else words[0])
    if trouble:
        return Ran(1, trouble)

    def changed(file: File) -> File:
        owner, group = file.owner if uid is None else uid, file.group if gid is None else gid
        return msgspec.structs.replace(file, owner=owner, group=group, mode=file.mode & ~0o6000)

    return _changed(host, call, options, words[1:], changed)


def owner_ids(host: Host, text: str) -> tuple[int | None, int | None, str]:
    """User and group ID of `USER:GROUP`, None for what stays; and what is wrong with them."""
    mark = ":" if ":" in text else "."
    name, found, group = text.partition(mark)
    if found == "." and (account := host.account(text)) is not None:
        return account[0], None, ""
    uid = int(name) if name.isdecimal() else None
    gid = int(group) if group.isdecimal() else None
    if name and uid is None:
        account = host.account(name)
        if account is None:
            return None, None, f"invalid user: '{text}'"
        uid, gid = account[0], account[1] if found and not group else gid
    elif name and found and not group:
        return None, None, f"invalid spec: '{text}'"
    if group and gid is None:
        gid = host.group(group)
        if gid is None:
            return None, None, f"invalid group: '{text}'"
    return uid, gid, ""


def _changed(
    host: Host, call: Call, options: set[str], words: list[str], change: Callable[[File], File]
) -> Ran:
    """Change the files of the operands. Modes and owners of directories aren't kept."""
    errors = Errors()
    follow = "h" not in options
    for word in words:
        path = host.path(word)
        if host.files.is_folder(path):
            errors.add(_folder(host, call, word, change, recursive="R" in options))
            continue
        if path.startswith(("/proc/", "/sys/")):
            raise NotJudged(f"{call.name} {word}")
        file = host.files.at(path, follow=follow)
        if file is None:
            errors.add(f"{word} doesn't exist")
        elif refusal := _refused(host, call, path, word, file):
            errors.add(refusal)
        elif (new := change(file)) != file:
            host.put(host.files.final(path) if follow else host.files.real(path), new)
    ran = errors.ran()
    return msgspec.structs.replace(ran, out=None) if options & {"v", "c"} else ran


def _folder(host: Host, call: Call, word: str, change: Callable[[File], File], *, recursive: bool) -> str:
    """Change the files below a directory; why that isn't possible. Links in it stay as they are."""
    path = host.path(word)
    if host.folders_count and not recursive:
        raise NotJudged(f"the owner or mode of the directory {word}")
    if refusal := _refused(host, call, path, word):
        return refusal
    if recursive and host.files.entries(path) is None and call.name == "chmod":
        raise NotJudged(f"chmod of the directory {word}")
    complaint = ""
    for one in host.files.tree(path) if recursive and host.files.entries(path) is not None else ():
        file = host.files.known.get(one)
        if file is None or file.link:
            continue
        refusal = _refused(host, call, one, one, file)
        complaint = complaint or refusal
        if not refusal and (new := change(file)) != file:
            host.put(one, new)
    return complaint


def _refused(host: Host, call: Call, path: str, word: str, file: File | None = None) -> str:
    if host.user and call.name != "chmod":
        return f"user {host.user} can't change the owner of {word}"
    if host.user and file is not None and file.owner != host.user:
        return f"{word}: user {host.user} can't change files of {'root' if file.owner == 0 else 'others'}"
    refusal = host.files.refusal(host.files.real(path))
    return f"{word}: {refusal}" if refusal else ""


def changed_mode(mode: int, text: str) -> int:
    """The mode of a file after `chmod TEXT`: octal or symbols, which may copy (`g=u`)."""
    if re.fullmatch(r"0?[0-7]{1,4}", text):
        return int(text, 8)
    if match := re.fullmatch(r"([-+=])([0-7]{1,4})", text):
        bits = int(match[2], 8)
        return {"-": mode & ~bits, "+": mode | bits, "=": bits}[match[1]]
    for clause in text.split(","):
        match = re.fullmatch(r"([ugoa]*)([-+=])([rwxXst]*|[ugo])", clause)
        if match is None:
            raise NotJudged(f"chmod {text}")
        who = 0
        for letter in match[1] or "a":
            who |= {"u": 0o4700, "g": 0o2070, "o": 0o1007, "a": 0o7777}[letter]
        bits = 0
        for letter in match[3]:
            if letter in "ugo":
                bits |= (mode >> {"u": 6, "g": 3, "o": 0}[letter] & 7) * 0o111
            else:
                bits |= (mode & 0o111 and 0o111) if letter == "X" else _BITS[letter]
        bits &= who
        if not match[1]:
            bits &= ~0o022  # the umask applies if nobody is named
        mode = {"-": mode & ~bits, "+": mode | bits, "=": (mode & ~who) | bits}[match[2]]
    return mode
