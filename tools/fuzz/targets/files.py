"""Files that aren't answers: kubeconfigs, rosters, settings, cards."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from tools.fuzz.model import Case, Judged, Target, judging
from tools.fuzz.stored import names, stored_answers
from tools.fuzz.targets.answers import verdict_of
from tools.fuzz.tree import changed, ops, tree_of
from tools.fuzz.writing import written
from trainer.cli.roster import read_roster
from trainer.cluster.kubeconfig import read_kubeconfig
from trainer.config import load_settings
from trainer.content.catalogue import card_paths
from trainer.content.load import load_card
from trainer.content.locate import builtin_pack
from trainer.errors import TrainerError
from trainer.manifests.reading.parse import parse

_KUBECONFIG = """
apiVersion: v1
kind: Config
current-context: dev
clusters:
- {name: dev, cluster: {server: "https://10.0.0.1:6443", certificate-authority: ca.crt, proxy-url: "socks5://p:1"}}
- {name: prod, cluster: {server: "https://prod.example", insecure-skip-tls-verify: true, tls-server-name: x}}
contexts:
- {name: dev, context: {cluster: dev, user: dev, namespace: sun}}
- {name: prod, context: {cluster: prod, user: admin}}
users:
- {name: dev, user: {token: abc, as: x, as-groups: [a]}}
- name: admin
  user:
    exec: {apiVersion: client.authentication.k8s.io/v1, command: aws, args: [eks], env: [{name: A, value: b}]}
"""
_ROSTER = 'student,mail\nanna,a@x\n"bob ""b""",b@x\n\nmüller;x\tz\n'
_SETTINGS = 'workspace = "~/answers"\ndatabase = "p.db"\ncontext = "dev"\neditor = "vi"\npack = "p"\n'


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="fuzz-"))


def _read(name: str, data: bytes, read: Callable[[Path], object]) -> Judged:
    path = _folder() / f"{os.getpid()}-{name}"
    path.write_bytes(data)
    try:
        read(path)
    except TrainerError as error:
        str(error).encode()
        return Judged("refused")
    return Judged("read")


def _kubeconfig(path: Path) -> None:
    """Read a kubeconfig, and everything that its contexts name."""
    found = read_kubeconfig({"KUBECONFIG": str(path)})
    for context in found.contexts:
        str(found.context(context.name)).encode()


@judging
def judge_kubeconfig(case: Case) -> Judged:
    """Read a changed kubeconfig."""
    nodes = [tree_of(one.value) for one in parse(_KUBECONFIG.encode(), "config").documents]
    data = written(changed(nodes, case["ops"])).encode("utf-8", "surrogatepass")
    return _read("config", spliced(data, case["cuts"]), _kubeconfig)


@judging
def judge_roster(case: Case) -> Judged:
    """Read a changed roster."""
    return _read("roster.csv", spliced(_ROSTER.encode(), case["cuts"]), read_roster)


@judging
def judge_settings(case: Case) -> Judged:
    """Read a changed settings file."""
    data = spliced(_SETTINGS.encode(), case["cuts"])
    return _read("config.toml", data, lambda path: load_settings({"config": str(path)}, {}))


def spliced(data: bytes, changes: list[tuple[int, int, str]]) -> bytes:
    """The bytes with these changes: where, how many are replaced, and by what."""
    for begin, length, text in changes:
        at = begin % (len(data) + 1)
        data = data[:at] + text.encode("latin-1", "replace") + data[at + length :]
    return data


@cache
def _cards() -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in card_paths(builtin_pack())}


@judging
def judge_card(case: Case) -> Judged:
    """Load a changed card with its parameters; what is a card grades its reference."""
    source = _cards()[case["card"]]
    nodes = [tree_of(one.value) for one in parse(source, "card.yaml").documents]
    path = _folder() / f"{os.getpid()}-{case['card']}.yaml"
    path.write_bytes(written(changed(nodes, case["ops"])).encode("utf-8", "surrogatepass"))
    try:
        card = load_card(path)
        for check in card.checks:
            str(check.params).encode("utf-8", "replace")
        verdict = verdict_of(card, stored_answers()[f"{case['card']}/reference"].answer())
    except TrainerError as error:
        for problem in getattr(error, "problems", ()):
            str(problem).encode()
        return Judged("refused")
    if isinstance(verdict, str):
        return Judged("unreadable")
    faults = [
        f"a card ends in an error: {reason.message[reason.message.rfind('(') :]}"
        for check in verdict.checks
        for reason in check.reasons
        if "Not your fault" in reason.message
    ]
    return Judged("pass" if verdict.passed else "fail", tuple(dict.fromkeys(faults)))


_TEXTS = (
    "",
    ",",
    ";",
    '"',
    "\n",
    "\r",
    "\0",
    "\xff",
    "=",
    "[",
    "a",
    "'",
    "\t",
    "#",
    "=1+1",
    "..",
    "~",
    "\n[x]\n",
    "1",
    "{}",
)


def cuts() -> st.SearchStrategy[list[tuple[int, int, str]]]:
    """Changes for `spliced`."""
    one = st.tuples(st.integers(0, 2000), st.integers(0, 12), st.sampled_from(_TEXTS))
    return st.lists(one, max_size=5)


TARGETS = (
    Target(
        "kubeconfigs",
        "changed kubeconfigs of a cluster: a declared error",
        60,
        lambda: st.fixed_dictionaries({"ops": ops(4), "cuts": st.one_of(st.just([]), cuts())}),
        judge_kubeconfig,
    ),
    Target("rosters", "damaged rosters", 30, lambda: st.fixed_dictionaries({"cuts": cuts()}), judge_roster),
    Target(
        "settings",
        "damaged settings files",
        50,
        lambda: st.fixed_dictionaries({"cuts": cuts()}),
        judge_settings,
    ),
    Target(
        "cards",
        "changed cards: problems with places, or a card that grades",
        40,
        lambda: st.fixed_dictionaries(
            {"card": st.sampled_from([name.partition("/")[0] for name in names("reference")]), "ops": ops(3)}
        ),
        judge_card,
    ),
)
