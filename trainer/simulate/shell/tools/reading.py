"""Tools that only read: echo, printf, cat, ls, stat, basename, dirname, readlink, id, ...

Follows POSIX.1-2024, XCU chapter 3. What a file of the image contains isn't known: then neither is the
output.
"""

from __future__ import annotations

import posixpath
import re

from trainer.errors import NotJudged
from trainer.simulate.shell.filesystem import File
from trainer.simulate.shell.paths import normalise
from trainer.simulate.shell.process import Call, Host, Ran, limited, options_of
from trainer.simulate.shell.tools.formats import of_shell


def echo(call: Call, *, plain: bool = False) -> Ran:
    """`echo`. Shells differ in options other than `-n`, and in backslashes: then the output isn't known.

    `plain`: the built-in of bash, in which a backslash is a character as any other without `-e`.
    """
    words = list(call.args)
    newline = "\n"
    while words and re.fullmatch(r"-n" if not plain else r"-[neE]+", words[0]):
        newline = "" if "n" in words[0] else newline
        if plain and "e" in words[0] and any("\\" in word for word in words):
            words = [_unescaped(" ".join(words[1:]))]
            break
        words = words[1:]
    text = " ".join(words)
    if plain:
        return Ran(0, "", text + newline)
    unsure = "\\" in text or (words and re.fullmatch(r"-[neE]+", words[0]))
    return Ran(0, "", None if unsure else text + newline)


def _unescaped(text: str) -> str:
    """Backslashes as `echo -e` reads them. Raises `NotJudged` for rare ones."""
    if re.search(r"\\(?![ntreaE\\]|0[0-7]{1,3}|x[0-9A-Fa-f]{1,2})", text):
        raise NotJudged(f"echo -e {text}")
    return re.sub(r"\\(0[0-7]{1,3}|x[0-9A-Fa-f]{1,2}|.)", _character, text)


def _character(match: re.Match[str]) -> str:
    """One escape: `\\n`, `\\033` or `\\x1b`."""
    if match[1][0] in "0x":
        return chr(int(match[1][1:], 8 if match[1][0] == "0" else 16) & 255)
    return {"n": "\n", "t": "\t", "r": "\r", "e": "\x1b", "E": "\x1b", "a": "\a"}.get(match[1], "\\")


def printf(call: Call) -> Ran:
    """`printf`. What dates (`%(...)T`) are isn't known."""
    words = call.args[1:] if call.args[:1] == ("--",) else call.args
    if not words:
        return Ran(2, "printf without a format")
    if ")T" in words[0]:
        return Ran(0, "", None)
    return Ran(0, "", limited(of_shell(words[0], words[1:])))


def cat(host: Host, call: Call) -> Ran:
    """`cat`; with other options than `-n`, what it writes isn't known."""
    words = [arg for arg in call.args if not re.fullmatch(r"-[A-Za-z]+", arg)]
    plain = len(words) == len(call.args)
    out: str | None = "" if words else call.stdin
    complaint = ""
    for word in words:
        text = call.stdin
        if word != "-":
            text, trouble = contents(host, word)
            complaint = complaint or trouble
        out = None if out is None or text is None else limited(out + text)
    if out is not None and call.args[:1] == ("-n",) and len(words) == len(call.args) - 1:
        numbered = enumerate(out.removesuffix("\n").split("\n") if out else [], 1)
        return Ran(int(bool(complaint)), complaint, "".join(f"{at:>6}\t{line}\n" for at, line in numbered))
    return Ran(int(bool(complaint)), complaint, out if plain else None)


def contents(host: Host, word: str) -> tuple[str | None, str]:
    """What is in a file, if that is known, and why it can't be read; empty if it can."""
    path = host.path(word)
    if host.files.is_folder(path):
        return "", f"{word} is a directory"
    if path.startswith(("/proc/", "/sys/", "/dev/")) and not host.files.is_known(path):
        raise NotJudged(f"reading {word}")
    file = host.files.at(path)
    if file is None:
        return "", f"{word} doesn't exist"
    if not file.allows(host.user, 4):
        return "", f"{word}: permission denied"
    return file.content, ""


def list_files(host: Host, call: Call) -> Ran:
    """`ls`: whether the files exist, and their names where everything in a directory is known."""
    options, words = options_of(call.name, call.args, set("1aAlhdRrtSiFpnocgLkqs"), {"--all": "a"})
    lines: list[str] | None = []
    complaint = ""
    for word in words or ["."]:
        path = host.path(word)
        if not host.files.is_folder(path) or "d" in options:
            if not host.files.is_folder(path) and not _listed(host, path, options):
                complaint = complaint or f"{word} doesn't exist"
                continue
            found: list[str] | None = [word]
        else:
            found = host.files.entries(path) if len(words) < 2 else None
        lines = None if lines is None or found is None else lines + found
    known = lines is not None and not options - {"1", "d"}
    out = "".join(f"{line}\n" for line in sorted(lines or [])) if known else None
    return Ran(2 if complaint else 0, complaint, out)


def _listed(host: Host, path: str, options: set[str]) -> File | None:
    """The file that `ls` shows: a link itself with `-l`, and in any case where its target is gone."""
    found = host.files.at(path, follow=False)
    return host.files.at(path) if found is not None and "L" in options else found


def name_of(host: Host, call: Call) -> Ran:
    """`basename`, `dirname`, `readlink` and `realpath`."""
    options, words = options_of(
        call.name, call.args, {"f", "e", "m", "n"} if call.name == "readlink" else set()
    )
    if not words:
        return Ran(1, f"{call.name} names no file")
    if call.name == "realpath":
        return Ran(0, "", "".join(f"{host.files.final(host.path(word))}\n" for word in words))
    if call.name == "readlink":
        path = host.path(words[0])
        file = None if host.files.is_folder(path) else host.files.at(path, follow=False)
        if options:
            return Ran(0, "", host.files.final(path) + "\n")
        if file is not None and path.startswith("/proc/"):
            return Ran(0, "", f"{file.link}\n")
        return Ran(0, "", None) if file is not None and file.link else Ran(1, f"{words[0]} is not a link")
    if call.name == "dirname":
        return Ran(
            0, "", (posixpath.dirname(words[0].rstrip("/")) or ("/" if words[0][:1] == "/" else ".")) + "\n"
        )
    base = posixpath.basename(words[0].rstrip("/")) or "/"
    if len(words) == 2 and base != words[1]:
        base = base.removesuffix(words[1])
    return Ran(0, "", base + "\n")


def status(host: Host, call: Call) -> Ran:
    """`stat`, `file`: whether files exist."""
    words = [arg for arg in call.args if not arg.startswith(("-", "%"))]
    for word in words:
        path = host.path(word)
        if not host.files.is_folder(path) and host.files.at(path, follow=False) is None:
            return Ran(1, f"{word} doesn't exist", None)
    return Ran(0, "", None) if words else Ran(1, f"{call.name} names no file")


def who(host: Host, call: Call) -> Ran:
    """`id`, `whoami`, `pwd`, `date`, `hostname`, `uname`, `env`, ...: programs that only print."""
    if call.name == "id" and call.args == ("-u",):
        return Ran(0, "", f"{host.user}\n")
    if call.name == "whoami" and host.user == 0:
        return Ran(0, "", "root\n")
    if call.name == "pwd" and host.folder:
        return Ran(0, "", f"{normalise(host.folder)}\n")
    return Ran(0, "", None)
