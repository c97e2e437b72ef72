"""Tests of `simulate.node.listing`: the order of configuration files."""

from __future__ import annotations

import pytest

from tests.simulate.node.sample import after
from trainer.errors import NotJudged
from trainer.simulate.node.listing import in_order, lines_of, text_of
from trainer.simulate.shell.filesystem import File

FOLDERS = ("/etc/sysctl.d", "/run/sysctl.d", "/usr/lib/sysctl.d")


def test_files_are_read_by_name_and_the_first_directory_wins():
    host = after(
        "echo a > /usr/lib/sysctl.d/10-net.conf; echo b > /usr/lib/sysctl.d/05-a.conf; echo c > /etc/sysctl.d/99.txt"
    )
    assert list(in_order(host, FOLDERS)) == ["/usr/lib/sysctl.d/05-a.conf", "/etc/sysctl.d/10-net.conf"]


def test_comments_and_blank_lines_do_not_count():
    host = after("printf '# a\\n\\n  b = 1\\n; c\\n' > /etc/sysctl.d/a.conf")
    assert list(lines_of(host, "/etc/sysctl.d/a.conf", "#;")) == ["b = 1"]
    assert text_of(host, "/etc/none") == "" == text_of(host, "/etc")


def test_unknown_content_is_not_judged():
    host = after("true")
    host.files.put("/etc/x", File("/etc/x"))
    with pytest.raises(NotJudged, match="/etc/x"):
        text_of(host, "/etc/x")
