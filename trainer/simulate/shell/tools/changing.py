"""Tools that change files: rm, unlink, rmdir, mv, cp, ln, touch, mkdir, tee, dd, shred, truncate.

Follows POSIX.1-2024, XCU chapter 3, and GNU coreutils 9.1 for options that POSIX doesn't have.
"""

from __future__ import annotations

import posixpath

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.shell.filesystem import BIN_FOLDERS, File, UnknownProgram
from trainer.simulate.shell.paths import normalise
from trainer.simulate.shell.process import Call, Host, Ran, limited, options_of, valued_options

_OPERATORS = frozenset({"&&", "||", ";", "|"})
"""What a shell would read as operators: without a shell they are arguments, and no file has such a name."""


MKDIR = {"m": "--mode"}
"""The options of `mkdir` that have a value."""


class Errors:
    """The first complaint about the operands of a tool."""

    def __init__(self) -> None:
        self.text = ""

    def add(self, text: str) -> None:
        """Note why an operand fails; nothing if the text is empty."""
        self.text = self.text or text

    def ran(self) -> Ran:
        """How the tool ends."""
        return Ran(int(bool(self.text)), self.text)


def remove(host: Host, call: Call) -> Ran:
    """`rm` and `unlink`."""
    options, paths = options_of(call.name, call.args, set("frRvdi") if call.name == "rm" else set())
    if {"f", "i"} <= options:
        raise NotJudged(f"rm {' '.join(call.args)}")
    if not paths:
        return Ran(0) if "f" in options else Ran(1, f"{call.name} names no file")
    if call.name == "unlink" and len(paths) > 1:
        return Ran(1, "unlink takes one file")
    operators = [word for word in paths if word in _OPERATORS]
    errors = Errors()
    if operators and "f" not in options:
        errors.add(f"{operators[0]} is not a file, and no shell reads it")
    for word in paths:
        # If one operand fails, it fails, whatever the others are.
        unimportant = errors.text and "f" not in options and not word.startswith("/") and not host.folder
        if word not in _OPERATORS and not unimportant:
            _remove_one(host, call.name, word, options, errors)
    return errors.ran()


def _remove_one(host: Host, name: str, word: str, options: set[str], errors: Errors) -> None:
    path = host.path(word)
    if host.files.is_folder(path):
        _remove_folder(host, path, bool(options & {"r", "R"}), errors)
    elif not host.files.is_known(path):
        _remove_unknown(host, name, path, options)
    elif host.files.at(path.rstrip("/"), follow=False) is None:
        if "f" not in options:
            errors.add(f"{word} doesn't exist")
    elif path.endswith("/"):
        errors.add(f"{word} is not a directory")
    elif refusal := host.files.refusal(host.files.real(path)):
        errors.add(f"{word}: {refusal}")
    elif "i" not in options:  # nobody answers its question
        host.put(path, None)


def _remove_folder(host: Host, path: str, recursive: bool, errors: Errors) -> None:
    files = host.files
    if normalise(path) == "/":
        errors.add("rm refuses to remove /")
    elif not recursive:
        errors.add(f"{path} is a directory")
    elif files.real(path) in files.made:
        if refusal := files.refusal(files.real(path)):
            errors.add(f"{path}: {refusal}")
            return
        for inner in files.tree(path):
            _drop(host, inner)
        _drop(host, path)
    else:
        raise NotJudged(f"rm of the directory {path}")


def _drop(host: Host, path: str) -> None:
    if path in host.files.made:
        host.files.drop_folder(path)
    else:
        host.put(path, None)


def _remove_unknown(host: Host, name: str, path: str, options: set[str]) -> None:
    """Remove what may or may not exist: judged here only if both cases end the same."""
    program = host.files.real(posixpath.dirname(normalise(path)) + "/x")
    is_file = program in {host.files.real(folder + "/x") for folder in BIN_FOLDERS}
    if not is_file and (name == "unlink" or not options & {"r", "R"}):
        raise NotJudged(f"whether the image has {path}")
    if "f" not in options or host.files.refusal(host.files.real(path)):
        raise UnknownProgram(path) if is_file else NotJudged(f"whether the image has {path}")
    host.put(path, None)


def remove_folder(host: Host, call: Call) -> Ran:
    """`rmdir`."""
    _, paths = options_of(call.name, call.args, {"v"})
    errors = Errors()
    for word in paths:
        path = host.path(word)
        if not host.files.is_folder(path):
            errors.add(f"{word} is not a directory" if host.files.is_known(path) else "")
        if host.files.real(path) not in host.files.made:
            if host.files.is_known(path):
                errors.add(f"{word} doesn't exist")
                continue
            raise NotJudged(f"rmdir {word}")
        if host.files.entries(path):
            errors.add(f"{word} is not empty")
        elif refusal := host.files.refusal(host.files.real(path)):
            errors.add(f"{word}: {refusal}")
        else:
            host.files.drop_folder(path)
    return errors.ran() if paths else Ran(1, "rmdir names no directory")


def move(host: Host, call: Call) -> Ran:
    """`mv`."""
    _, words = options_of(call.name, call.args, {"f", "v"})
    if len(words) < 2:
        return Ran(1, "mv needs a source and a target")
    errors = Errors()
    for word in words[:-1]:
        _transfer(host, word, words, errors, keep=False, mode=None)
    return errors.ran()


def copy(host: Host, call: Call) -> Ran:
    """`cp`, of files only."""
    options, words = options_of(call.name, call.args, {"f", "v", "p", "a", "L", "r", "R"})
    if len(words) < 2:
        return Ran(1, "cp needs a source and a target")
    errors = Errors()
    for word in words[:-1]:
        if host.files.is_folder(host.path(word)):
            if not options & {"r", "R", "a"}:
                errors.add(f"{word} is a directory")
                continue
            raise NotJudged(f"cp of the directory {word}")
        _transfer(host, word, words, errors, keep=True, mode=None if options & {"p", "a"} else 0o755)
    return errors.ran()


def _transfer(
    host: Host, word: str, words: list[str], errors: Errors, *, keep: bool, mode: int | None
) -> None:
    """Move or copy one file; `mode` are the bits that a new copy gets at most."""
    source, target = host.path(word), host.path(words[-1])
    if word in _OPERATORS or words[-1] in _OPERATORS:
        raise NotJudged(f"a file named {word}")
    if host.files.is_folder(source):
        raise NotJudged(f"mv of the directory {word}")
    file = host.files.at(source, follow=keep)
    if file is None:
        errors.add(f"{word} doesn't exist")
        return
    if file.link and not keep:
        raise NotJudged(f"mv of the link {word}")
    if host.files.is_folder(target):
        target = posixpath.join(target, posixpath.basename(normalise(source)))
    elif len(words) > 2:
        errors.add(f"{words[-1]} is not a directory")
        return
    if host.files.final(target) == host.files.final(source):
        errors.add(f"{word} and {words[-1]} are the same file")
        return
    if not host.files.parent_exists(target):
        errors.add(f"there is no directory for {target}")
        return
    for path in (target,) if keep else (source, target):
        if refusal := host.files.refusal(host.files.real(path)):
            errors.add(f"{path}: {refusal}")
            return
    if keep:
        target = host.files.final(target)
        before = host.files.known.get(host.files.real(target))
        bits = file.mode if mode is None else before.mode if before is not None else file.mode & mode
        file = msgspec.structs.replace(file, mode=bits, owner=host.user)
    host.put(target, file)
    if not keep:
        host.put(source, None)


def link(host: Host, call: Call) -> Ran:
    """`ln`, hard or symbolic."""
    options, words = options_of(call.name, call.args, {"s", "f", "n", "v", "T"}, {"--symbolic": "s"})
    if len(words) != 2:
        raise NotJudged(f"ln {' '.join(call.args)}")
    source, target = words[0], host.path(words[1])
    if host.files.is_folder(target) and not options & {"n", "T"}:
        target = posixpath.join(target, posixpath.basename(normalise(source)))
    if not host.files.is_known(target):
        if "f" not in options:
            raise NotJudged(f"whether the image has {target}")
    elif host.files.at(target, follow=False) is not None and "f" not in options:
        return Ran(1, f"{target} exists")
    if not host.files.parent_exists(target):
        return Ran(1, f"there is no directory for {target}")
    if refusal := host.files.refusal(host.files.real(target)):
        return Ran(1, f"{target}: {refusal}")
    if "s" in options:
        real = host.files.real(target)
        if host.files.real(host.path(source)) == real and host.files.at(target, follow=False) is not None:
            return Ran(1, f"{source} and {target} are the same file")
        leads_to = source if source.startswith("/") else posixpath.join(posixpath.dirname(real), source)
        host.put(target, File(real, 0o777, normalise(leads_to), owner=host.user))
        return Ran(0)
    file = host.files.at(host.path(source), follow=False)
    if file is None:
        return Ran(1, f"{source} doesn't exist")
    if host.files.real(host.path(source)) == host.files.real(target):
        return Ran(1, f"{source} and {target} are the same file")
    host.put(target, file)
    return Ran(0)


def touch(host: Host, call: Call) -> Ran:
    """`touch`: new files are empty. Times aren't kept."""
    dated, rest = valued_options(call.args, {"d": "--date", "t": "--time", "r": "--reference"})
    options, words = options_of(call.name, rest, {"c", "a", "m"}, {"--no-create": "c"})
    if "r" in dated and host.files.at(host.path(dated["r"])) is None:
        return Ran(1, f"touch: failed to get attributes of '{dated['r']}': No such file or directory")
    errors = Errors()
    for word in words:
        path = host.path(word)
        refusal = host.files.refusal(host.files.real(path))
        unsure = not host.files.is_folder(path) and not host.files.is_known(path)
        if (unsure and refusal) or host.files.is_folder(path) or host.files.at(path) is not None:
            errors.add(f"{word}: {refusal}" if refusal else "")
        elif "c" not in options:
            errors.add(write(host, path, ""))
    return errors.ran() if words else Ran(1, "touch names no file")


def write(host: Host, path: str, content: str | None, *, append: bool = False) -> str:
    """Write a file, as a redirection does. Why it can't be written; empty if it is."""
    if host.files.is_folder(path) or path.endswith("/"):
        return f"{path} is a directory"
    real = host.files.final(path)
    if real in ("/dev/null", "/dev/stdout", "/dev/stderr"):
        return ""
    if real.startswith(("/dev/", "/proc/", "/sys/")):
        setting = host.files.of_kernel(real)
        if setting is None:
            raise NotJudged(f"writing to {path}")
        host.put(real, msgspec.structs.replace(setting, content=content))
        return ""
    before = host.files.at(path) if host.files.is_known(path) else None
    if not host.files.parent_exists(real):
        return f"there is no directory for {path}"
    if refusal := host.files.refusal(real):
        return f"{path}: {refusal}"
    if before is not None and not before.allows(host.user, 2):
        return f"{path}: permission denied"
    if not host.files.is_known(path):
        raise NotJudged(f"whether the image has {path}")
    if append and before is not None:
        content = None if content is None or before.content is None else limited(before.content + content)
    file = before or File(real, 0o644, owner=host.user)
    host.put(real, msgspec.structs.replace(file, content=content))
    return ""


def make_folder(host: Host, call: Call) -> Ran:
    """`mkdir`."""
    options, words = options_of(call.name, valued_options(call.args, MKDIR)[1], {"p", "v"})
    errors = Errors()
    for word in words:
        path = host.path(word)
        parents = [path]
        while "p" in options and normalise(parents[0]) != "/" and not host.files.is_folder(parents[0]):
            parents.insert(0, posixpath.dirname(normalise(parents[0])))
        for one in parents[1:] if "p" in options else parents:
            errors.add(_make_one(host, one))
    return errors.ran() if words else Ran(1, "mkdir names no directory")


def _make_one(host: Host, path: str) -> str:
    if host.files.is_folder(path) or host.files.at(path.rstrip("/")) is not None:
        return f"{path} exists"
    if not host.files.parent_exists(path):
        return f"there is no directory for {path}"
    if refusal := host.files.refusal(host.files.real(path)):
        return f"{path}: {refusal}"
    host.files.make_folder(path)
    return ""


def tee(host: Host, call: Call) -> Ran:
    """`tee`."""
    options, words = options_of(call.name, call.args, {"a", "i"})
    errors = Errors()
    for word in words:
        errors.add(write(host, host.path(word), call.stdin, append="a" in options))
    return Ran(int(bool(errors.text)), errors.text, call.stdin)


def overwrite(host: Host, call: Call) -> Ran:
    """`dd` with `of=`."""
    targets = [arg[3:] for arg in call.args if arg.startswith("of=")]
    sources = [arg[3:] for arg in call.args if arg.startswith("if=")]
    if len(targets) != 1 or (sources and sources[0] not in ("/dev/null", "/dev/zero")):
        raise NotJudged(f"dd {' '.join(call.args)}")
    trouble = write(host, host.path(targets[0]), "" if sources == ["/dev/null"] else None)
    return Ran(int(bool(trouble)), trouble)


def shred(host: Host, call: Call) -> Ran:
    """`shred`: with `-u` it removes the files."""
    options, words = options_of("shred", call.args, set("uzvf"), {"--remove": "u"})
    if "u" in options:
        return remove(host, Call("rm", tuple(words)))
    errors = Errors()
    for word in words:
        if host.files.at(host.path(word)) is None:
            errors.add(f"{word} doesn't exist")
        else:
            errors.add(write(host, host.path(word), None))
    return errors.ran()


def truncate(host: Host, call: Call) -> Ran:
    """`truncate -s 0`."""
    if len(call.args) < 3 or call.args[:2] != ("-s", "0"):
        raise NotJudged(f"{call.name} {' '.join(call.args)}")
    errors = Errors()
    for word in call.args[2:]:
        errors.add(write(host, host.path(word), ""))
    return errors.ran()
