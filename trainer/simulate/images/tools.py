"""What else runs in a build: the tools that a card declares, and downloads with curl and wget.

A declared tool, such as `go build`, reads and writes files; its options are known by name. Downloads follow
curl(1) 8.5 and wget(1) 1.21: without `-f`, curl also succeeds where the server has nothing.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

import msgspec

from trainer.errors import NotJudged
from trainer.patterns import regex
from trainer.simulate.images.bases import LOADERS
from trainer.simulate.images.files import file_of, loader_of
from trainer.simulate.images.given import FileGiven, SecretGiven, ToolGiven
from trainer.simulate.shell.filesystem import File
from trainer.simulate.shell.process import Call, Host, Ran
from trainer.simulate.shell.tools.changing import write

_CURL_PLAIN = frozenset("fsSLkgi#")
_WGET_PLAIN = frozenset({"-q", "-nv", "--quiet", "--no-verbose", "--no-check-certificate", "-S"})
TAMPERED = "#!/bin/sh\n# somebody else has written this\n"
"""What a download is after somebody has replaced it on its server."""


def tool_for(tools: Mapping[str, ToolGiven], argv: tuple[str, ...]) -> tuple[str, ToolGiven] | None:
    """The declared tool that a command is: the longest name that its words begin with."""
    found = [name for name in tools if tuple(name.split()) == argv[: len(name.split())]]
    name = max(found, key=len, default="")
    return (name, tools[name]) if name else None


def run_tool(
    host: Host, name: str, tool: ToolGiven, call: Call, secrets: Mapping[str, SecretGiven], family: str
) -> Ran:
    """Run a declared tool. Raises `NotJudged` for an option that isn't declared."""
    output = _options(name, tool, call.args[len(name.split()) - 1 :])
    for other in tool.needs:
        if host.search(other) is None:
            return Ran(1, f"{name}: {other}: not found")
    for path in tool.reads:
        if host.files.at(host.path(path)) is None:
            return Ran(1, f"{name}: {path} doesn't exist in {host.folder}")
    if tool.secret and not _finds_secret(host, tool, secrets[tool.secret].value):
        return Ran(1, f"{name}: 401 Unauthorized: it finds no credentials")
    for index, (path, given) in enumerate(tool.writes.items()):
        target = host.path(path)
        folder = host.environment.get(tool.folder_env) if tool.folder_env and not index else None
        if folder:
            target = posixpath.join(host.path(folder), posixpath.basename(path))
        if output and not index:
            target = host.path(output)
            if output.endswith("/") or host.files.is_folder(target):
                target = posixpath.join(target, posixpath.basename(path))
        trouble = _written(host, target, _linked(host, tool, given, family))
        if trouble:
            return Ran(1, f"{name}: {trouble}")
    return Ran(0, "", None)


def _options(name: str, tool: ToolGiven, args: tuple[str, ...]) -> str:
    """The value of the option that names the output; empty without one."""
    output = ""
    rest = list(args)
    while rest:
        arg = rest.pop(0)
        key, equals, value = arg.partition("=")
        if tool.output and key == tool.output:
            output = value if equals else rest.pop(0) if rest else ""
        elif f"{key}=" in tool.options:
            if not equals and rest:
                rest.pop(0)
        elif (
            arg not in tool.options
            and arg not in tool.operands
            and ("*" not in tool.operands or arg[0] == "-")
        ):
            raise NotJudged(f"{name} {arg}")
    return output


def _finds_secret(host: Host, tool: ToolGiven, value: str) -> bool:
    home = host.environment.get("HOME", "/root")
    if any(host.environment.get(name) == value for name in tool.secret_env):
        return True
    needed = tool.secret_form.replace("{}", value)
    for path in tool.secret_files:
        place = f"{home}/{path[2:]}" if path.startswith("~/") else host.path(path)
        file = host.files.at(place)
        if file is None or not file.allows(host.user, 4):
            continue
        text = file.content
        if text is None:
            raise NotJudged(f"what is in {place}")
        for name, text_of in host.environment.items():
            text = text.replace(f"${{{name}}}", text_of)
        if needed in text:
            return True
    return False


def _linked(host: Host, tool: ToolGiven, given: str | FileGiven, family: str) -> str | FileGiven:
    """A program as the environment makes it: for another platform, static, or for the loader of its base."""
    if isinstance(given, str) or not given.program:
        return given
    for key, value in tool.runs_with.items():
        if (found := host.environment.get(key)) and found != value:
            return msgspec.structs.replace(given, platform=f"{key}={found}")
    if not tool.static_with:
        return given
    static = all(host.environment.get(key) == value for key, value in tool.static_with.items())
    static = static or bool(tool.static_without and host.search(tool.static_without) is None)
    return given if static else msgspec.structs.replace(given, interpreter=LOADERS.get(family, ""))


def _written(host: Host, path: str, given: str | FileGiven) -> str:
    if host.files.is_folder(path):
        return f"{path} is a directory"
    if refusal := host.files.refusal(host.files.real(path)):
        return f"{path}: {refusal}"
    folder = posixpath.dirname(path)
    if not host.files.is_folder(folder):
        ran = host.execute(("mkdir", "-p", folder), 9)
        if ran.code:
            return ran.complaint
    file = file_of(path, given)
    host.put(path, msgspec.structs.replace(file, owner=host.user))
    return ""


def usual(host: Host, call: Call, *, online: bool) -> Ran | None:
    """What runs in every build without being declared; None for anything else."""
    if call.name == "ldd":
        return _ldd(host, call)
    if call.name == "getent":
        return _getent(host, call)
    if call.name == "go" and call.args[:1] == ("install",) and any("@" in word for word in call.args):
        return _go_install(host, call, online=online)
    if call.name in ("env", "printenv") and not call.args:
        return Ran(0, "", "".join(f"{key}={value}\n" for key, value in host.environment.items()))
    if call.name == "printenv" and not any(word.startswith("-") for word in call.args):
        found = [host.environment[name] for name in call.args if name in host.environment]
        return Ran(int(len(found) < len(call.args)), "", "".join(f"{one}\n" for one in found))
    return None


def _getent(host: Host, call: Call) -> Ran:
    """`getent passwd` and `group`: the entries of names or IDs; code 2 if one is missing (getent(1))."""
    kind, words = next(iter(call.args), ""), call.args[1:]
    if kind not in ("passwd", "group") or not words:
        raise NotJudged(f"getent {' '.join(call.args)}")
    file = host.files.at(f"/etc/{kind}")
    entries = ((file.content if file is not None else "") or "").splitlines()
    found = [line for word in words for line in entries if word in line.split(":")[0:3:2]]
    return Ran(0 if len(found) >= len(words) else 2, "", "".join(f"{line}\n" for line in found))


def _ldd(host: Host, call: Call) -> Ran:
    """`ldd`: it fails for a program that needs no loader, as glibc's and musl's do."""
    words = [arg for arg in call.args if not arg.startswith("-")]
    if not words or len(words) != len(call.args):
        raise NotJudged(f"ldd {' '.join(call.args)}")
    for word in words:
        path = host.path(word)
        file = None if host.files.is_folder(path) else host.files.at(path)
        if file is None:
            return Ran(1, f"ldd: {word}: No such file or directory")
        if file.content is None:
            raise NotJudged(f"ldd of {word}, of which nothing is known")
        if not loader_of(file.content):
            return Ran(1, f"{word}: not a dynamic executable")
    return Ran(0, "", None)


_LAST_NAME = regex(r"([^/@]+?)(?:/v[0-9]+)?@\S+")


def _go_install(host: Host, call: Call, *, online: bool) -> Ran:
    """`go install PATH@VERSION`: a program from elsewhere, in GOBIN or below GOPATH.

    Follows `go help install` of Go 1.24. What this program does isn't known.
    """
    operands = [arg for arg in call.args[1:] if "@" in arg and not arg.startswith("-")]
    if not online:
        return Ran(1, f"go: {operands[0]}: the network can't be reached")
    home = host.environment.get("GOPATH", "/go")
    folder = host.environment.get("GOBIN") or f"{home}/bin"
    for one in operands:
        name = _LAST_NAME.search(one)
        if name is None:
            raise NotJudged(f"go install {one}")
        if trouble := _written(host, posixpath.join(folder, name[1]), FileGiven(program=name[1])):
            return Ran(1, f"go: {trouble}")
    return Ran(0, "", None)


def content_of(given: str | FileGiven) -> str:
    """What a download consists of."""
    if isinstance(given, str):
        return given
    return file_of("", given).content or ""


class Network(msgspec.Struct, frozen=True):
    """What the network has; with `tampered`, somebody has replaced everything on it."""

    downloads: Mapping[str, str | FileGiven]
    online: bool = True
    tampered: bool = False

    def get(self, address: str) -> str | None:
        """What is at an address; None if its server has nothing there. Raises `NotJudged` for others."""
        if address in self.downloads:
            return TAMPERED if self.tampered else content_of(self.downloads[address])
        host = address.split("/")[2:3]  # over HTTP, these servers have nothing either
        if any(one.split("/")[2:3] == host for one in self.downloads):
            return None
        raise NotJudged(f"what is at {address}")


def curl(host: Host, call: Call, network: Network) -> Ran:
    """`curl` of one address."""
    rest, flags, words, output = list(call.args), set(), [], ""
    long = {"--fail": "f", "--silent": "s", "--show-error": "S", "--location": "L", "--insecure": "k"}
    while rest:
        arg = rest.pop(0)
        name, equals, value = arg.partition("=")
        if name in (
            "--retry",
            "--max-time",
            "--connect-timeout",
            "-m",
            "--proto",
            "--tlsv1.2",
            "--create-dirs",
        ):
            if name not in ("--tlsv1.2", "--create-dirs") and not equals and rest:
                rest.pop(0)
        elif name in ("-o", "--output"):
            output = value if equals else rest.pop(0) if rest else ""
        elif arg == "--remote-name":
            flags.add("O")
        elif arg in long:
            flags.add(long[arg])
        elif arg.startswith("-") and set(arg[1:]) <= _CURL_PLAIN | {"o", "O"}:
            flags |= set(arg[1:])
            if arg.endswith("o") and rest:
                output = rest.pop(0)
        elif arg.startswith("-"):
            raise NotJudged(f"curl {arg}")
        else:
            words.append(arg)
    if len(words) != 1 or ("o" in flags and not output):
        raise NotJudged(f"curl {' '.join(call.args)}")
    text, trouble = _fetched(host, words[0], network, "curl")
    if trouble and ("f" in flags or text is None):
        return Ran(22 if text is not None else 6, trouble)
    target = posixpath.basename(words[0]) if "O" in flags else output
    return _stored(host, target, text or "")


def wget(host: Host, call: Call, network: Network) -> Ran:
    """`wget` of one address."""
    rest, words, target = list(call.args), [], ""
    while rest:
        arg = rest.pop(0)
        name, equals, value = arg.partition("=")
        if arg in ("-O", "--output-document") and rest:
            target = rest.pop(0)
        elif equals and name == "--output-document":
            target = value
        elif arg in ("-qO-", "-qO", "-nvO") or arg.startswith(("-qO", "-O")):
            target = arg.partition("O")[2] or (rest.pop(0) if rest else "")
        elif arg.startswith("-") and arg not in _WGET_PLAIN and name not in ("--tries", "--timeout"):
            raise NotJudged(f"wget {arg}")
        elif not arg.startswith("-"):
            words.append(arg)
    if len(words) != 1:
        raise NotJudged(f"wget {' '.join(call.args)}")
    text, trouble = _fetched(host, words[0], network, "wget")
    if trouble:
        return Ran(8, trouble)
    return _stored(host, "" if target == "-" else target or posixpath.basename(words[0]), text or "")


def _fetched(host: Host, address: str, network: Network, tool: str) -> tuple[str | None, str]:
    """What a server answers, and what is wrong with it; no text without a network."""
    if not network.online or not host.reaches_network():
        return None, f"{tool}: there is no network"
    text = network.get(address)
    return (
        ("404 page not found\n", f"{tool}: the server has nothing at {address} (404)")
        if text is None
        else (text, "")
    )


def _stored(host: Host, target: str, text: str) -> Ran:
    if not target or target == "-":
        return Ran(0, "", text)
    trouble = write(host, host.path(target), text)
    return Ran(int(bool(trouble)) * 23, trouble)


def stored_file(path: str, text: str) -> File:
    """A file that ADD has fetched."""
    return File(path, 0o600, content=text)
