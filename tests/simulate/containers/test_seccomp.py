"""Seccomp profiles: which one a container gets, and what becomes of a call."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.errors import NotJudged
from trainer.manifests.model import Document, Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.containers.seccomp import (
    DEFAULT_ALLOWED,
    DEFAULT_DENIED,
    ContainerProfile,
    fate,
    fate_in_default,
    json_problem,
    named_calls,
    problems_of,
    profiles_of,
)
from trainer.simulate.workloads import pod_template


def profile(default: str, *syscalls: dict[str, object]) -> Document:
    text = json.dumps({"defaultAction": default, "syscalls": list(syscalls)}, indent=1)
    return parse(text.encode(), "p.json").documents[0]


def entry(action: str, *names: str, **more: object) -> dict[str, object]:
    return {"names": list(names), "action": action} | more


ALLOW, ERRNO, LOG = "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_LOG"


@pytest.mark.parametrize(
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
        (profile(ERRNO, entry(ALLOW, "mkdir"), entry(LOG, "mkdir", args=[{"index": 0}])), True, ALLOW),
    ],
)
def test_fate(document: Document, allowed: bool, action: str) -> None:
    found = fate(document, "mkdir")
    assert (found.allowed, found.action) == (allowed, action)
    assert found.location.line > 0


def when(operator: str, value: int = 1, other: int = 0) -> list[dict[str, object]]:
    return [{"index": 0, "value": value, "valueTwo": other, "op": f"SCMP_CMP_{operator}"}]


@pytest.mark.parametrize(
    ("document", "allowed", "denied"),
    [
        (profile(ERRNO, entry(ALLOW, "mkdir", args=when("EQ"))), False, False),
        (profile(ALLOW, entry(ERRNO, "mkdir", args=when("EQ"))), False, False),
        (profile(ALLOW, entry(LOG, "mkdir", args=when("EQ"))), True, False),
        (profile(ALLOW, entry(ERRNO, "mkdir", args=when("EQ") + when("NE"))), False, False),
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


@pytest.mark.parametrize(
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
            "['SCMP_ACT_ALLOW'] is not a seccomp action",
        ),
        ({"syscalls": [entry(ERRNO, "mkdir", args=when("IS"))]}, "'SCMP_CMP_IS' is not an operator: write "),
        ({"syscalls": [{"names": ["mkdir", 4], "action": ERRNO}]}, "4 is not the name of a call"),
        ({"defaultAction": ""}, "the profile has no defaultAction"),
    ],
)
def test_what_the_runtime_refuses_in_a_field(change: dict[str, object], message: str) -> None:
    text = json.dumps({"defaultAction": ALLOW} | change, indent=1)
    [(told, place)] = problems_of(parse(text.encode(), "p.json").documents[0])
    assert told.startswith(message)
    assert place.line >= 1


@pytest.mark.parametrize(
    "document",
    [
        profile("SCMP_ACT_NOTIFY"),
        profile(ERRNO, entry(ALLOW, "mkdir", includes={"caps": ["CAP_SYS_ADMIN"]})),
    ],
)
def test_what_is_not_judged(document: Document) -> None:
    with pytest.raises(NotJudged):
        fate(document, "mkdir")


@given(
    st.sampled_from([ALLOW, ERRNO, LOG]), st.lists(st.sampled_from(["read", "write", "mkdir"]), max_size=3)
)
def test_calls_that_no_entry_names_meet_the_default(default: str, names: list[str]) -> None:
    document = profile(default, entry(ERRNO if default == ALLOW else ALLOW, *names))
    for syscall in ("read", "write", "mkdir"):
        found = fate(document, syscall)
        assert (found.action == default) is (syscall not in names)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("[]", "must be a JSON object"),
        ('{"syscalls": []}', "no defaultAction"),
        ('{"defaultAction": "ALLOW"}', "not a seccomp action"),
        ('{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"action": "SCMP_ACT_ERRNO"}]}', "names no call"),
    ],
)
def test_what_the_runtime_refuses(value: str, message: str) -> None:
    problems = problems_of(parse(value.encode(), "p.json").documents[0])
    assert any(message in problem for problem, _ in problems)


def test_the_tables_of_the_default_profile_do_not_contradict() -> None:
    assert set() == DEFAULT_ALLOWED & DEFAULT_DENIED


POD = "kind: Pod\nspec:\n  securityContext: %s\n  containers:\n  - {name: a, securityContext: %s}\n"


def of(pod: str = "{}", container: str = "{}", **settings: bool) -> ContainerProfile:
    document = parse((POD % (pod, container)).encode(), "pod.yaml").documents[0]
    template = pod_template(Manifest(document.value, document))
    assert template is not None
    [found] = profiles_of(template, **settings)
    return found


DEFAULT = "{seccompProfile: {type: RuntimeDefault}}"
LOCAL = "{seccompProfile: {type: Localhost, localhostProfile: profiles/a.json}}"


@pytest.mark.parametrize(
    ("pod", "container", "kind", "line"),
    [
        ("{}", "{}", "unconfined", 5),
        (DEFAULT, "{}", "default", 3),
        (DEFAULT, LOCAL, "localhost", 5),
        (LOCAL, "{privileged: true}", "unconfined", 5),
        ("{}", "{seccompProfile: {type: Unconfined}}", "unconfined", 5),
    ],
)
def test_the_profile_in_effect(pod: str, container: str, kind: str, line: int) -> None:
    found = of(pod, container)
    assert (found.kind, found.location.line) == (kind, line)


def test_localhost_is_relative_to_the_kubelets_folder() -> None:
    assert of(LOCAL).file == "/var/lib/kubelet/seccomp/profiles/a.json"


def test_the_kubelets_default() -> None:
    assert of(seccomp_default=True).kind == "default"
    assert of(container="{seccompProfile: {type: Unconfined}}", seccomp_default=True).kind == "unconfined"


def test_the_default_profile() -> None:
    assert not fate_in_default(of(DEFAULT), "mount").allowed
    assert fate_in_default(of(DEFAULT), "read").allowed
    with pytest.raises(NotJudged, match="added capabilities"):
        fate_in_default(of(DEFAULT, "{capabilities: {add: [SYS_ADMIN]}}"), "mount")
    with pytest.raises(NotJudged, match="ptrace"):
        fate_in_default(of(DEFAULT), "ptrace")


def test_names_of_fields_in_any_case() -> None:
    """Go's `encoding/json`, which the runtime reads a profile with, prefers the exact name only."""
    text = (
        '{"DefaultAction": "SCMP_ACT_ALLOW", "SYSCALLS": [{"Names": ["mkdir"], "Action": "SCMP_ACT_ERRNO"}]}'
    )
    document = parse(text.encode(), "p.json").documents[0]
    assert problems_of(document) == []
    assert not fate(document, "mkdir").allowed
    assert fate(document, "read").allowed


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"defaultAction": "SCMP_ACT_ALLOW",}', (1, 36)),
        ("{defaultAction: SCMP_ACT_ALLOW}", (1, 2)),
        ("# a comment\n{}", (1, 1)),
        ('{"a": 1}\n{}', (2, 1)),
        ('{"a":\n NaN}', (2, 2)),
        ("", (1, 1)),
    ],
)
def test_the_runtime_reads_json_alone(text: str, place: tuple[int, int]) -> None:
    problem = json_problem(text, "p.json")
    assert problem is not None
    assert (problem[1].line, problem[1].column) == place
    assert json_problem('{"a": [1, "x"]}\n', "p.json") is None
