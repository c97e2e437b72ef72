"""Runs the commands of a script on the nodes, and keeps which line changed what.

`sudo` changes nothing, because the script runs as root, and `ssh NODE COMMAND` runs on another node. Nobody
answers questions: the script has no terminal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.node import (
    account_files,
    accounts,
    apparmor,
    dpkg,
    files,
    firewall,
    kernel,
    kubeadm,
    kubectl,
    looking,
    modules,
    packages,
    processes,
    services,
    sockets,
    sshd,
    sudoers,
)
from trainer.simulate.node.system import Cluster, Host
from trainer.simulate.shell.filesystem import SHELLS, File, Files
from trainer.simulate.shell.interpreter import Shell
from trainer.simulate.shell.process import Call, Ran, TimedOut, absolute, in_environment
from trainer.simulate.shell.process import Host as Tools
from trainer.simulate.shell.programs import TOOLS
from trainer.simulate.shell.tools import checksums
from trainer.simulate.shell.tools.changing import write
from trainer.simulate.shell.tools.reading import contents

_DEEPEST = 10
LONGEST = 20_000
"""The most characters of a script."""

_ON_HOST: dict[str, Callable[[Host, Call], Ran]] = {
    **accounts.COMMANDS,
    **dict.fromkeys(("apt", "apt-get"), packages.apt),
    "apt-mark": packages.mark,
    "apt-cache": packages.cache,
    "dpkg": dpkg.dpkg,
    "dpkg-query": dpkg.query,
    "systemctl": services.systemctl,
    "service": services.service,
    "update-rc.d": services.update_rc,
    **dict.fromkeys(("ss", "netstat"), sockets.ss),
    "lsof": sockets.lsof,
    "kill": processes.kill,
    **dict.fromkeys(("pkill", "killall", "pgrep", "pidof"), processes.pkill),
    "ps": processes.ps,
    "sysctl": kernel.sysctl,
    **dict.fromkeys(("modprobe", "rmmod"), modules.modprobe),
    "lsmod": modules.lsmod,
    "apparmor_parser": apparmor.parser,
    **dict.fromkeys(("aa-enforce", "aa-complain", "aa-disable"), apparmor.tools),
    **dict.fromkeys(("aa-status", "apparmor_status"), apparmor.status),
    "ufw": firewall.ufw,
    "visudo": sudoers.visudo,
    "sshd": sshd.sshd,
}
_ON_FILES: dict[str, Callable[[Tools, Call], Ran]] = {
    **looking.COMMANDS,
    **dict.fromkeys(("sha224sum", "sha384sum"), checksums.sums),
    **dict.fromkeys(("depmod", "update-initramfs"), lambda _machine, _call: Ran(0, "", None)),
    "k": lambda _machine, _call: Ran(127, "k: command not found: a script doesn't know your shell's aliases"),
}
"""What not every image has."""
_ON_CLUSTER: dict[str, Callable[[Cluster, Host, Call], Ran]] = {
    "kubeadm": kubeadm.kubeadm,
    "kubelet": kubeadm.kubelet,
    "kubectl": kubectl.kubectl,
}


class Observer(Protocol):
    """Who is told what happens."""

    def before(self) -> None:
        """A command is about to run."""

    def after(self, line: int, host: Host, argv: tuple[str, ...], ran: Ran) -> None:
        """A command has run."""

    def changed(self, line: int, host: Host, path: str) -> None:
        """A file is about to change."""


class Machine:
    """A node as the shell sees it: the `Host` of its tools."""

    def __init__(self, cluster: Cluster, host: Host, observer: Observer) -> None:
        self.cluster = cluster
        self.node = host
        self.files: Files = host.files
        self.observer = observer
        self.user = 0
        self.mounts = True
        self.folders_count = True
        self.seconds = 0.0
        self.deadline = float("inf")
        self.environment = {
            "HOME": "/root",
            "USER": "root",
            "LOGNAME": "root",
            "SHELL": "/bin/bash",
            "HOSTNAME": host.name,
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        }
        self.whole_environment = True
        self.folder = "/root"
        self.line = 1
        self.commands = 0
        self.main: tuple[str, ...] = ()
        self.emptied = ""
        """A file of accounts that is empty, until something is written to it."""

    def execute(self, argv: tuple[str, ...], depth: int = 0, stdin: str | None = "") -> Ran:
        """Run a command. Raises `NotJudged` for one that isn't known."""
        if depth > _DEEPEST:
            raise NotJudged("shells inside shells inside shells")
        line = self.line
        self.commands += 1
        self.observer.before()
        ran = self._run(Call(argv[0], argv[1:], stdin, depth))
        self.line = line
        if argv[0] in accounts.COMMANDS:
            account_files.show(self.node)
        self.observer.after(line, self.node, argv, ran)
        return ran

    def _run(self, call: Call) -> Ran:
        name = self._program(call.name)
        call = msgspec.structs.replace(call, name=name)
        if name in SHELLS:
            return self._shell(call)
        if name == "sudo":
            return self._sudo(call)
        if name == "ssh":
            return self._ssh(call)
        if name == "su":
            return self._su(call)
        if name == "scp":
            return self._scp(call)
        if name == "visudo" and self.environment.get("EDITOR", "").split()[:1] == ["tee"]:
            return self._visudo(call)
        if name in files.COMMANDS:
            return files.COMMANDS[name](self, self.node, call)
        if name in _ON_CLUSTER:
            return _ON_CLUSTER[name](self.cluster, self.node, call)
        self.node.folder = self.folder
        if name in _ON_HOST:
            return _ON_HOST[name](self.node, call)
        tool = _ON_FILES.get(name) or TOOLS.get(name)
        if tool is not None:
            return tool(self, call)
        raise NotJudged(f"the command {call.name}")

    def _program(self, word: str) -> str:
        """The name of the program that a word runs: without the directories of PATH."""
        folder, _, name = word.rpartition("/")
        if not folder or folder in ("/bin", "/usr/bin", "/sbin", "/usr/sbin", "/usr/local/bin"):
            return name
        raise NotJudged(f"the command {word}")

    def put(self, path: str, file: File | None) -> None:
        """Change a file."""
        real = self.files.real(path)
        if real.startswith(("/etc/ufw/", "/lib/ufw/")):
            raise NotJudged(f"a script that edits {real}")
        self.observer.changed(self.line, self.node, real)
        if real in account_files.SHOWN:
            before = self.files.known.get(real)
            if file is not None and file.content == "" and before is not None and not file.link:
                self.files.put(path, file)  # a redirection empties the file before its command writes
                self.emptied = real
                return
            self.emptied = ""
            account_files.edited(self.node, real, file)
            return
        if real.startswith(("/proc/", "/sys/")):
            kernel.write(self.node, real, file.content if file is not None else None)
            return
        self.files.put(path, file)

    def kill(self, call: Call) -> Ran:
        """`kill`, as a built-in of the shell."""
        return self.execute(("kill", *call.args), call.depth, call.stdin)

    def state(self) -> object:
        """How many commands ran: each may have changed something."""
        return self.commands

    def account(self, name: str) -> tuple[int, int] | None:
        """The user and group ID of an account; None if it doesn't exist."""
        user = self.node.users.get(name)
        return None if user is None else (user.uid, self.node.groups.get(user.group, 0))

    def group(self, name: str) -> int | None:
        """The ID of a group; None if it doesn't exist."""
        return self.node.groups.get(name)

    def reaches_network(self) -> bool:
        """Package lists and packages can be fetched."""
        return True

    def path(self, word: str) -> str:
        """The absolute path that a word means."""
        return absolute(self, word)

    def search(self, name: str) -> str | None:
        """Where PATH has a program."""
        if (
            name in TOOLS
            or name in _ON_HOST
            or name in _ON_CLUSTER
            or name in files.COMMANDS
            or name in SHELLS
        ):
            package = self.node.packages.get(name)
            return None if package is not None and not package.version else f"/usr/bin/{name}"
        for package in self.node.packages.values():
            for path in package.files:
                if path.rpartition("/")[2] == name and "bin/" in path:
                    return path if package.version else None
        raise NotJudged(f"whether the node has {name}")

    def _sudo(self, call: Call) -> Ran:
        words = list(call.args)
        while words and words[0] in ("-E", "-n", "-H", "--", "-S", "-i"):
            words.pop(0)
        if words[:1] == ["-l"]:
            if len(words) == 3 and words[1] == "-U" and words[2] in self.node.users:
                return Ran(0, "", sudoers.listed(self.node, words[2]))
            raise NotJudged(f"sudo {' '.join(call.args)}")
        if words[:2] == ["-u", "root"]:
            words = words[2:]
        values: dict[str, str] = {}
        while words and "=" in words[0] and words[0].partition("=")[0].isidentifier():
            variable, _, value = words.pop(0).partition("=")
            values[variable] = value
        if not words or words[0].startswith("-"):
            raise NotJudged(f"sudo {' '.join(call.args)}".strip())
        return in_environment(
            self, self.environment | values, lambda: self.execute(tuple(words), call.depth + 1, call.stdin)
        )

    def _su(self, call: Call) -> Ran:
        """`su [-] [root] -c COMMAND`."""
        words = [arg for arg in call.args if arg not in ("-", "-l", "--login", "root")]
        if len(words) != 2 or words[0] not in ("-c", "--command"):
            raise NotJudged(f"su {' '.join(call.args)}")
        return self.execute(("bash", "-c", words[1]), call.depth + 1, call.stdin)

    def _visudo(self, call: Call) -> Ran:
        """`visudo` with `tee` or `tee -a` as its editor: what it reads is the file, unless that is broken."""
        words = [arg for arg in call.args if arg not in ("-f", "--file")]
        editor = self.environment["EDITOR"].split()
        if any(word.startswith("-") for word in words) or len(words) > 1 or editor[1:] not in ([], ["-a"]):
            return sudoers.visudo(self.node, call)
        path = self.path(words[0]) if words else sudoers.MAIN
        before = self.files.known.get(self.files.real(path))
        trouble = write(self, path, call.stdin, append=editor[1:] == ["-a"])
        ran = sudoers.visudo(self.node, Call("visudo", ("-c", "-f", path)))
        if trouble or ran.code:
            self.files.put(path, before)
            return Ran(1, trouble or ran.complaint)
        file = self.files.at(path)
        if file is not None:
            self.put(path, msgspec.structs.replace(file, mode=0o440, owner=0, group=0))
        return Ran(0, "", call.stdin)

    def _ssh(self, call: Call) -> Ran:
        words = list(call.args)
        while words and words[0].startswith("-"):
            option = words.pop(0)
            if option in ("-o", "-l", "-p", "-i") and words:
                words.pop(0)
            elif option == "-n":
                call = msgspec.structs.replace(call, stdin="")
            elif option not in ("-t", "-tt", "-T", "-q", "-4"):
                raise NotJudged(f"ssh {option}")
        if not words:
            return Ran(255, "ssh names no host")
        name = words.pop(0).rpartition("@")[2]
        if name not in self.cluster.hosts:
            return Ran(255, f"ssh: Could not resolve hostname {name}")
        if words and call.stdin is None:
            raise NotJudged("ssh in a loop whose input it reads (use ssh -n)")
        if not words and not call.stdin:
            raise TimedOut
        text = " ".join(words) if words else call.stdin
        if text is None:
            raise NotJudged("the commands that ssh reads")
        there = Machine(self.cluster, self.cluster.hosts[name], self.observer)
        there.line = self.line
        shell = Shell(there, ("bash",), dash=False, depth=call.depth + 1)
        shell.stdin = call.stdin if words else ""
        ran = shell.run(text, self.line)
        there.test_accounts()
        return ran

    def test_accounts(self) -> None:
        """Raise `NotJudged` if a file of accounts is empty at the end."""
        if self.emptied:
            raise NotJudged(f"a script that empties {self.emptied}")

    def _scp(self, call: Call) -> Ran:
        """`scp FILE NODE:PATH` and back: a file that is new gets the mode of the other."""
        words = [arg for arg in call.args if arg not in ("-q", "-p")]
        places = [word.rpartition(":") for word in words]
        if len(words) != 2 or any(word.startswith("-") for word in words) or all(one[1] for one in places):
            raise NotJudged(f"scp {' '.join(call.args)}")
        machines = []
        for host, mark, _ in places:
            name = host.rpartition("@")[2] if mark else self.node.name
            if name not in self.cluster.hosts:
                return Ran(255, f"ssh: Could not resolve hostname {name}")
            machines.append(Machine(self.cluster, self.cluster.hosts[name], self.observer) if mark else self)
        source, target = machines
        text, trouble = contents(source, places[0][2])
        if trouble:
            return Ran(1, f"scp: {trouble}")
        target.line = self.line
        path = target.path(places[1][2] or ".")
        if target.files.is_folder(path):
            path = f"{path.rstrip('/')}/{places[0][2].rpartition('/')[2]}"
        new = not target.files.at(path)
        trouble = write(target, path, text)
        file, other = source.files.at(source.path(places[0][2])), target.files.at(path)
        if not trouble and new and file is not None and other is not None:
            target.put(path, msgspec.structs.replace(other, mode=file.mode & ~0o022))
        return Ran(int(bool(trouble)), f"scp: {trouble}" if trouble else "")

    def _shell(self, call: Call) -> Ran:
        words, options = list(call.args), set()
        while words and words[0].startswith("-") and set(words[0][1:]) <= set("ceuxs"):
            options |= set(words.pop(0)[1:])
        if "c" in options and words:
            text: str | None = words.pop(0)
            arguments = tuple(words) if words else (call.name,)
        elif words and not words[0].startswith("-"):
            path = self.path(words[0])
            file = self.files.at(path) if not self.files.is_folder(path) else None
            if file is None:
                return Ran(127, f"{call.name}: {words[0]}: No such file or directory")
            text, arguments = file.content, tuple(words)
        elif not words:
            text, arguments = call.stdin, (call.name,)
            if text == "":
                raise TimedOut
        else:
            raise NotJudged(f"{call.name} {' '.join(call.args)}")
        if text is None:
            raise NotJudged("a script whose text isn't known")
        shell = Shell(self, arguments, dash=call.name in ("sh", "dash"), depth=call.depth + 1)
        shell.errexit, shell.strict = "e" in options, "u" in options
        shell.input = "" if text is call.stdin else call.stdin
        folder = self.folder
        try:
            return shell.run(text, self.line)
        finally:
            self.folder = folder
