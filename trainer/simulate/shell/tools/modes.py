"""Tools that change the modes and owners of files: chmod, chown, chgrp.

Follows POSIX.1-2024, XCU `chmod` and `chown`. Who owns a file only counts in directories that start empty.
"""

from __future__ import annotations

import re

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.shell.filesystem import File
from trainer.simulate.shell.process import Call, Host, Ran, options_of
from trainer.simulate.shell.tools.changing import Errors


def change_mode(host: Host, call: Call) -> Ran:
    """`chmod`."""
    words = list(call.args)
    recursive = False
    while words and words[0] in {"-R", "-v", "-f", "-c", "--"}:
        recursive = words.pop(0) == "-R" or recursive
    if len(words) < 2 or any(word.startswith("--") for word in words):
        raise NotJudged(f"chmod {' '.join(call.args)}")
    errors = Errors()
    for word in words[1:]:
        path = host.path(word)
        if host.files.is_folder(path):
            if recursive and host.files.entries(path) != []:
                raise NotJudged(f"chmod of the directory {word}")
            errors.add(_refused(host, path, word))
            continue
        file = host.files.at(path)
        if file is None:
            errors.add(f"{word} doesn't exist")
        elif refusal := _refused(host, path, word, file):
            errors.add(refusal)
        else:
            changed = changed_mode(file.mode, words[0])
            host.put(host.files.final(path), msgspec.structs.replace(file, mode=changed))
    return errors.ran()


def change_owner(host: Host, call: Call) -> Ran:
    """`chown` and `chgrp`: who owns a file only counts in directories that start empty."""
    _, words = options_of(call.name, call.args, {"R", "v", "f", "h"})
    if len(words) < 2 or not re.fullmatch(r"(\d+|root|nobody)?([:.](\d+|root|nogroup)?)?", words[0]):
        raise NotJudged(f"{call.name} {' '.join(call.args)}")
    errors = Errors()
    owner = {"root": "0", "nobody": "65534"}.get(found := re.split("[:.]", words[0])[0], found)
    for word in words[1:]:
        path = host.path(word)
        file = None if host.files.is_folder(path) else host.files.at(path)
        if file is None and not host.files.is_folder(path):
            errors.add(f"{word} doesn't exist")
        elif host.user != 0:
            errors.add(f"user {host.user} can't change the owner of {word}")
        elif refusal := _refused(host, path, word, file):
            errors.add(refusal)
        elif file is not None and owner and call.name == "chown":
            host.put(host.files.final(path), msgspec.structs.replace(file, owner=int(owner)))
    return errors.ran()


def _refused(host: Host, path: str, word: str, file: File | None = None) -> str:
    if host.user and file is not None and file.owner != host.user:
        return f"{word}: user {host.user} can't change files of {'root' if file.owner == 0 else 'others'}"
    refusal = host.files.refusal(host.files.real(path))
    return f"{word}: {refusal}" if refusal else ""


def changed_mode(mode: int, text: str) -> int:
    """The mode after `chmod TEXT`: octal, or symbols without copying."""
    if re.fullmatch(r"[0-7]{1,4}", text):
        return int(text, 8) & 0o777
    for clause in text.split(","):
        match = re.fullmatch(r"([ugoa]*)([-+=])([rwx]*)", clause)
        if match is None:
            raise NotJudged(f"chmod {text}")
        who = 0
        for letter in match[1] or "a":
            who |= {"u": 0o700, "g": 0o070, "o": 0o007, "a": 0o777}[letter]
        bits = sum({"r": 0o444, "w": 0o222, "x": 0o111}[letter] for letter in set(match[3])) & who
        if not match[1]:
            bits &= ~0o022  # the umask applies if nobody is named
        mode = {"-": mode & ~bits, "+": mode | bits, "=": (mode & ~who) | bits}[match[2]]
    return mode
