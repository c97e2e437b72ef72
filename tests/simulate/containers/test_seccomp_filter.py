"""A seccomp profile in a file: whether the runtime accepts it, and what it does to a call."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.manifests.model import Document
from trainer.manifests.reading.parse import parse
from trainer.simulate.containers.seccomp_filter import (
    NO_FILTER,
    fate,
    ignored,
    json_problem,
    named_calls,
    problems_of,
)


def profile(default: str, *syscalls: dict[str, object]) -> Document:
    text = json.dumps({"defaultAction": default, "syscalls": list(syscalls)}, indent=1)
    return parse(text.encode(), "p.json").documents[0]


def entry(action: str, *names: str, **more: object) -> dict[str, object]:
    return {"names": list(names), "action": action} | more


ALLOW, ERRNO, LOG = "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_LOG"


@each_row(
    ("document", "allowed", "action"),
    [
        (profile(ERRNO), False, ERRNO),
        (profile(ALLOW), True, ALLOW),
        (profile(LOG), True, LOG),
        (profile(ALLOW, entry(ERRNO, "mkdir")), False, ERRNO),
        (profile(ALLOW, entry("SCMP_ACT_KILL_PROCESS", "read", "mkdir")), False, "SCMP_ACT_KILL_PROCESS"),
        (profile(ERRNO, entry(ALLOW, "read")), False, ERRNO),
        (profile(ERRNO, entry(ALLOW, "mkdir"), entry(ERRNO, "mkdir")), True, ALLOW),
        (profile(ALLOW, entry("SCMP_ACT_TRACE", "mkdir")), False, "SCMP_ACT_TRACE"),
        (
            profile(ERRNO, entry(ALLOW, "mkdir"), entry(LOG, "mkdir", args=[{"op": "SCMP_CMP_EQ"}])),
            True,
            ALLOW,
        ),
    ],
)
def test_fate(document: Document, allowed: bool, action: str) -> None:
    found = fate(document, "mkdir")
    assert (found.allowed, found.action) == (allowed, action)
    assert found.location.line > 0


def when(operator: str, value: int = 1, other: int = 0) -> list[dict[str, object]]:
    return [{"index": 0, "value": value, "valueTwo": other, "op": f"SCMP_CMP_{operator}"}]


@each_row(
    ("document", "allowed", "denied"),
    [
        (profile(ERRNO, entry(ALLOW, "mkdir", args=when("EQ"))), False, False),
        (profile(ALLOW, entry(ERRNO, "mkdir", args=when("EQ"))), False, False),
        (profile(ALLOW, entry(LOG, "mkdir", args=when("EQ"))), True, False),
        (profile(ALLOW, entry(ERRNO, "mkdir", args=when("EQ") + when("NE"))), False, True),
        (
            profile(ALLOW, entry(ERRNO, "mkdir", args=when("EQ")), entry(ERRNO, "mkdir", args=when("NE"))),
            False,
            True,
        ),
        (
            profile(ALLOW, entry(ERRNO, "mkdir", args=when("EQ")), entry(ERRNO, "mkdir", args=when("NE", 2))),
            False,
            False,
        ),
        (profile(ALLOW, entry(ERRNO, "mkdir", args=when("GE", 0))), False, True),
        (profile(ALLOW, entry(ERRNO, "mkdir", args=when("MASKED_EQ", 0, 0))), False, True),
        (profile(ALLOW, entry(ERRNO, "mkdir", args=when("EQ")), entry(ERRNO, "mkdir")), False, True),
        (profile(ALLOW, entry(ERRNO, "mkdir"), entry(LOG, "mkdir")), False, True),
        (profile(ALLOW, entry(LOG, "mkdir"), entry(ERRNO, "mkdir")), True, False),
        (profile(ERRNO, entry(ERRNO, "mkdir"), entry(ALLOW, "mkdir")), True, False),
    ],
)
def test_entries_for_one_call_go_together_as_in_libseccomp(
    document: Document, allowed: bool, denied: bool
) -> None:
    found = fate(document, "mkdir")
    assert (found.is_always("allowed"), found.is_always("denied")) == (allowed, denied)


def test_the_calls_that_entries_name() -> None:
    document = profile(
        ALLOW, entry(ERRNO, "mkdir", "mkdri", "mkdir"), entry(ALLOW, "io_uring_setup", "_sysctl")
    )
    assert named_calls(document) == ["mkdir", "io_uring_setup", "_sysctl"]


@each_row(
    ("change", "message"),
    [
        (
            {"architectures": ["SCMP_ARCH_X86_64", "amd64"]},
            "'amd64' is not one of the architectures of a profile",
        ),
        ({"flags": ["LOG"]}, "'LOG' is not one of the flags of a profile"),
        ({"syscalls": [{"names": ["mkdir"]}]}, "an entry of syscalls has no action"),
        (
            {"syscalls": [{"names": ["mkdir"], "action": [ALLOW]}]},
            "`syscalls[0].action` must be text",
        ),
        ({"syscalls": [entry(ERRNO, "mkdir", args=when("IS"))]}, "'SCMP_CMP_IS' is not an operator: write "),
    ],
)
def test_what_the_runtime_refuses_in_a_field(change: dict[str, object], message: str) -> None:
    text = json.dumps({"defaultAction": ALLOW} | change, indent=1)
    [(told, place)] = problems_of(parse(text.encode(), "p.json").documents[0])
    assert told.startswith(message)
    assert place.line >= 1


def test_an_agent_is_not_judged() -> None:
    value = {
        "defaultAction": ALLOW,
        "listenerPath": "/run/a",
        "syscalls": [entry("SCMP_ACT_NOTIFY", "mkdir")],
    }
    document = parse(json.dumps(value).encode(), "p.json").documents[0]
    assert problems_of(document) == []
    assert fate(document, "read").allowed
    with pytest.raises(NotJudged, match="agent"):
        fate(document, "mkdir")


def test_an_empty_profile_filters_nothing() -> None:
    document = parse(b"{}", "p.json").documents[0]
    assert problems_of(document) == []
    assert (fate(document, "mkdir").allowed, fate(document, "mkdir").action) == (True, NO_FILTER)


def test_fields_of_dockers_format_are_ignored() -> None:
    named = profile(ALLOW, {"name": "mkdir", "action": ERRNO})
    assert problems_of(named) == []
    assert fate(named, "mkdir").allowed
    assert [message for message, _ in ignored(named)] == [
        "containerd reads `names`, a list, and ignores `name`, which CRI-O reads: this entry is about no call"
    ]
    limited = profile(ERRNO, entry(ALLOW, "mkdir", includes={"caps": ["CAP_SYS_ADMIN"]}))
    assert fate(limited, "mkdir").allowed
    assert "the entry always counts" in ignored(limited)[0][0]


@each_row(
    ("value", "where"),
    [
        ({"defaultActions": ALLOW}, "defaultActions"),
        ({"defaultAction": ALLOW, "syscalls": [{"Nams": ["read"], "action": ERRNO}]}, "syscalls[0].Nams"),
        (
            {"defaultAction": ALLOW, "syscalls": [entry(ERRNO, "read", args=[{"vlaue": 1}])]},
            "syscalls[0].args[0].vlaue",
        ),
    ],
)
def test_unknown_fields_are_told(value: object, where: str) -> None:
    document = parse(json.dumps(value).encode(), "p.json").documents[0]
    assert [place.path for _, place in ignored(document)] == [where]


def test_names_of_no_system_call_are_told() -> None:
    found = ignored(profile(ALLOW, entry(ERRNO, "mkdir", "mkdir_at"), entry(ERRNO, "frobnicate")))
    assert [(message, place.path) for message, place in found] == [
        (
            "`mkdir_at` isn't a system call, so the runtime skips it: did you mean `mkdirat`?",
            "syscalls[0].names[1]",
        ),
        ("`frobnicate` isn't a system call, so the runtime skips it", "syscalls[1].names[0]"),
    ]


def test_known_fields_and_comments_are_not_told() -> None:
    value = {
        "DefaultAction": ALLOW,
        "comment": "x",
        "syscalls": [entry(ERRNO, "read", comment="y", errnoRet=1)],
    }
    assert ignored(parse(json.dumps(value).encode(), "p.json").documents[0]) == []


@given(
    st.sampled_from([ALLOW, ERRNO, LOG]), st.lists(st.sampled_from(["read", "write", "mkdir"]), max_size=3)
)
def test_calls_that_no_entry_names_meet_the_default(default: str, names: list[str]) -> None:
    document = profile(default, entry(ERRNO if default == ALLOW else ALLOW, *names))
    for syscall in ("read", "write", "mkdir"):
        found = fate(document, syscall)
        assert (found.action == default) is (syscall not in names)


@each_row(
    ("value", "message"),
    [
        ("[]", "must be a JSON object"),
        ('{"syscalls": [{"names": ["a"], "action": "SCMP_ACT_ERRNO"}]}', "no defaultAction"),
        ('{"defaultAction": "SCMP_ACT_NOTIFY"}', "can't be the default action"),
        ('{"defaultAction": 1}', "`defaultAction` must be text"),
        ('{"defaultAction": "scmp_act_allow"}', "not a seccomp action"),
        ('{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": {}}', "`syscalls` must be a list of objects"),
        ('{"defaultAction": "ALLOW"}', "not a seccomp action"),
    ],
)
def test_what_the_runtime_refuses(value: str, message: str) -> None:
    problems = problems_of(parse(value.encode(), "p.json").documents[0])
    assert any(message in problem for problem, _ in problems)


@each_row(
    ("one", "message"),
    [
        ({"names": ["a"]}, "has no action"),
        ({"names": ["a"], "acton": ERRNO}, "has no action"),
        ({"names": ["a"], "action": "ERRNO"}, "not a seccomp action"),
        ({"names": "a", "action": ERRNO}, "`syscalls[0].names` must be a list of texts"),
        ({"names": ["a", ""], "action": ERRNO}, "names an empty call"),
        (
            {"names": ["a"], "action": ERRNO, "errnoRet": "EPERM"},
            "`syscalls[0].errnoRet` must be a whole number",
        ),
        ({"names": ["a"], "action": ERRNO, "args": {"index": 0}}, "must be a list of objects"),
        (
            {"names": ["a"], "action": ERRNO, "args": [{"index": "0"}]},
            "`syscalls[0].args[0].index` must be a whole",
        ),
        ({"names": ["a"], "action": ERRNO, "args": [{"index": 0}]}, "is not an operator"),
        ({"names": ["a"], "action": ERRNO, "args": [{"op": "EQ"}]}, "'EQ' is not an operator"),
        (
            {"names": ["a"], "action": ERRNO, "args": [{"index": 6, "op": "SCMP_CMP_EQ"}]},
            "the arguments 0 to 5",
        ),
        ({"names": ["a"], "action": "SCMP_ACT_NOTIFY"}, "needs listenerPath"),
    ],
)
def test_entries_that_the_runtime_refuses(one: dict[str, object], message: str) -> None:
    problems = problems_of(profile(ALLOW, one))
    assert len(problems) == 1
    assert message in problems[0][0]
    assert problems[0][1].path.startswith("syscalls[0]")


def test_names_of_fields_in_any_case() -> None:
    """Go's `encoding/json`, which the runtime reads a profile with, prefers the exact name only."""
    text = (
        '{"DefaultAction": "SCMP_ACT_ALLOW", "SYSCALLS": [{"Names": ["mkdir"], "Action": "SCMP_ACT_ERRNO"}]}'
    )
    document = parse(text.encode(), "p.json").documents[0]
    assert problems_of(document) == []
    assert not fate(document, "mkdir").allowed
    assert fate(document, "read").allowed


@each_row(
    ("text", "place"),
    [
        ('{"defaultAction": "SCMP_ACT_ALLOW",}', (1, 36)),
        ("{defaultAction: SCMP_ACT_ALLOW}", (1, 2)),
        ("# a comment\n{}", (1, 1)),
        ('{"a": 1}\n{}', (2, 1)),
        ('{"a":\n NaN}', (2, 2)),
        ("", (1, 1)),
        ("\ufeff{}", (1, 1)),
    ],
)
def test_the_runtime_reads_json_alone(text: str, place: tuple[int, int]) -> None:
    problem = json_problem(text, "p.json")
    assert problem is not None
    assert (problem[1].line, problem[1].column) == place
    assert json_problem('{"a": [1, "x"]}\n', "p.json") is None
