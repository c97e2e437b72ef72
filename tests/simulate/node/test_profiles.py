"""Tests of `simulate.node.profiles`; the verdicts are those of apparmor_parser 3.0.8 (`-Q -K`)."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.node.profiles import Profile, profiles_of

GOOD = [
    "",
    "profile a {\n}\n",
    "profile a { file, }\n",
    "profile a\n{\n  file,\n}\n",
    "profile a {\n  deny\n  /etc/** w,\n}\n",
    "profile a flags=(complain) {\n  deny /** w,\n}\n",
    "profile a (complain) {\n}\n",
    "profile a flags=(complain){\n}\n",
    "profile a flags = (complain) {\n}\n",
    "profile a /usr/bin/x flags=(attach_disconnected,mediate_deleted) {\n  capability net_admin,\n  network inet tcp,\n}\n",
    'profile "a b" {\n}\n',
    "/usr/bin/a {\n /etc/x r,\n}\n",
    "profile a {\n  /etc/x r, /etc/y w,\n}\n",
    "profile a {\n  /etc/{a,b} r,\n}\n",
    "profile a {\n  deny /etc/** w, # why\n}\n# end\n",
    "profile a {\n  profile b {\n    file,\n  }\n}\n",
    "@{X}=/a\nprofile a {\n  @{X}/** r,\n}\n",
    "profile a {\n  signal (send) peer=b,\n  ptrace,\n}\n",
    "#include <tunables/global>\nprofile a {\n  #include <abstractions/base>\n  include if exists <local/a>\n}\n",
]
BAD = [
    ("profile a {\n  file\n}\n", 3),
    ("a {\n}\n", 1),
    ("profile a {", 1),
    ("profile a {\n}\n}\n", 3),
    ("profile a flags=(complain {\n}\n", 1),
    ("profile a{\n file,\n}\n", 3),
    ("profile a flags=(complain) flags=(x) {\n}\n", 1),
    ("profile a {\n  nonsense,\n}\n", 2),
    ("profile a {\n  /etc/x rz,\n}\n", 2),
    ("profile a {\n  /etc/x,\n}\n", 2),
    ("file,\n", 2),
]


@each_row("text", GOOD)
def test_what_the_parser_accepts(text):
    assert profiles_of(text, "x")[1] == ""


@each_row(("text", "line"), BAD)
def test_what_the_parser_rejects(text, line):
    found, trouble = profiles_of(text, "x")
    assert found == []
    assert f"at line {line}" in trouble


def test_names_modes_and_rules():
    text = "profile a {\n}\n/usr/bin/b flags=(complain) {\n  /x  r, # c\n}\nprofile c /usr/bin/c (attach_disconnected,complain) { file, }\n"
    assert profiles_of(text, "x")[0] == [
        Profile("a", False),
        Profile("/usr/bin/b", True, "/x r,"),
        Profile("c", True, "file,"),
    ]
    assert (
        profiles_of("profile a {\n  profile b {\n  file,\n  }\n}\n", "x")[0][0].rules
        == "profile b {\nfile,\n}"
    )


def test_other_flags_are_not_judged():
    with pytest.raises(NotJudged, match="flags"):
        profiles_of("profile a flags=(unconfined) {\n}\n", "x")
