"""Checks on events: operators for each type, unset fields, ancestors, addresses, and what Falco refuses.

The facts are those of falcosecurity/libs 0.25.4 (`filter_compare.cpp`, `sinsp_filtercheck.cpp`).
"""

from __future__ import annotations

import pytest

from tests.falco_world import CAT, CONNECT, HOST, START, meets
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.detection.checks import compile_check
from trainer.simulate.detection.grammar import Check, Mistake, parse_condition

HOLD = [
    "proc.name = cat",
    "proc.name != sh",
    "proc.name in (sh, cat)",
    "proc.name intersects (cat)",
    "proc.name contains a and proc.name icontains CA",
    "fd.name startswith /etc/ and fd.name endswith .pem",
    "fd.name glob '/etc/*' and fd.name glob /etc/*.p?m and fd.name iglob /ETC/*",
    "fd.name glob '/etc/[!a-r]*' and not fd.name glob '/etc/[^s]*'",
    "fd.name regex '/etc/.*' and not fd.name regex etc",
    "fd.name pmatch (/etc) and fd.name pmatch (/usr, /etc/ssl) and fd.name pmatch (/etc/*/ca.pem)",
    "not fd.name pmatch (/et) and not fd.name pmatch (/etc/ssl/ca.pem/x)",
    "proc.name startswith anyof (x, c) and proc.name startswith oneof (c, d)",
    "not proc.name startswith oneof (c, ca) and proc.name contains allof (c, t)",
    "fd.num >= 0 and fd.num < 4 and fd.num = 0x3 and user.loginuid = -1 and user.loginuid < 0",
    "proc.pid in (40, 41) and proc.tty = 0",
    "evt.is_open_read = true and container.privileged = false",
    "proc.aname = runc and proc.aname = bash and proc.aname != bash and not proc.aname = cat",
    "proc.aname[2] = runc and not proc.aname[3] exists",
    "toupper(proc.name) = CAT and basename(fd.name) = ca.pem and len(proc.name) = 3",
    "fd.filename = val(fd.filename) and not proc.name = val(proc.pname)",
    "k8s.ns.name exists and container.id != host",
]
NEVER = [
    "proc.name = CAT",
    "proc.name in (sh)",
    "proc.name contains ''x",
    "k8s.deployment.name != x",
    "not k8s.ns.name exists",
]


def test_checks_that_hold() -> None:
    assert [text for text in HOLD if not meets(text)] == []
    assert [text for text in NEVER[:2] + NEVER[3:] if meets(text)] == []


def test_an_unset_field_meets_nothing() -> None:
    texts = ("k8s.ns.name != shop", "k8s.ns.name exists", "k8s.ns.name in (shop)")
    assert [text for text in texts if meets(text, HOST)] == []
    assert meets("not k8s.ns.name = shop", HOST)
    assert meets("container.image.repository != nginx", HOST)  # an empty text, not unset
    assert not meets("fd.num >= 0", START)


def test_addresses_and_ports() -> None:
    hold = [
        "fd.sip = 10.96.0.1 and fd.sport = 443 and fd.sport in (80, https)",
        "fd.snet = 10.96.0.0/12 and fd.snet in (192.168.0.0/16, 10.96.0.0/16) and fd.snet != 10.0.0.0/24",
        "fd.ip = 10.244.1.7 and fd.ip = 10.96.0.1 and fd.ip != 10.0.0.1 and not fd.ip != 10.96.0.1",
        "fd.net = 10.244.0.0/16 and fd.port = 443 and fd.port = 40000 and fd.rip = 10.96.0.1",
        "fd.sip in ('10.96.0.1') and fd.cip != ::1",
    ]
    assert [text for text in hold if not meets(text, CONNECT)] == []
    assert not meets("fd.sip = 10.96.0.1", CAT)


@each_row(
    ("text", "words"),
    [
        ("proc.nme = cat", "nonexistent field proc.nme"),
        ("evt.type = exec", "unknown event type exec"),
        ("evt.type startswith ope", "unknown event type ope"),
        ("proc.tty = x", "x is not a valid number"),
        ("proc.tty contains 1", "'contains' operator not supported for numeric filters"),
        ("fd.snet startswith 10.0.0.0/8", "not supported for ip address and network filters"),
        ("fd.snet = 10.0.0.1", "unrecognized IP network 10.0.0.1"),
        ("fd.sip = 10.0.0", "unrecognized IPv4 address 10.0.0"),
        ("fd.sport = gopher", "unrecognized protocol gopher"),
        ("evt.is_open_read = yes", "unrecognized boolean value yes"),
        ("proc.name regex '\\\\d+'", "invalid regex pattern"),
        ("proc.name regex '('", "invalid regex pattern"),
        ("tolower(proc.tty) = 1", "can't add field transformer"),
        ("tolower(proc.aname) = 1", "does not support transformers"),
        ("proc.aname = val(proc.name)", "doesn't support right-hand side fields"),
        ("proc.tty = val(proc.name)", "has incompatible type"),
        ("proc.name regex val(proc.pname)", "operator 'REGEX' doesn't support"),
    ],
)
def test_what_falco_refuses(text: str, words: str) -> None:
    check = parse_condition(text)
    assert isinstance(check, Check)
    with pytest.raises(Mistake) as error:
        compile_check(check)
    assert words in error.value.message


@each_row("text", ["fd.types exists", "evt.buffer bcontains 00", "fd.net in (1.0.0.0/8, ::/0)"])
def test_what_is_outside_the_subset(text: str) -> None:
    check = parse_condition(text)
    assert isinstance(check, Check)
    with pytest.raises(NotJudged):
        compile_check(check)


def test_base64_of_what_is_none_is_unset() -> None:
    assert meets("b64(proc.name) = hi", {**CAT, "proc.name": "aGk="})
    assert not meets("b64(proc.name) exists", {**CAT, "proc.name": "%"})
