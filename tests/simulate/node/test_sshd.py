"""Tests of `simulate.node.sshd` (sshd_config(5) of OpenSSH 9.6)."""

from __future__ import annotations

import pytest

from tests.simulate.node.sample import after, said
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.node.boot import boot
from trainer.simulate.node.sshd import KEY, PASSWORD, addresses, decision, may_log_in, read, settings
from trainer.simulate.node.system import Host

BASE = "Include /etc/ssh/sshd_config.d/*.conf\n"
OUTSIDE, INSIDE = "198.51.100.77", "10.1.2.3"


def configured(text: str, drop_in: str = "", then: str = "systemctl reload ssh") -> Host:
    """A node after a script that writes the two files."""
    more = f"cat > /etc/ssh/sshd_config.d/50-a.conf <<'END'\n{drop_in}\nEND\n" if drop_in else ""
    return after(f"cat > /etc/ssh/sshd_config <<'END'\n{BASE}{text}\nEND\n{more}{then}")


def ways(host: Host, name: str = "bob", address: str = OUTSIDE) -> str:
    user = host.users[name]
    return " ".join(by for by in (KEY, PASSWORD) if may_log_in(host, name, user, by, address))


@each_row(
    ("text", "drop_in", "bob", "root"),
    [
        ("", "", "key password", "key"),
        ("PasswordAuthentication no", "", "key", "key"),
        ("PasswordAuthentication no\nPasswordAuthentication yes", "", "key", "key"),
        ("PasswordAuthentication no", "PasswordAuthentication yes", "key password", "key"),
        ("passwordauthentication NO", "", "key", "key"),
        ("PasswordAuthentication=no", "", "key", "key"),
        ('PasswordAuthentication "no" # why', "", "key", "key"),
        ("PasswordAuthentication no\nUsePAM yes", "", "key password", "key"),
        ("PasswordAuthentication no\nUsePAM yes\nChallengeResponseAuthentication no", "", "key", "key"),
        ("PubkeyAuthentication no", "", "password", ""),
        ("PermitRootLogin yes", "", "key password", "key password"),
        ("PermitRootLogin without-password", "", "key password", "key"),
        ("PermitRootLogin no", "", "key password", ""),
        ("AllowUsers jane root", "", "", "key"),
        ("AllowUsers jane\nAllowUsers b*", "", "key password", ""),
        ("AllowUsers b?b !bob", "", "", ""),
        ("DenyUsers bob", "", "", "key"),
        ("DenyUsers bob\nAllowUsers bob", "", "", ""),
        ("AllowGroups sudo", "", "", ""),
        ("AllowGroups bob", "", "key password", ""),
        ("DenyGroups root", "", "key password", ""),
        ("AllowUsers bob@10.0.0.0/8", "", "", ""),
        ("AllowUsers bob@198.51.*", "", "key password", ""),
        ("Match User bob\nPasswordAuthentication no", "", "key", "key"),
        ("Match User jane,b*\nPasswordAuthentication no\nMatch all\nPubkeyAuthentication no", "", "", ""),
        ("Match Group sudo\nPasswordAuthentication no", "", "key password", "key"),
        ("Match User bob Address 10.0.0.0/8\nPasswordAuthentication no", "", "key password", "key"),
        # a block ends with the file that it is in
        ("PasswordAuthentication no", "Match User jane\nPermitRootLogin yes", "key", "key"),
    ],
)
def test_who_may_log_in(text: str, drop_in: str, bob: str, root: str) -> None:
    host = configured(text, drop_in)
    assert (ways(host), ways(host, "root")) == (bob, root)


def test_addresses_of_lists_and_blocks() -> None:
    host = configured(
        "AllowUsers bob@10.0.0.0/8 jane@*.example\nMatch Address !192.0.2.7,192.0.2.0/24\nUsePAM no"
    )
    assert list(addresses(host.sshd)) == ["10.0.0.0", "192.0.2.7", "192.0.2.0"]
    assert (ways(host), ways(host, address=INSIDE)) == ("", "key password")


@each_row(
    ("text", "error"),
    [
        ("PasswordAuthentification no", "line 2: Bad configuration option: PasswordAuthentification"),
        ("PasswordAuthentication", "line 2: missing argument for PasswordAuthentication"),
        ("PasswordAuthentication nope", 'line 2: unsupported option "nope"'),
        ("PermitRootLogin never", 'line 2: unsupported option "never"'),
        ("UsePAM yes no", "line 2: extra arguments"),
        ("AuthenticationMethods any publickey", "line 2: invalid AuthenticationMethods: any publickey"),
        ("AuthenticationMethods pubkey", "line 2: invalid AuthenticationMethods: pubkey"),
        ('Banner "x', "line 2: unbalanced quotes"),
        ("Match User", "line 2: missing argument for Match"),
    ],
)
def test_a_mistake_keeps_what_runs_until_the_next_start(text: str, error: str) -> None:
    host = configured(text)
    assert error in read(host)[1]
    assert ways(host) == "key password"
    boot(host)
    assert not host.units["ssh.service"].active
    assert decision(host, "bob", host.users["bob"], KEY, OUTSIDE) == (False, "sshd isn't running")
    assert not configured(text, then="systemctl restart sshd").units["ssh.service"].active


def test_files_count_once_they_are_read() -> None:
    host = configured("PasswordAuthentication no", then="true")
    assert ways(host) == "key password"
    boot(host)
    assert ways(host) == "key"
    gone = after("rm /etc/ssh/sshd_config; systemctl reload ssh")
    assert "No such file" in read(gone)[1]


def test_accounts_without_a_shell_or_a_password() -> None:
    host = after("usermod -s /usr/sbin/nologin bob; passwd -l jane")
    assert (ways(host), ways(host, "jane")) == ("", "key")


@each_row(
    ("methods", "expected"),
    [
        ("any", "key password"),
        ("publickey", "key"),
        ("password", "password"),
        ("keyboard-interactive:pam", ""),
        ("keyboard-interactive:pam\nUsePAM yes", "password"),
        ("publickey keyboard-interactive\nUsePAM yes", "key password"),
        ("publickey\nAuthenticationMethods any", "key"),
    ],
)
def test_one_of_the_methods_is_enough(methods: str, expected: str) -> None:
    assert ways(configured(f"AuthenticationMethods {methods}")) == expected


@each_row(
    ("text", "construct"),
    [
        ("AuthenticationMethods publickey,password", "AuthenticationMethods publickey,password of sshd"),
        ("AuthorizedKeysFile /etc/keys/%u", "AuthorizedKeysFile /etc/keys/%u of sshd"),
        ("Match LocalPort 22", "Match localport"),
        ("Include /etc/*/x.conf", r"Include /etc/\*/x.conf"),
        ("GSSAPIAuthentication yes", "GSSAPIAuthentication of sshd"),
    ],
)
def test_what_is_outside(text: str, construct: str) -> None:
    with pytest.raises(NotJudged, match=construct):
        configured(text)
    assert (
        ways(configured("GSSAPIAuthentication no\nAuthorizedKeysFile .ssh/authorized_keys")) == "key password"
    )


def test_forced_commands_are_outside() -> None:
    host = configured("PermitRootLogin forced-commands-only\nX11Forwarding yes")
    assert settings(host.sshd)["x11forwarding"] == "yes"
    assert ways(host) == "key password"
    with pytest.raises(NotJudged, match="forced-commands-only"):
        ways(host, "root")


@each_row(
    ("text", "by", "why"),
    [
        (
            "PasswordAuthentication yes",
            PASSWORD,
            "passwordauthentication is yes in line 2 of /etc/ssh/sshd_config",
        ),
        ("", PASSWORD, "passwordauthentication is yes by default"),
        (
            "PasswordAuthentication no\nUsePAM yes",
            PASSWORD,
            "kbdinteractiveauthentication is yes by default, with PAM",
        ),
        ("", KEY, "no list of users or groups keeps it out"),
        ("AllowUsers bob jane", KEY, "allowusers is bob jane"),
        ("DenyUsers bob", KEY, "denyusers is bob"),
        ("PubkeyAuthentication no", KEY, "pubkeyauthentication is no in line 2 of /etc/ssh/sshd_config"),
    ],
)
def test_what_decides(text: str, by: str, why: str) -> None:
    host = configured(text)
    assert decision(host, "bob", host.users["bob"], by, OUTSIDE)[1] == why


def test_a_locked_account_gets_in_by_its_key_with_pam_only() -> None:
    with_pam, without = (
        configured(f"UsePAM {value}", then="passwd -l bob\nsystemctl reload ssh") for value in ("yes", "no")
    )
    assert (ways(with_pam), ways(without)) == ("key", "")
    why = decision(without, "bob", without.users["bob"], KEY, OUTSIDE)[1]
    assert why == "the account is locked, and usepam is no in line 2 of /etc/ssh/sshd_config"


def test_the_program_tests_and_prints_the_files() -> None:
    assert said("sshd -t && echo right").out == "right\n"
    assert said("echo 'Ports 22' >> /etc/ssh/sshd_config; sshd -t || echo wrong").out == "wrong\n"
    printed = said(
        "echo 'AllowUsers bob' >> /etc/ssh/sshd_config; sshd -T | grep -E 'x11|allowusers|permitroot'"
    ).out
    assert printed == "permitrootlogin prohibit-password\nx11forwarding yes\nallowusers bob\n"
    with pytest.raises(NotJudged, match="sshd -D"):
        said("sshd -D")


def test_a_hangup_makes_sshd_read_its_files():
    then = "sshd -t -f /etc/ssh/sshd_config && kill -HUP $(pgrep -o sshd)"
    assert ways(configured("PasswordAuthentication no", then=then)) == "key"
    assert ways(configured("PasswordAuthentication no", then="kill -CONT $(pgrep sshd)")) == "key password"
