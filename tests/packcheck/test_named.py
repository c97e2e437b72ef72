"""Tests of `packcheck.named`: every file that a card's words name is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from trainer.content.catalogue import load_catalogue
from trainer.content.locate import Pack
from trainer.content.solutions import load_solutions
from trainer.packcheck.named import unknown_files


@pytest.fixture
def unknown(make_pack: Callable[..., Pack]) -> Callable[..., list[tuple[str, str]]]:
    pack = make_pack()
    card = load_catalogue(pack).cards[0]
    solutions = load_solutions(card, pack)

    def find(**changes: Any) -> list[tuple[str, str]]:
        changed = msgspec.structs.replace(card, **changes)
        return [(str(place[0]), name) for place, name in unknown_files(changed, solutions)]

    return find


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("Read `app.log`.", ["app.log"]),
        ("Compare digests.txt with it.", ["digests.txt"]),
        ("The report is in `/etc/scan/report.txt`.", ["/etc/scan/report.txt"]),
        ("The directory `/etc/scan/reports` has them.", ["/etc/scan/reports"]),
        ("Write `pod.yaml`.", []),
        ("It will be stored as `/etc/kubernetes/manifests/pod.yaml`.", []),
        ("Requests to `/livez/ping` and https://example.com/a.txt.", []),
        ("Run this:\n\n    cat report.txt\n", []),
        ("```\ncurl http://node01/pods.json\n```", []),
    ],
)
def test_files_in_the_prompt(unknown: Callable[..., Any], words: str, names: list[str]) -> None:
    assert unknown(prompt=words) == [("prompt", name) for name in names]


def test_what_is_delivered_is_there(unknown: Callable[..., Any]) -> None:
    prompt = "See `app.log`, `/etc/app/a.conf`, `a.conf` and the directory `/etc/app`."
    assert unknown(prompt=prompt, given_files={"app.log": ""}, node_files={"/etc/app/a.conf": ""}) == []
    assert len(unknown(prompt=prompt)) == 4


def test_the_file_of_the_given_objects_is_delivered_if_there_are_any(unknown: Callable[..., Any]) -> None:
    given = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n"
    assert unknown(prompt="See `cluster.yaml`.", given=given) == []
    assert len(unknown(prompt="See `cluster.yaml`.", given="")) == 1


def test_what_the_given_objects_name_is_there(unknown: Callable[..., Any]) -> None:
    given = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {ca.crt: x}\n"
    assert unknown(hints=("The Secret has the key `ca.crt`.",), given=given) == []
    assert unknown(hints=("The Secret has the key `ca.crt`.",)) == [("hints", "ca.crt")]


@pytest.mark.parametrize(
    ("mount", "path", "is_there"),
    [
        ("/etc/db", "/etc/db/username", True),
        ("/etc/db", "/etc/db", True),
        ("/var/log/kubernetes/audit", "/var/log/kubernetes", True),
        ("/etc/db", "/etc/dbx/username", False),
        ("/etc/db/deep", "/etc/db/username", False),
        ("/etc", "/opt/db/username", False),
    ],
)
def test_what_the_answer_makes_is_there(
    make_pack: Callable[..., Pack], mount: str, path: str, is_there: bool
) -> None:
    from tests.packcheck.conftest import POD

    text = POD + f"      volumeMounts: [{{name: v, mountPath: {mount}}}]\n"
    pack = make_pack({"solutions/runtime-security/small/reference.yaml": text})
    card = load_catalogue(pack).cards[0]
    changed = msgspec.structs.replace(card, prompt=f"The file is `{path}`.")
    found = list(unknown_files(changed, load_solutions(card, pack)))
    assert found == ([] if is_there else [(("prompt",), path)])


def test_files_in_the_parameters_of_a_check(
    unknown: Callable[..., Any], make_pack: Callable[..., Pack]
) -> None:
    card = load_catalogue(make_pack()).cards[0]
    settings = {"settings": {"audit-policy-file": "/etc/audit/rules.yaml", "other": ["/etc/audit", "text"]}}
    checks = (msgspec.structs.replace(card.checks[0], settings=settings), card.checks[1])
    assert unknown(checks=checks) == [("checks", "/etc/audit/rules.yaml")]
