"""Tools that find files: `find`, with tests that are all met, and `-delete` or `-exec`; and `which`.

Follows GNU findutils 4.9: a starting point that is a link isn't followed, unless it ends in a slash or the
option `-L` or `-H` is set. Below a directory that isn't known as a whole, `find` meets the programs of the
image, known files, and perhaps the directory of a Debian package of that name, which `-delete` can't remove.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from fnmatch import fnmatchcase

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.shell.filesystem import BIN_FOLDERS, UnknownProgram
from trainer.simulate.shell.paths import is_within, normalise
from trainer.simulate.shell.process import Call, Host, Ran
from trainer.simulate.shell.tools.modes import changed_mode

_REMOVING = (("rm",), ("rm", "-f"), ("rm", "-rf"), ("rm", "-v"), ("unlink",), ("/bin/rm",), ("/bin/rm", "-f"))


_Test = Callable[[Host, str], bool]


class _Search(msgspec.Struct):
    starts: list[str] = []
    follow: bool = False
    name: str = ""
    type: str = ""
    tests: list[_Test] = []
    """Others, of whole paths."""
    action: str = "-print"
    command: tuple[str, ...] = ()
    """What `-exec` runs, except what only removes files."""
    at_once: bool = False
    """Whether it runs once, with all files."""
    fails_for_folders: bool = False
    """Whether the action on a directory that isn't empty makes the exit code 1."""
    ignores_failures: bool = False
    """Whether the action's own failures don't count, as those of `-exec ... ;`."""
    partial: bool = False
    """Whether there may be matches that aren't known."""
    least: int = 0
    most: int | None = None
    """How deep below a starting point it looks (`-mindepth`, `-maxdepth`)."""


def find(host: Host, call: Call) -> Ran:
    """`find`. Below a directory of the image it looks for one name only: the others aren't known."""
    search = _read(call.args)
    lines: list[str] = []
    chosen: list[str] = []
    complaint = ""
    for start in search.starts or ["."]:
        path = host.path(start)
        if host.files.real(path) in host.files.aliases and not (search.follow or start.endswith("/")):
            continue  # a link itself; its call.name isn't that of a file in it
        if not host.files.is_folder(path):
            if host.files.at(path, follow=False) is None:
                complaint = complaint or f"{start} doesn't exist"
                continue
            found = [host.files.real(path)]
        else:
            found = _below(host, path, search)
            complaint = complaint or _of_others(host, path, search)
        for one in found:
            shown, depth = _shown(host, start, one)
            if depth < search.least or (search.most is not None and depth > search.most):
                continue
            if not _fits(host, one, search):
                continue
            if search.action.startswith("-print"):
                lines.append(shown)
            elif search.command:
                chosen.append(shown)
            elif refusal := host.files.refusal(one):
                complaint = complaint or ("" if search.ignores_failures else f"{one}: {refusal}")
            else:
                host.put(one, None)
    if search.command:
        return _executed(host, call, search, chosen, complaint)
    end = "\0" if search.action == "-print0" else "\n"
    out = None if search.partial else "".join(f"{line}{end}" for line in lines)
    return Ran(int(bool(complaint)), complaint, out)


def _shown(host: Host, start: str, path: str) -> tuple[str, int]:
    """A path as `find` shows it, from its starting point on, and how deep below that it is."""
    base = host.files.real(normalise(host.path(start)))
    if path == base or not is_within(path, base):
        return (start if path == base else path), 0
    inner = path.removeprefix(base).lstrip("/")
    return f"{start.rstrip('/')}/{inner}", inner.count("/") + 1


def _executed(host: Host, call: Call, search: _Search, chosen: list[str], complaint: str) -> Ran:
    """Run the command of `-exec`: with `+` once, and its failure counts; else for each file."""
    if search.partial:
        raise NotJudged(f"find -exec {' '.join(search.command)}")
    rounds = [chosen] if search.at_once and chosen else [[one] for one in chosen]
    out: str | None = ""
    for files in rounds:
        words = [piece for word in search.command for piece in (files if word == "{}" else [word])]
        if not search.at_once:
            words = [word.replace("{}", files[0]) for word in words]
        ran = host.execute(tuple(words), call.depth + 1)
        complaint = complaint or (ran.complaint if search.at_once and ran.code else "")
        out = None if out is None or ran.out is None else out + ran.out
    return Ran(int(bool(complaint)), complaint, out)


def _of_others(host: Host, path: str, search: _Search) -> str:
    """What goes wrong with matches that aren't known; `find` goes on."""
    if not search.partial:
        return ""
    if host.user and host.files.real(path) == "/":
        return "find can't read every directory below /"
    documents = f"/usr/share/doc/{search.name}/copyright"
    if (
        not search.fails_for_folders
        or search.type not in ("", "d")
        or not is_within(documents, normalise(path))
    ):
        return ""
    if not host.files.is_known(documents):
        raise UnknownProgram(documents)
    there = host.files.at(documents) is not None
    return f"{posixpath.dirname(documents)} is a directory that isn't empty" if there else ""


def _below(host: Host, path: str, search: _Search) -> list[str]:
    if host.files.entries(path) is not None:
        return [
            one for one in host.files.tree(path) if one not in host.files.made or search.action != "-delete"
        ]
    real = host.files.real(normalise(path))
    real = host.files.aliases.get(real, real)
    flat = {host.files.aliases.get(folder, folder) for folder in BIN_FOLDERS}
    folders = sorted(folder for folder in flat if is_within(folder, real))
    if not folders or not search.name or any(char in search.name for char in "*?[") or search.tests:
        raise NotJudged(f"find below {path}")
    search.partial = search.partial or real not in flat
    wanted = dict.fromkeys(posixpath.join(folder, search.name) for folder in folders)
    wanted |= dict.fromkeys(
        one
        for one, file in host.files.known.items()
        if file is not None and is_within(one, real) and posixpath.basename(one) == search.name
    )
    # A copy in another directory of programs, which nobody knows of, goes in the same way.
    known = [one for one in wanted if not search.partial or host.files.is_known(one)]
    return [one for one in known if host.files.at(one, follow=False) is not None]


def _fits(host: Host, path: str, search: _Search) -> bool:
    if search.name and not fnmatchcase(posixpath.basename(path), search.name):
        return False
    return search.type in ("", _kind(host, path)) and all(test(host, path) for test in search.tests)


def _kind(host: Host, path: str) -> str:
    file = host.files.known.get(path)
    return "d" if path in host.files.made else "l" if file is not None and file.link else "f"


def _permissions(text: str) -> _Test:
    """`-perm MODE`, `-perm -MODE` for all of these bits, `-perm /MODE` for any of them."""
    how, mode = (text[0], text[1:]) if text[:1] in ("-", "/") else ("", text)
    if not re.fullmatch(r"[0-7]+|([ugoa]+[=+][rwxst]*,?)+", mode):
        raise NotJudged(f"find -perm {text}")
    wanted = int(mode, 8) if mode.isdecimal() else changed_mode(0, mode)

    def test(host: Host, path: str) -> bool:
        file = host.files.known.get(path)
        if file is None:  # modes of directories aren't kept; those that set an ID for their owner are rare
            if wanted != 0o4000 or not how:
                raise NotJudged(f"find -perm {text} of directories (use -type f)")
            return False
        if how == "/":
            return bool(file.mode & wanted) or not wanted
        return file.mode & wanted == wanted if how else file.mode == wanted

    return test


def _owned(name: str, text: str) -> _Test:
    """`-user`, `-group`, by name or ID."""

    def test(host: Host, path: str) -> bool:
        file, account = host.files.known.get(path), host.account(text)
        number = account[0] if account is not None and name == "-user" else host.group(text)
        number = int(text) if text.isdecimal() else number
        if file is None or number is None:
            raise NotJudged(f"find {name} {text}")
        return (file.owner if name == "-user" else file.group) == number

    return test


def _tested(name: str, text: str) -> _Test | None:
    """A test with a value; None for another word."""
    match name:
        case "-perm":
            return _permissions(text)
        case "-user" | "-group":
            return _owned(name, text)
        case "-iname":
            return lambda _host, path: fnmatchcase(posixpath.basename(path).lower(), text.lower())
        case "-path" | "-wholename":
            return lambda _host, path: fnmatchcase(path, text)
        case "-name":
            return lambda _host, path: fnmatchcase(posixpath.basename(path), text)
        case "-type" if text in ("f", "d", "l"):
            return lambda host, path: _kind(host, path) == text
    return None


def _takes_test(search: _Search, arg: str, rest: list[str]) -> bool:
    """Take a test of whole paths from the words; whether there is one. `-name` alone is read elsewhere."""
    negated = arg in ("!", "-not")
    words = rest[:2] if negated else [arg, *rest[:1]]
    plain = not negated and arg in ("-name", "-type")
    test = _tested(words[0], words[1]) if len(words) == 2 and not plain else None
    if words[:1] == ["-empty"]:
        rest.insert(0, "")  # it has no value
        test = _is_empty
    if test is None or (negated and words == ["-type", "f"]):
        return False
    del rest[: 1 + negated]
    search.tests.append(_negated(test) if negated else test)
    return True


def _negated(test: _Test) -> _Test:
    return lambda host, path: not test(host, path)


def _is_empty(host: Host, path: str) -> bool:
    """`-empty`, of a file; whether a directory is empty isn't known."""
    file = host.files.known.get(path)
    if file is None or (file.content is None and not file.link):
        raise NotJudged("find -empty of what isn't known")
    return file.content == "" and not file.link


_JOINS = ("-o", "-or")


def _alternatives(args: tuple[str, ...]) -> tuple[list[str], list[list[_Test]]]:
    """The words without tests that `-o` joins, also in parentheses, and these tests."""
    first = next((at for at, arg in enumerate(args) if arg == "("), None)
    if first is None:
        first = next(
            (at for at, arg in enumerate(args) if arg[:1] in ("-", "!") and arg not in _DEPTHS), len(args)
        )
        while first < len(args) and args[first - 1 : first] and args[first - 1] in _DEPTHS:
            first += 1
        last = max((at for at, arg in enumerate(args) if arg in _JOINS), default=0)
        end = next((at for at in range(last, len(args)) if args[at] in _ACTIONS), len(args))
        if any(arg in _ACTIONS for arg in args[:last]) or end < len(args):
            raise NotJudged(f"find {' '.join(args)}")  # the action belongs to the last one only
        inner, others = args[first:end], (*args[:first], *args[end:])
    else:
        end = next((at for at, arg in enumerate(args) if arg == ")"), -1)
        if (
            end < first
            or "(" in args[first + 1 :]
            or any(arg in _JOINS for arg in (*args[:first], *args[end:]))
        ):
            raise NotJudged(f"find {' '.join(args)}")
        inner, others = args[first + 1 : end], (*args[:first], *args[end + 1 :])
    found: list[list[_Test]] = [[]]
    rest = list(inner)
    while rest:
        arg = rest.pop(0)
        if arg in _JOINS:
            found.append([])
            continue
        negated = arg in ("!", "-not")
        name = rest.pop(0) if negated and rest else arg
        test = _is_empty if name == "-empty" else _tested(name, rest.pop(0)) if rest else None
        if test is None or (negated and name == "-type"):
            raise NotJudged(f"find {' '.join(args)}")
        found[-1].append(_negated(test) if negated else test)
    if not all(found):
        raise NotJudged(f"find {' '.join(args)}")
    return list(others), found


_ACTIONS = ("-print", "-print0", "-delete", "-exec")
_DEPTHS = ("-maxdepth", "-mindepth", "-xdev", "-mount", "-L", "-H")


def _read(args: tuple[str, ...]) -> _Search:
    search = _Search(starts=[])
    rest = list(args)
    if any(arg in (*_JOINS, "(") for arg in args):
        rest, either = _alternatives(args)
        search.tests.append(lambda host, path: any(all(one(host, path) for one in tests) for tests in either))
    while rest:
        arg = rest.pop(0)
        if _takes_test(search, arg, rest):
            continue
        if arg in ("-L", "-H"):
            search.follow = True
        elif arg in ("-name", "-type") and rest:
            setattr(search, arg[1:], rest.pop(0))
        elif arg in ("-maxdepth", "-mindepth") and rest:
            if not rest[0].isdecimal() or len(rest[0]) > 3:
                raise NotJudged(f"find {arg} {rest[0]}")
            setattr(search, "most" if arg == "-maxdepth" else "least", int(rest.pop(0)))
        elif arg in ("-xdev", "-mount"):
            continue
        elif arg in ("-delete", "-print", "-print0"):
            search.action, search.fails_for_folders = arg, arg == "-delete"
            search.ignores_failures = False
        elif arg == "-exec":
            end = next((at for at, word in enumerate(rest) if word in (";", "+")), 0)
            words = tuple(rest[:end])
            if words[-1:] != ("{}",) or words[:-1] not in _REMOVING:
                if not words or (rest[end] == "+" and words[-1] != "{}"):
                    raise NotJudged(f"find -exec {' '.join(words)}")
                search.command, search.at_once = words, rest[end] == "+"
                search.action, rest = "-exec", rest[end + 1 :]
                continue
            search.ignores_failures = rest[end] == ";"
            search.fails_for_folders = rest[end] == "+" and words[1:-1] != ("-rf",)
            search.action, rest = "-delete", rest[end + 1 :]
        elif arg.startswith(("-", "(", "!")):
            raise NotJudged(f"find {arg}")
        else:
            search.starts.append(arg)
    return search


def which(host: Host, call: Call) -> Ran:
    """`which`: where PATH has the programs."""
    lines = []
    missing = ""
    for word in call.args:
        if word in ("-a", "-s"):
            raise NotJudged(f"which {word}")
        place = host.search(word)
        if place is None:
            missing = missing or f"{word} is not in PATH"
        else:
            lines.append(place)
    code = int(bool(missing)) if call.args else 1
    return Ran(code, missing, "".join(f"{line}\n" for line in lines))
