"""Tests of `manifests.validation.names`."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.manifests.validation import names


@each_row(
    ("rule", "good", "bad"),
    [
        (names.dns_label, ["a", "a-b", "0a", "a" * 63], ["", "A", "-a", "a-", "a.b", "a_b", "a" * 64, "a\n"]),
        (names.dns_label_1035, ["a", "a-1"], ["1a", "a.b", "A", "", "a" * 64]),
        (
            names.dns_subdomain,
            ["a", "a.b", "1.2", "a-b.c", ("a" * 63 + ".") * 3 + "a"],
            ["", ".a", "a.", "a..b", "A", "a_b", "-a.b", "a.b-", "a" * 254],
        ),
        (names.dns_subdomain_underscore, ["_tcp.a", "a_b"], ["A", "", "a..b"]),
        (names.wildcard_subdomain, ["*.a", "*.example.com"], ["*", "*.", "a.*", "*a.b", "a.b"]),
        (names.path_segment, ["system:node", "A b", ""], [".", "..", "a/b", "50%"]),
        (
            names.qualified_name,
            ["a", "A.b_c-d", "example.com/a", "a.b/C"],
            ["", "/a", "a/", "a/b/c", "A.b/c", "-a", "a" * 64, "a@b", "a b"],
        ),
        (names.label_value, ["", "a", "A_b.c-1", "a" * 63], ["a b", "-a", "a.", "a" * 64, "ä"]),
        (names.port_name, ["http", "a1", "1a"], ["HTTP", "80", "a--b", "-a", "a-", "a_b", "", "a" * 16]),
        (names.environment_name, ["A", "a.b", "1", "a b", "über"[1:]], ["", "A=B", "ü", "a\n"]),
        (names.config_key, ["a", "a.b_c-d", ".a"], ["", ".", "..", "..a", "a/b", "a b", "a" * 254]),
        (names.header_name, ["Host", "X-A"], ["", "A B", "A:"]),
    ],
)
def test_syntax(rule: names.NameRule, good: list[str], bad: list[str]) -> None:
    assert [value for value in good if rule(value)] == []
    assert [value for value in bad if not rule(value)] == []


def test_ports() -> None:
    assert [n for n in (1, 80, 65535) if names.port_number(n)] == []
    assert [n for n in (0, -1, 65536) if not names.port_number(n)] == []


def test_a_prefix_may_end_with_a_dash() -> None:
    assert names.prefix_of(names.dns_subdomain)("web-") == ""
    assert names.prefix_of(names.dns_subdomain)("Web-") != ""


@each_row(
    ("value", "rule", "better"),
    [
        ("My_App", names.dns_subdomain, "my-app"),
        ("gVisor", names.dns_subdomain, "gvisor"),
        ("a.b", names.dns_label, "a-b"),
        ("$NAMESPACE_A", names.dns_label, "namespace-a"),
        ("???", names.dns_label, ""),
    ],
)
def test_suggestions(value: str, rule: names.NameRule, better: str) -> None:
    assert names.suggestion(value, rule) == better


@given(st.text(max_size=80))
def test_a_suggestion_is_always_good(value: str) -> None:
    better = names.suggestion(value, names.dns_label)
    assert better == "" or names.dns_label(better) == ""
