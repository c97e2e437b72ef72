"""The languages inside answers: CEL expressions, and scripts that containers run."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

from hypothesis import strategies as st

from tools.fuzz.model import Case, Judged, Target, judging
from tools.fuzz.stored import names, stored_answers
from tools.fuzz.targets.answers import judged
from tools.fuzz.tree import Map
from tools.fuzz.writing import written
from trainer.errors import TrainerError
from trainer.manifests.answer import Answer, AnswerFile
from trainer.simulate.cel.check import check
from trainer.simulate.cel.declarations import standard
from trainer.simulate.cel.evaluate import evaluate
from trainer.simulate.cel.kinds import DYN
from trainer.simulate.cel.syntax import parse_expression

_CEL = (
    *"object request namespaceObject variables.a x self 1 -1 1u 1.5 1e400 0x1f 9223372036854775808".split(),
    *("true", "null", "'a'", '"b"'),
    *(
        "r'\\d'",
        "b'x'",
        "'\\u00e9'",
        "'\\ud800'",
        "'''a\nb'''",
        "''",
        "'x'.matches('(a+)+$')",
        "[1, 2]",
        "{'a': 1}",
        "{}",
    ),
    *(
        " + ",
        " - ",
        " * ",
        " / ",
        " % ",
        " == ",
        " != ",
        " < ",
        " <= ",
        " in ",
        " && ",
        " || ",
        " ? ",
        " : ",
        "!",
        "-",
    ),
    *("(", ")", "[", "]", "{", "}", ".", ",", ".?", "[?", "@", ";", "//", "\n", "\0", "é"),
    *(
        ".spec",
        ".size()",
        ".all(c, ",
        ".exists(c, ",
        ".map(c, c)",
        ".filter(c, true)",
        ".exists_one(i, ",
        "has(object.a)",
    ),
    *(
        ".startsWith('a')",
        ".matches(",
        ".replace('', 'aa')",
        ".split('')",
        ".join('-')",
        ".substring(1)",
        ".format([1, 'a'])",
    ),
    *(
        "quantity('1Gi')",
        "ip('::1')",
        "cidr('10.0.0.0/8')",
        "url('http://[::1')",
        "duration('1h')",
        "timestamp('2024-01-01')",
    ),
    *(
        "int(",
        "uint(",
        "double(",
        "string(",
        "type(",
        "dyn(",
        "optional.of(",
        ".orValue(",
        "cel.bind(a, 1, a)",
        "semver('1')",
    ),
    *(
        "lists.range(1000)",
        ".flatten()",
        ".sort()",
        ".sum()",
        "format.dns1123Label().validate('a')",
        "Object{a: 1}",
        "sets.contains(",
    ),
    *(
        "authorizer.group('').resource('pods').check('get').allowed()",
        "base64.decode('x')",
        "[[[[[[[[",
        "((((((((",
        "!!!!!!!!",
    ),
)
"""Pieces of expressions."""

BINDINGS: dict[str, Any] = {
    "object": {
        "metadata": {"name": "a", "labels": {"a": "b"}},
        "spec": {"containers": [{"image": "x"}], "replicas": 3},
    },
    "oldObject": None,
    "request": {"operation": "CREATE", "userInfo": {"username": "u", "groups": ["g"]}},
    "namespaceObject": {"metadata": {"name": "sun"}},
    "variables": {"a": 1},
    "params": None,
    "x": [1, 2.5, "a", None, True, {"a": []}],
    "self": {"replicas": 1},
}


@judging
def judge_cel(case: Case) -> Judged:
    """Parse, check and evaluate an expression, twice: the value is the same."""
    text = case["text"] * case["times"]
    try:
        tree = parse_expression(text)
        check(tree, {**standard(), "x": DYN, "self": DYN, "variables": DYN})
    except TrainerError:
        return Judged("refused")
    try:
        given = copy.deepcopy(BINDINGS)
        first = evaluate(tree, given)
        faults = [] if given == BINDINGS else ["an expression changes what it reads"]
        if repr(evaluate(tree, given)) != repr(first):
            faults.append("an expression has two values")
        return Judged("value", tuple(faults))
    except TrainerError:
        return Judged("error")


_SHELL = (
    *"rm mv cp ln chmod chown mkdir touch cat echo printf test [ ] sed grep find xargs head tail tr".split(),
    *"cut sort tee ls /bin/bash /bin/sh /tmp /etc/passwd /proc/1 /dev/null $HOME $1 $@ ${x:-a}".split(),
    *"${x##*/} $((1+1)) $(echo a) `ls` * -rf -f -r -p -v -e -n -- -c -exec {} + = == -eq ! && || |".split(),
    *"; & ;; > >> < 2>&1".split(),
    *"<< EOF <( ( ) { } systemctl stop disable mask ufw iptables -A INPUT DROP sysctl".split(),
    *"-w modprobe useradd usermod -L passwd chage".split(),
    *"crontab visudo apt-get kubeadm upgrade apply drain kubectl".split(),
    *("$RANDOM", "ss -tulpn"),
    *(
        "\n",
        " ",
        "'",
        '"',
        "\\",
        "#",
        "\\\n",
        "if true; then ",
        "fi",
        "for x in a b; do ",
        "done",
        "while true; do ",
        "until ",
    ),
    *(
        "case x in a) ",
        "esac",
        "f() { ",
        "f",
        "return 1",
        "exit",
        "exit 3",
        "sleep 1d",
        "exec httpd-foreground",
        "set -e;",
        "trap ",
    ),
    *(
        "eval ",
        "export A=b",
        "A=$(",
        ")",
        "wait",
        "kill 1",
        "cd /tmp",
        "sh -c '",
        "bash -c ",
        "busybox ",
        "apt-get remove bash",
        "\0",
    ),
    *(
        "httpd-foreground",
        "é",
        "x" * 300,
        "read x",
        "local a",
        "shift 9",
        "break 2",
        "continue",
        "umask 0",
        "$((1/0))",
        "${",
        "$((",
    ),
)
"""Pieces of scripts."""

_PLACES = ("startupProbe", "livenessProbe", "postStart", "command", "args", "initContainer")


@cache
def _node_scripts() -> list[str]:
    """The references that are scripts for a node."""
    return [
        name
        for name in names("reference")
        if any(one.name.endswith(".sh") for one in stored_answers()[name].parts)
    ]


@judging
def judge_script(case: Case) -> Judged:
    """Grade a Pod that runs a script when it starts, or a script for a node with another line."""
    if case["node"]:
        return _on_a_node(case)
    stored = stored_answers()[
        f"{('immutable-startup-probe', 'immutable-httpd', 'docker-to-pod')[case['card'] % 3]}/reference"
    ]
    name = stored.parts[0].name
    argv = case["argv"] if case["bare"] else ["sh", "-c", case["text"], *case["argv"][:2]]
    data = written([_pod(_PLACES[case["place"] % len(_PLACES)], argv)]).encode("utf-8", "surrogatepass")
    return judged(stored.card, Answer((AnswerFile(name, data),)))


def _on_a_node(case: Case) -> Judged:
    chosen = _node_scripts()
    stored = stored_answers()[chosen[case["card"] % len(chosen)]]
    files = []
    for part in stored.parts:
        lines = part.data().decode().splitlines()
        if part.name.endswith(".sh"):
            at = case["place"] % (len(lines) + 1)
            lines[at:at] = [" ".join(case["argv"]) if case["bare"] else case["text"]]
        files.append(AnswerFile(part.name, "\n".join([*lines, ""]).encode("utf-8", "surrogatepass")))
    return judged(stored.card, Answer(tuple(files)))


def _pod(place: str, argv: list[str]) -> Map:
    container: list[list[Any]] = [["name", "immutable"], ["image", "httpd"]]
    run = Map([["command", list(argv)]])
    spec: list[list[Any]] = [["containers", [Map(container)]]]
    if place in ("command", "args"):
        container.append([place, list(argv)])
    elif place == "postStart":
        container.append(["lifecycle", Map([["postStart", Map([["exec", run]])]])])
    elif place == "initContainer":
        init = Map([["name", "init"], ["image", "busybox"], ["command", list(argv)]])
        spec.append(["initContainers", [init]])
    else:
        container.append([place, Map([["exec", run], ["initialDelaySeconds", 1], ["periodSeconds", 5]])])
    metadata = Map([["name", "immutable"]])
    return Map([["apiVersion", "v1"], ["kind", "Pod"], ["metadata", metadata], ["spec", Map(spec)]])


def _pieces(pieces: tuple[str, ...], most: int, joiner: str) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(pieces), min_size=1, max_size=most).map(joiner.join)


_LEAVES = (
    *"object object.spec object.metadata.name object.spec.containers request.operation variables.a".split(),
    *"x x[0] self.replicas 1 2 -1 0 1u 2.5 true false null [] [1,2,3] {} {'a':1} 'abc' '' b'x'".split(),
    "9223372036854775807",
    *(
        "duration('1h')",
        "timestamp('2024-01-01T00:00:00Z')",
        "quantity('1Gi')",
        "ip('::1')",
        "'%s %d'",
        "optional.none()",
    ),
)
_AROUND = (
    *(
        "({0}) + ({1})",
        "({0}) - ({1})",
        "({0}) * ({1})",
        "({0}) / ({1})",
        "({0}) % ({1})",
        "({0}) == ({1})",
        "!({0})",
    ),
    *(
        "({0}) < ({1})",
        "({0}) >= ({1})",
        "({0}) in ({1})",
        "({0}) && ({1})",
        "({0}) || ({1})",
        "-({0})",
        "({0})[{1}]",
    ),
    *(
        "({0}) ? ({1}) : ({0})",
        "[{0}, {1}]",
        "{{'k': {0}, 'l': {1}}}",
        "({0}).size()",
        "size({0})",
        "({0}).all(c, {1})",
    ),
    *(
        "({0}).exists(c, c == ({1}))",
        "({0}).map(c, c + ({1}))",
        "({0}).filter(c, {1})",
        "({0}).exists_one(c, {1})",
    ),
    *(
        "({0}).map(c, {1}, c)",
        "({0}).startsWith({1})",
        "({0}).contains({1})",
        "({0}).matches({1})",
        "({0}).split({1})",
    ),
    *(
        "({0}).join({1})",
        "({0}).replace({1}, 'bb')",
        "({0}).substring({1})",
        "({0}).format([{1}])",
        "({0}).indexOf({1})",
    ),
    *(
        "int({0})",
        "uint({0})",
        "double({0})",
        "string({0})",
        "bytes({0})",
        "type({0})",
        "dyn({0})",
        "duration({0})",
    ),
    *(
        "timestamp({0})",
        "quantity({0})",
        "isQuantity({0})",
        "optional.of({0}).orValue({1})",
        "({0}).?a.orValue({1})",
    ),
    *(
        "cel.bind(v, {0}, v == ({1}))",
        "({0}).sort()",
        "({0}).sum()",
        "({0}).flatten()",
        "({0}).isSorted()",
        "url({0})",
    ),
    *(
        "({0}).lowerAscii()",
        "({0}).getHours()",
        "({0}).isGreaterThan({1})",
        "({0}).add({1})",
        "({0}).find({1})",
        "ip({0})",
    ),
    *(
        "sets.contains({0}, {1})",
        "({0}).slice(0, {1})",
        "({0}).reverse()",
        "({0}).first()",
        "base64.encode({0})",
        "cidr({0})",
    ),
)
"""Expressions that are well formed, whatever their types."""


def _expressions() -> st.SearchStrategy[str]:
    def around(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.builds(lambda form, one, two: form.format(one, two), st.sampled_from(_AROUND), inner, inner)

    return st.recursive(st.sampled_from(_LEAVES), around, max_leaves=6)


def _cel_cases() -> st.SearchStrategy[Case]:
    times = st.sampled_from((1, 1, 1, 1, 1, 1, 1, 40, 300))
    soup = st.fixed_dictionaries({"text": _pieces(_CEL, 9, ""), "times": times})
    return st.one_of(soup, st.fixed_dictionaries({"text": _expressions(), "times": st.just(1)}))


def _script_cases() -> st.SearchStrategy[Case]:
    return st.fixed_dictionaries(
        {
            "text": st.one_of(_pieces(_SHELL, 14, " "), _pieces(_SHELL, 14, "")),
            "argv": st.lists(st.sampled_from(_SHELL), max_size=5),
            "bare": st.booleans(),
            "place": st.integers(0, 59),
            "card": st.integers(0, 59),
            "node": st.booleans(),
        }
    )


TARGETS = (
    Target(
        "cel", "expressions: a value, or one declared error; nothing is changed", 178, _cel_cases, judge_cel
    ),
    Target("scripts", "commands and scripts of containers", 50, _script_cases, judge_script),
)
