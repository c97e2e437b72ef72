"""A script's run: the state before and after it, and which of its lines changed what.

Only what a command of the script does counts. It ends at `exit`, at a failing command under `set -e`, and
where it waits for input that never comes.
"""

from __future__ import annotations

from functools import lru_cache

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.node.account_files import show
from trainer.simulate.node.boot import boot, rebooted, started
from trainer.simulate.node.facts import Facts, common, crowded, facts_of
from trainer.simulate.node.given import NodeGiven
from trainer.simulate.node.machine import LONGEST, Machine
from trainer.simulate.node.system import Cluster, Host, copy_of, twin_of
from trainer.simulate.node.versions import release
from trainer.simulate.shell.interpreter import Shell
from trainer.simulate.shell.parser import Unparsed, parse_shell
from trainer.simulate.shell.process import Ran, RunsOn, TimedOut
from trainer.simulate.shell.syntax import Broken
from trainer.verdict import Location


class Failure(msgspec.Struct, frozen=True):
    """A command that failed."""

    line: int
    host: str
    command: str
    why: str
    code: int


class Event(msgspec.Struct, frozen=True):
    """Something that must not happen on the way."""

    kind: str
    """`skew`, `drain`."""
    line: int
    host: str
    text: str


class Run(msgspec.Struct):
    """What a script did."""

    before: Cluster
    after: Cluster
    booted: Cluster
    """After all nodes were restarted."""
    code: int
    last_line: int
    """Where it ended."""
    waits: bool
    """Whether it waits there for input that never comes."""
    failures: list[Failure]
    events: list[Event]
    written: dict[str, int]
    """The line that last wrote a file, by its path."""
    journal: dict[str, int]
    """The line that last changed a fact, by its name; after a restart: `boot NAME`. Only with `deep`."""
    broken: Broken | None = None
    """Where bash can't read on, or reads the rest as a text."""


class _Watcher:
    """Notes failures and events while a script runs, and with `deep` which line changes which fact."""

    def __init__(self, cluster: Cluster, *, deep: bool) -> None:
        self.cluster = cluster
        self.failures: list[Failure] = []
        self.events: list[Event] = []
        self.journal: dict[str, int] = {}
        self.deep = deep
        self.kubelets = {name: host.kubelet for name, host in cluster.hosts.items()}
        self.dirty = 0
        self.written: dict[str, int] = {}
        """The line that last wrote a file, by its path."""
        self.seen: dict[str, Host] = {}
        """Each node as it was when its facts were noted last."""
        self.known: dict[str, Facts] = {}
        """Those facts, by node; at "" those of the cluster."""
        if deep:
            self._look()

    def before(self) -> None:
        """A command is about to run."""
        if self.deep and self.dirty:
            self.note(self.dirty)

    def changed(self, line: int, _host: Host, path: str) -> None:
        """A file is about to change."""
        self.written[path] = line
        if self.deep:
            if self.dirty and self.dirty != line:
                self.note(self.dirty)
            self.dirty = line

    def after(self, line: int, host: Host, argv: tuple[str, ...], ran: Ran) -> None:
        """A command has run."""
        if ran.code and ran.complaint and argv[0] not in ("sudo", "ssh", "bash", "sh"):
            self.failures.append(Failure(line, host.name, " ".join(argv), ran.complaint, ran.code))
        for name, other in self.cluster.hosts.items():
            if other.kubelet != self.kubelets[name]:
                self._kubelet_changed(line, other, self.kubelets[name])
                self.kubelets[name] = other.kubelet
        if self.deep:
            self.note(line)

    def _kubelet_changed(self, line: int, host: Host, old: str) -> None:
        new, api, before = release(host.kubelet), release(self.cluster.version), release(old)
        if new is None or api is None:
            return
        if (new.major, new.minor) > (api.major, api.minor) or new > api:
            text = f"The kubelet of {host.name} runs {new}, the API server {api}."
            self.events.append(Event("skew", line, host.name, text))
        left = crowded(self.cluster, host.name)
        if before is not None and new.minor != before.minor and (left or not host.cordoned):
            why = f"it runs the Pod {left[0]}" if left else "it takes new Pods"
            text = f"The kubelet of {host.name} goes from {before} to {new} while {why}."
            self.events.append(Event("drain", line, host.name, text))

    def note(self, line: int) -> None:
        """Compare the facts with those before, and ascribe what differs to the line."""
        self.dirty = 0
        old = dict(self.known)
        self._look()
        for name, now in self.known.items():
            before = old[name]
            if now is not before:
                differing = (key for key in {*now, *before} if now.get(key) != before.get(key))
                self.journal |= dict.fromkeys(differing, line)

    def _look(self) -> None:
        """Bring the facts up to date: of the cluster, and of each node that has changed since."""
        now = common(self.cluster)
        self.known[""] = now | _after_boot(now)
        for name, host in self.cluster.hosts.items():
            if self.seen.get(name) != host:
                self.seen[name], restarted = twin_of(host), twin_of(host)
                boot(restarted)
                now, after = facts_of(self.cluster, host), facts_of(self.cluster, restarted)
                self.known[name] = now | _after_boot(after)


def _after_boot(facts: Facts) -> Facts:
    """Facts that hold after a restart, under the names that the journal has for these."""
    return {f"boot {key}": value for key, value in facts.items()}


def run_script(given: NodeGiven, text: str, file: str, *, deep: bool = False) -> Run:
    """Run a script on the nodes that a card declares. With `deep` the journal is kept.

    Raises `NotJudged`, with the line, for what is outside the subset.
    """
    before = _prepared(given)
    cluster = copy_of(before)
    watcher = _Watcher(cluster, deep=deep)
    machine = Machine(cluster, next(iter(cluster.hosts.values())), watcher)
    shell = Shell(machine, (file,), dash=False, depth=0)
    waits = False
    try:
        script = parse_shell(text, longest=LONGEST)
        code = shell.to_its_end(lambda: shell.script(script))
        machine.test_accounts()
    except Unparsed as error:
        line = error.line if machine.commands == 0 else machine.line
        raise NotJudged(error.construct, Location(file, line, 1)) from None
    except NotJudged as error:
        raise NotJudged(error.construct, Location(file, machine.line, 1)) from None
    except (TimedOut, RunsOn):
        waits, code = True, 1
    if deep:
        watcher.note(machine.line)
    try:
        booted = rebooted(cluster)
    except NotJudged as error:
        line = next((n for path, n in watcher.written.items() if path in error.construct), machine.line)
        raise NotJudged(error.construct, Location(file, line, 1)) from None
    return Run(
        before,
        cluster,
        booted,
        code,
        machine.line,
        waits,
        watcher.failures,
        watcher.events,
        watcher.written,
        watcher.journal,
        shell.broken,
    )


def _prepared(given: NodeGiven) -> Cluster:
    """The nodes before the script: a copy, since many scripts run on the same ones."""
    return copy_of(_booted(msgspec.json.encode(given)))


@lru_cache(maxsize=8)
def _booted(given: bytes) -> Cluster:
    cluster = started(msgspec.json.decode(given, type=NodeGiven))
    for host in cluster.hosts.values():
        show(host)
    return cluster


def output_of(given: NodeGiven, command: str) -> str:
    """What a command prints on the first node, before anything has changed."""
    return printed(_prepared(given), next(iter(given.hosts)), command)


def printed(cluster: Cluster, host: str, command: str) -> str:
    """What a command prints on a node in this state; the state stays as it is."""
    cluster = copy_of(cluster)
    machine = Machine(cluster, cluster.hosts[host], _Watcher(cluster, deep=False))
    ran = Shell(machine, ("bash",), dash=False, depth=0).run(command)
    text = ran.out or ""
    return text if text or not ran.complaint else f"{ran.complaint}\n"
