"""Command lines, as pflag and Go's flag read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.components.command_line import (
    FALSE,
    TRUE,
    CommandLine,
    Word,
    port_range,
    read_command,
    seconds,
    value_problem,
)
from trainer.simulate.components.flags import COMPONENTS, VERIFIED
from trainer.verdict import Location
from trainer.versions import SUPPORTED, Version


def read(*words: str, component: str = "kube-apiserver") -> CommandLine:
    return read_command(
        component, [Word(text, Location("a", number, 1)) for number, text in enumerate(words, 1)]
    )


def problems(*words: str, component: str = "kube-apiserver") -> list[str]:
    return [problem.message for problem in read(*words, component=component).problems]


def test_forms_of_a_flag() -> None:
    assert read("--etcd-prefix=/a").text("etcd-prefix") == "/a"
    assert read("--etcd-prefix", "/b").text("etcd-prefix") == "/b"
    assert read("--etcd_prefix=/c").text("etcd-prefix") == "/c"
    assert read("--etcd-prefix=").text("etcd-prefix") == ""
    assert read("-v", "4").number("v") == read("-v=4").number("v") == read("-v4").number("v") == 4
    assert read("--external-hostname", "--profiling").text("external-hostname") == "--profiling"


def test_the_last_use_wins() -> None:
    line = read("--profiling=true", "--profiling=false")
    assert line.flag("profiling") is False
    assert line.location("profiling") == Location("a", 2, 1)
    assert read().location("profiling") is None
    assert read().flag("profiling") is True


def test_lists_add_up_and_replace_the_default() -> None:
    line = read("--authorization-mode=Node,RBAC", "--authorization-mode=Webhook")
    assert line.texts("authorization-mode") == ("Node", "RBAC", "Webhook")
    assert read("--oidc-signing-algs=ES256").texts("oidc-signing-algs") == ("ES256",)
    assert read().texts("oidc-signing-algs") == ("RS256",)
    assert read('--authorization-mode="Node",RBAC').texts("authorization-mode") == ("Node", "RBAC")
    # An array takes commas as they are.
    assert read("--service-account-issuer=a,b").texts("service-account-issuer") == ("a,b",)


def test_maps_merge() -> None:
    line = read("--feature-gates=A=true,kube:B=false", "--feature-gates=A=false")
    assert line.value("feature-gates") == {"A": "false", "B": "false"}
    assert read("--runtime-config=api/all=false,v1").value("runtime-config") == {
        "api/all": "false",
        "v1": "true",
    }
    assert problems("--feature-gates=A") == ["--feature-gates: 'A' is not of the form key=value"]
    assert problems("--feature-gates=A=maybe") == ["--feature-gates: 'A=maybe': write true or false"]


def test_booleans_take_their_value_only_after_equals() -> None:
    assert read("--profiling").flag("profiling") is True
    line = read("--profiling", "false")
    assert line.flag("profiling") is True
    assert "write --profiling=false" in line.problems[0].message
    assert line.problems[0].location == Location("a", 2, 1)
    assert problems("--profiling=no") == ["--profiling: 'no' is neither true nor false"]


@each_row(
    ("words", "message"),
    [
        (("--insecure-port=0",), "kube-apiserver has no flag --insecure-port"),
        (("--profiling false",), "each entry of the list is one word"),
        (("-profiling=false",), "long flags start with two dashes"),
        (("--secure-port=64a",), "'64a' is not a whole number"),
        (("--event-ttl=1d",), "'1d' is not a duration"),
        (("--bind-address=all",), "'all' is not an IP address"),
        (("--service-node-port-range=1-99999",), "not a port range"),
        (("--audit-policy-file",), "--audit-policy-file needs a value"),
        (("--=x",), "has no flag"),
        (("---x",), "is not a flag"),
        (("serve",), "accepts only flags"),
        (("--", "--profiling=false"), "accepts only flags"),
        (("--help",), "only prints and exits"),
        (('--authorization-mode="Node',), "the quotes"),
    ],
)
def test_what_the_component_refuses(words: tuple[str, ...], message: str) -> None:
    found = problems(*words)
    assert len(found) == 1
    assert message in found[0] or "is not a flag" in found[0]


def test_etcd_reads_as_go_does() -> None:
    assert read("-name=a", "--client-cert-auth", component="etcd").flag("client-cert-auth")
    assert "isn't one; write" in problems("--client-cert-auth", "true", component="etcd")[0]
    assert problems("--client_cert_auth", component="etcd") == ["etcd has no flag --client_cert_auth"]
    with pytest.raises(NotJudged):
        read("--experimental-peer-skip-client-san-verification", component="etcd")


def test_units() -> None:
    assert seconds("1h30m") == 5400
    assert seconds("1.5s") == 1.5
    assert seconds("-2m") == -120
    assert seconds("0") == 0
    assert seconds("5") is None
    assert seconds("") is None
    assert port_range("30000-32767") == (30000, 32767)
    assert port_range("30000+10") == (30000, 30010)
    assert port_range("5-4") is None
    assert read("--secure-port=0x10").number("secure-port") == 16
    assert read("--secure-port=010").number("secure-port") == 8


@each_row("component", COMPONENTS)
@each_row("kubernetes", SUPPORTED)
def test_every_default_is_a_value(component: str, kubernetes: Version) -> None:
    line = read_command(component, [], kubernetes)
    for name, flag in line.flags.items():
        if flag.default and flag.type != "version":
            assert value_problem(flag, flag.default) == "", name
            assert line.value(name) is not None


@given(
    st.lists(st.text(max_size=12) | st.sampled_from(["--profiling", "--v", "-v", "--", "--etcd-servers=a,b"]))
)
def test_any_words_are_read(words: list[str]) -> None:
    line = read(*words)
    for name, flag in line.flags.items():
        assert not flag.adds_up or line.value(name) is not None


@given(st.lists(st.sampled_from(sorted(TRUE | FALSE)), min_size=1))
def test_booleans_follow_the_last_word(values: list[str]) -> None:
    line = read(*(f"--profiling={value}" for value in values))
    assert line.flag("profiling") is (values[-1] in TRUE)
    assert not line.problems


@given(st.lists(st.text("abcXYZ09-.", min_size=1, max_size=6), min_size=1, max_size=6), st.data())
def test_lists_are_the_same_however_they_are_split(items: list[str], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(items)))
    parts = [part for part in (items[:cut], items[cut:]) if part]
    line = read(*(f"--enable-admission-plugins={','.join(part)}" for part in parts))
    assert line.texts("enable-admission-plugins") == tuple(items)


def test_a_flag_of_a_later_version_is_refused_with_its_version() -> None:
    words = [Word("--tls-curve-preferences=23", Location("a", 1, 1))]
    [problem] = read_command("kube-apiserver", words, Version(1, 35)).problems
    assert problem.message == (
        f"kube-apiserver {Version(1, 35)} has no flag --tls-curve-preferences: it came with {Version(1, 36)}"
    )
    assert read_command("kube-apiserver", words, Version(1, 36)).problems == ()


def test_an_unknown_flag_of_a_version_whose_sources_were_not_read_is_not_judged() -> None:
    words = [Word("--no-such=1", Location("a", 1, 1))]
    message = "kube-apiserver has no flag --no-such"
    assert [one.message for one in read_command("kube-apiserver", words, VERIFIED).problems] == [message]
    with pytest.raises(NotJudged, match="the flag --no-such of kube-apiserver"):
        read_command("kube-apiserver", words, Version(1, 37))


@each_row(("value", "good"), [("23", True), ("23,0x1d", True), ("P256", False), ("23,", False)])
def test_numbers_of_curves(value: str, good: bool) -> None:
    words = [Word(f"--tls-curve-preferences={value}", Location("a", 1, 1))]
    assert (read_command("kube-scheduler", words, Version(1, 36)).problems == ()) is good


def test_many_digits_are_read_once() -> None:
    """A reader that tries every place for the point needs hours for it."""
    assert seconds("1" * 900_000 + "!") is None
